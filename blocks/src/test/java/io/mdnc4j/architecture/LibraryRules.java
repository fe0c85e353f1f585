package io.mdnc4j.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;

/** What holds in every module that is not the command line itself. */
public final class LibraryRules {
    @ArchTest
    static final ArchTests MODULE_RULES = ArchTests.in(ModuleRules.class);

    /** What a server would get without using it. */
    @ArchTest
    static final ArchRule NOTHING_OF_THE_COMMAND_LINE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "org.knowm.xchart..", "me.tongfei.progressbar..");

    private LibraryRules() {}
}
