package io.mdnc4j.training.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.mdnc4j.architecture.ModuleRules;

/** All modules together, of which this one has every other on its class path. */
@AnalyzeClasses(
        packages = {"io.mdnc4j.blocks", "io.mdnc4j.zoo", "io.mdnc4j.training"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests RULES = ArchTests.in(ModuleRules.class);

    /** Each module is used by those after it only; files know nothing of networks, search nothing of plots. */
    @ArchTest
    static final ArchRule MODULES_USE_EACH_OTHER_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.mdnc4j..")
            .layer("blocks")
            .definedBy("io.mdnc4j.blocks..")
            .layer("zoo")
            .definedBy("io.mdnc4j.zoo..")
            .layer("files")
            .definedBy("io.mdnc4j.training.arrays..", "io.mdnc4j.training.files..", "io.mdnc4j.training.objects..")
            .layer("predict")
            .definedBy("io.mdnc4j.training.predict..")
            .layer("fit")
            .definedBy(
                    "io.mdnc4j.training.data..",
                    "io.mdnc4j.training.fit..",
                    "io.mdnc4j.training.loss..",
                    "io.mdnc4j.training.metrics..",
                    "io.mdnc4j.training.task..")
            .layer("report")
            .definedBy("io.mdnc4j.training.plots..", "io.mdnc4j.training.run..")
            .layer("search")
            .definedBy("io.mdnc4j.training.search..")
            .layer("cli")
            .definedBy("io.mdnc4j.training.cli..", "io.mdnc4j.training.options..", "io.mdnc4j.training.verify..")
            .whereLayer("zoo")
            .mayOnlyBeAccessedByLayers("predict", "fit", "report", "search", "cli")
            .whereLayer("files")
            .mayOnlyBeAccessedByLayers("predict", "fit", "report", "search", "cli")
            .whereLayer("predict")
            .mayOnlyBeAccessedByLayers("fit", "report", "search", "cli")
            .whereLayer("fit")
            .mayOnlyBeAccessedByLayers("report", "search", "cli")
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("search")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .ensureAllClassesAreContainedInArchitecture();
}
