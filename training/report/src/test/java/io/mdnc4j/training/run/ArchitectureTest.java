package io.mdnc4j.training.run;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.mdnc4j.architecture.ModuleRules;

@AnalyzeClasses(
        packages = {"io.mdnc4j.training.plots", "io.mdnc4j.training.run"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests RULES = ArchTests.in(ModuleRules.class);
}
