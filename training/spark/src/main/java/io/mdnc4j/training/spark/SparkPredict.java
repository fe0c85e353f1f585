package io.mdnc4j.training.spark;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.PlainText;
import io.mdnc4j.training.cli.Main;
import io.mdnc4j.training.files.ArrayFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.datavec.spark.util.BroadcastHadoopConfigHolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a trained network over the files of a folder, as a Spark job. */
@Command(
        name = "spark-predict",
        description = "Runs a trained network over all files of a folder, on Spark.",
        footer = {
            "",
            "Reads and writes the formats of predict; prints FILE,RESULT, the result's name, or the class or numbers of the file."
        },
        mixinStandardHelpOptions = true)
public final class SparkPredict implements Callable<Integer> {
    private final JavaSparkContext spark;

    @Option(names = "--model", required = true, paramLabel = "URI", description = "model.zip of a training")
    private String model;

    @Option(names = "--input", required = true, paramLabel = "URI", description = "folder with the inputs")
    private String input;

    @Option(names = "--output", required = true, paramLabel = "URI", description = "folder for the outputs")
    private String output;

    @Option(names = "--format", paramLabel = "SUFFIX", description = "format of the results (default: the input's)")
    private String format;

    @Option(names = "--batch", paramLabel = "N", description = "windows at a time (default: 16)")
    private int batch = 16;

    @Option(names = "--config", paramLabel = "FILE", description = "JSON object with defaults of options")
    private String config;

    @Spec
    private CommandSpec spec;

    SparkPredict(JavaSparkContext spark) {
        this.spark = spark;
    }

    /** Runs the command in a Spark application. */
    public static void main(String[] args) {
        int code;
        try (JavaSparkContext spark = Contexts.create("mdnc4j predict")) {
            code = run(spark, args);
        }
        System.exit(code);
    }

    /**
     * Runs the command; prints {@code file,result} of each.
     *
     * @return exit code: 0 done, 1 some files could not be used, 2 bad input
     */
    public static int run(JavaSparkContext spark, String... args) {
        return Main.run(new SparkPredict(spark), args);
    }

    @Override
    public Integer call() throws IOException {
        Store models = new Store(model.replaceFirst("/[^/]*$", ""), spark.hadoopConfiguration());
        Store inputs = new Store(input, spark.hadoopConfiguration());
        String name = model.substring(model.lastIndexOf('/') + 1);
        ArgumentException.require(
                models.has(name), "model", model + " is not there", "give the model.zip of a training");
        List<String> files = inputs.files().stream()
                .filter(file -> ArrayFiles.suffix(Path.of(file)).isPresent())
                .toList();
        ArgumentException.require(
                !files.isEmpty(),
                "input",
                input + " has no files of a known format",
                "give a folder with " + ArrayFiles.suffixes() + " files");
        spark.addFile(model);
        List<FolderPredictions.Outcome> outcomes = spark.parallelize(
                        files, Math.min(files.size(), spark.defaultParallelism()))
                .mapPartitions(new FolderPredictions(
                        name, input, output, format, batch, BroadcastHadoopConfigHolder.get(spark)))
                .collect();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        outcomes.forEach(
                outcome -> (outcome.failed() ? err : out).println(PlainText.of(outcome.file() + "," + outcome.text())));
        out.flush();
        err.flush();
        return outcomes.stream().anyMatch(FolderPredictions.Outcome::failed) ? 1 : 0;
    }
}
