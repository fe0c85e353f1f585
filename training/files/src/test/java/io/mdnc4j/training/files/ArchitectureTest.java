package io.mdnc4j.training.files;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.mdnc4j.architecture.LibraryRules;

@AnalyzeClasses(
        packages = {"io.mdnc4j.training.arrays", "io.mdnc4j.training.files", "io.mdnc4j.training.objects"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests RULES = ArchTests.in(LibraryRules.class);
}
