package io.mdnc4j.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;

/**
 * What holds in every module. A module has them tested by
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "io.mdnc4j.zoo", importOptions = ImportOption.DoNotIncludeTests.class)
 * class ArchitectureTest {
 *     @ArchTest
 *     static final ArchTests RULES = ArchTests.in(LibraryRules.class);
 * }
 * }</pre>
 */
public final class ModuleRules {
    private static final String INTERNAL = ".internal";

    /** Every package is a slice of its own, one that has others below it, too. */
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.mdnc4j.(**)").should().beFreeOfCycles();

    /** What is below {@code a.b.internal} is for {@code a.b} and what is below it. */
    @ArchTest
    static final ArchRule INTERNALS_ARE_USED_AT_HOME = classes().should(useInternalsOfTheirOwn());

    /** A user who may not name a type cannot do anything with it. */
    @ArchTest
    static final ArchRule INTERNALS_STAND_IN_NO_SIGNATURE =
            codeUnits().that(areForUsers()).should(haveNoInternalTypes()).allowEmptyShould(true);

    /** Which logging is used is for the program to say that a library becomes part of. */
    @ArchTest
    static final ArchRule NO_LOGGING_BINDINGS = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.slf4j.simple..",
                    "org.slf4j.impl..",
                    "org.slf4j.jul..",
                    "ch.qos.logback..",
                    "org.apache.log4j..",
                    "org.apache.logging..");

    private ModuleRules() {}

    private static boolean isInternal(JavaClass type) {
        return (type.getPackageName() + ".").contains(INTERNAL + ".")
                && type.getPackageName().startsWith("io.mdnc4j.");
    }

    private static ArchCondition<JavaClass> useInternalsOfTheirOwn() {
        return new ArchCondition<>("use internals of their own module only") {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                    JavaClass used = dependency.getTargetClass().getBaseComponentType();
                    if (!isInternal(used)) {
                        continue;
                    }
                    String owner = used.getPackageName()
                            .substring(0, used.getPackageName().indexOf(INTERNAL));
                    boolean home = (user.getPackageName() + ".").startsWith(owner + ".");
                    events.add(new SimpleConditionEvent(user, home, dependency.getDescription()));
                }
            }
        };
    }

    private static DescribedPredicate<JavaCodeUnit> areForUsers() {
        return DescribedPredicate.describe("are public or protected", unit -> {
            boolean open = unit.getModifiers().contains(JavaModifier.PUBLIC)
                    || unit.getModifiers().contains(JavaModifier.PROTECTED);
            return open && unit.getOwner().getModifiers().contains(JavaModifier.PUBLIC) && !isInternal(unit.getOwner());
        });
    }

    private static ArchCondition<JavaCodeUnit> haveNoInternalTypes() {
        return new ArchCondition<>("have no internal types in their signature") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                Stream.concat(unit.getRawParameterTypes().stream(), Stream.of(unit.getRawReturnType()))
                        .map(JavaClass::getBaseComponentType)
                        .filter(ModuleRules::isInternal)
                        .forEach(type -> events.add(SimpleConditionEvent.violated(
                                unit, unit.getFullName() + " has " + type.getName() + " in its signature")));
            }
        };
    }
}
