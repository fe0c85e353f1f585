package io.mdnc4j.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.simple.fixture.BindingLike;

/** The rules find what is wrong. */
class ModuleRulesTest {
    private static final JavaClasses WRONG =
            new ClassFileImporter().importPackages(ModuleRulesTest.class.getPackageName() + ".wrong");

    private static List<String> violations(ArchRule rule, JavaClasses classes) {
        EvaluationResult result = rule.evaluate(classes);
        return result.getFailureReport().getDetails();
    }

    @Test
    void cyclesAreFound() {
        List<String> found = violations(ModuleRules.PACKAGES_HAVE_NO_CYCLES, WRONG);
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.get(0).contains("wrong.one") && found.get(0).contains("wrong.two"), found.get(0));
    }

    @Test
    void internalsOfOthersAreFound() {
        List<String> found = violations(ModuleRules.INTERNALS_ARE_USED_AT_HOME, WRONG);
        assertTrue(!found.isEmpty(), "none");
        assertTrue(found.stream().allMatch(line -> line.contains("one.Intruder")), found.toString());
    }

    @Test
    void internalsInSignaturesAreFound() {
        List<String> found = violations(ModuleRules.INTERNALS_STAND_IN_NO_SIGNATURE, WRONG);
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.get(0).contains("Intruder.hidden()"), found.get(0));
    }

    @Test
    void loggingBindingsAreFound() {
        JavaClasses self = new ClassFileImporter().importClasses(Binding.class);
        assertTrue(ModuleRules.NO_LOGGING_BINDINGS.evaluate(self).hasViolation());
    }

    private static final class Binding {
        final BindingLike binding = new BindingLike();
    }
}
