package io.mdnc4j.training.spark;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.cli.Main;
import io.mdnc4j.training.cli.TrainCommand;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.run.Run;
import io.mdnc4j.training.run.RunFolder;
import io.mdnc4j.training.task.DataSource;
import io.mdnc4j.training.task.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code train} on Spark, by parameter averaging, with the same options and files of options. Its steps are rounds: the
 * workers share {@code --average-every} batches, each fits its part of one after the other, then parameters and updater
 * states are averaged.
 */
@Command(name = "spark-train", description = "Trains a network on Spark by parameter averaging.")
public final class SparkTrain extends TrainCommand {
    private static final String STORE = "--store";

    private final JavaSparkContext spark;

    @Option(names = "--workers", paramLabel = "N", description = "tasks a round (default: Spark's parallelism)")
    private Integer workers;

    @Option(
            names = "--average-every",
            paramLabel = "N",
            description = "batches, shared among the workers, between two averages (default: 4)")
    private int averageEvery = 4;

    @Option(
            names = STORE,
            paramLabel = "URI",
            description = "folder on a Hadoop file system that keeps the run's files; a run found in it is continued")
    private String store;

    private TaskBatches batches;

    SparkTrain(JavaSparkContext spark) {
        this.spark = spark;
    }

    /** Runs the command in a Spark application; arguments are those of {@code train} and the three above. */
    public static void main(String[] args) throws IOException {
        int code;
        try (JavaSparkContext spark = Contexts.create("mdnc4j train")) {
            code = run(spark, args);
        }
        System.exit(code);
    }

    /**
     * Runs the command.
     *
     * @return exit code: 0 done, 1 failed, 2 bad input
     */
    public static int run(JavaSparkContext spark, String... args) throws IOException {
        return Main.run(new SparkTrain(spark), withStore(spark, args));
    }

    /** The local folder of a run with a store is a temporary one, where a run that the store has is continued. */
    private static String[] withStore(JavaSparkContext spark, String... args) throws IOException {
        List<String> list = new ArrayList<>(Arrays.asList(args));
        int at = list.indexOf(STORE);
        if (at < 0 || at + 1 >= list.size()) {
            return args;
        }
        Store store = new Store(list.get(at + 1), spark.hadoopConfiguration());
        Path local = Files.createTempDirectory("mdnc4j-run");
        if (store.has(RunFolder.CONFIG)) {
            store.get(local.resolve(store.name()));
            list.addAll(List.of("--resume", local.resolve(store.name()).toString()));
        } else {
            list.addAll(List.of("--output", local.toString(), "--name", store.name()));
        }
        return list.toArray(new String[0]);
    }

    @Override
    protected TrainingData load(DataSource source) {
        String name = source.data();
        if (TaskBatches.isRemote(name)) {
            ArgumentException.require(
                    ArrayFiles.suffix(Path.of(name)).isPresent(),
                    "data",
                    name,
                    "Spark copies single files; put a folder under the same path on every machine, and give that");
            spark.addFile(name);
        }
        TrainingData data = TaskBatches.load(source, super::note);
        batches = new TaskBatches(source.toJson(), data.fingerprint(), 1, 0);
        return data;
    }

    @Override
    protected void cut(DataSource source) {
        batches = new TaskBatches(source.toJson(), batches.fingerprint(), 1, 0);
    }

    @Override
    protected Map<String, String> withoutEffect() {
        String driver = "it would be the driver's only";
        String nothing = "a network learns on the workers, not where it could be shown";
        return Map.of(
                "--find-lr",
                "steps of one machine say little of averaged ones; test without Spark",
                "--folds",
                "on Spark a run has one network; train folds without it",
                "--accumulate",
                "on Spark, workers average parameters instead; see --average-every",
                "--read-ahead",
                "on Spark, workers draw each batch when it is its turn",
                "--threads",
                driver + "; give spark.task.cpus and spark.executorEnv.OMP_NUM_THREADS to Spark",
                "--max-array",
                driver + "; give spark.executor.extraJavaOptions=-Dmdnc4j.max-array=MIB to Spark",
                "--backend",
                driver + "; workers take what their build has",
                "--ui",
                nothing,
                "--ui-port",
                nothing);
    }

    @Override
    protected FitConfiguration settings(FitConfiguration given) {
        workers = workers == null ? Integer.valueOf(spark.defaultParallelism()) : workers;
        ArgumentException.require(workers >= 1, "workers", workers, "give 1 or more");
        ArgumentException.require(averageEvery >= 1, "averageEvery", averageEvery, "give 1 or more");
        // DL4J would mix unequal shares of several batches
        ArgumentException.require(
                given.batch() % workers == 0,
                "workers",
                workers + " cannot share each batch of " + given.batch() + " samples evenly",
                "give a number (without it, Spark's parallelism) that divides the batch");
        batches = new TaskBatches(batches.source(), batches.fingerprint(), given.batch(), given.seed());
        return given.withAccumulate(averageEvery);
    }

    @Override
    protected void prepare(Run run, RunFolder folder, FitConfiguration settings) {
        if (store != null) {
            folder.copyTo(new Store(store, spark.hadoopConfiguration())::put);
        }
        run.fitting(graph -> new SparkFitting(spark, graph, batches, workers, averageEvery));
    }
}
