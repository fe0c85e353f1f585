package io.mdnc4j.training.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.zoo.ModelDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** On workers that are processes of their own. */
class SparkTrainTest {
    private static JavaSparkContext spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        spark = LocalCluster.start();
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void aRunIsKeptInItsStoreAndContinued() throws IOException {
        Path config = Files.writeString(
                folder.resolve("config.json"),
                "{\"model\": \"resnet.ae1d\", \"data\": \"ecg\", \"channel\": 8, \"layers\": [1, 1], \"epochs\": 2}");
        Path store = folder.resolve("store");
        String[] command = {
            "--config",
            config.toString(),
            "--workers",
            "2",
            "--average-every",
            "8",
            "--store",
            store.toUri().toString()
        };
        assertEquals(0, SparkTrain.run(spark, command));
        List<String> history = Files.readAllLines(store.resolve("history.csv"));
        assertEquals(3, history.size());
        assertTrue(loss(history.get(2)) < loss(history.get(1)), history.toString());
        assertEquals(16, json(store, "metrics.json").get("steps").asInt());

        assertEquals(0, SparkTrain.run(spark, "--store", store.toUri().toString(), "--epochs", "3"));
        assertEquals(history, Files.readAllLines(store.resolve("history.csv")).subList(0, 3));
        assertEquals(3, json(store, "metrics.json").get("epochs").asInt());
        predictsAFolder(store);
    }

    @Test
    void moreWorkersThanSamplesOfABatchAreRefused() throws IOException {
        assertEquals(2, SparkTrain.run(spark, "resnet.ae1d", "--data=ecg", "--batch=4", "--workers=5", "--epochs=1"));
    }

    /** A folder of one's own, in windows; what the run's file says is what was done. */
    @Test
    void ownDataAreCutNormalisedAndContinued() throws IOException {
        Path data = folder.resolve("own");
        for (int i = 0; i < 9; i++) {
            INDArray ramp = Nd4j.arange(i, i + 40).castTo(DataType.FLOAT);
            for (String part : List.of("inputs", "targets")) {
                Files.createDirectories(data.resolve(part));
                ArrayFiles.write(
                        data.resolve(part).resolve(i + ".npy"),
                        new StoredArray(part.equals("inputs") ? ramp : ramp.neg(), false, ElementType.FLOAT32));
            }
        }
        Path store = folder.resolve("store");
        List<String> command = List.of(
                "conv.ae1d",
                "--data=" + data,
                "--patch=16",
                "--task=denoising",
                "--normalize=set",
                "--augment=flip,noise",
                "--split=0.2,0.2",
                "--split-seed=3",
                "--channel=4",
                "--layers=1,1",
                "--batch=4",
                "--epochs=2",
                "--workers=2",
                "--store",
                store.toUri().toString());
        assertEquals(0, SparkTrain.run(spark, command.toArray(String[]::new)));
        JsonNode config = json(store, "config.json");
        for (String option : command.subList(1, 11)) {
            String[] given = option.substring(2).split("=");
            JsonNode kept = config.path(given[0].replace('-', '_'));
            String text = kept.isArray() ? kept.toString().replaceAll("[\\[\\]]", "") : kept.asText();
            assertEquals(given[1], text, given[0]);
        }
        for (String option : List.of("threads", "backend", "read_ahead", "accumulate", "ui")) {
            assertFalse(config.has(option), option + " has no effect here");
        }
        ModelDescription model = Predictor.read(store.resolve("model.zip")).description();
        assertEquals(List.of(1L, 16L), model.inputShape());
        assertEquals("denoising", model.task());
        assertEquals(
                ModelDescription.Normalization.By.SET, model.normalization().by());

        assertEquals(0, SparkTrain.run(spark, "--store", store.toUri().toString(), "--epochs", "3"));
        assertEquals(3, json(store, "metrics.json").get("epochs").asInt());
        assertEquals(config.get("data_sha256"), json(store, "config.json").get("data_sha256"));
        assertEquals(2, SparkTrain.run(spark, "--store", store.toUri().toString(), "--patch", "8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--patch=16",
                "--augment=flip",
                "--task=denoising",
                "--normalize=none",
                "--read-ahead=2",
                "--threads=1",
                "--backend=cpu",
                "--accumulate=2",
                "--ui",
                "--average-every=0",
                "--workers=0"
            })
    void whatHasNoEffectIsRefused(String option) throws IOException {
        assertEquals(2, SparkTrain.run(spark, "resnet.ae1d", "--data=ecg", "--batch=4", "--epochs=1", option), option);
    }

    private void predictsAFolder(Path store) throws IOException {
        Path input = Files.createDirectories(folder.resolve("input"));
        double[] samples = Signal.ecg().samples();
        for (int i = 0; i < 3; i++) {
            StringBuilder lines = new StringBuilder();
            for (int n = 0; n < 700; n++) {
                lines.append(samples[1000 * i + n]).append('\n');
            }
            Files.writeString(input.resolve(i + ".csv"), lines);
        }
        Files.writeString(input.resolve("broken.csv"), "1\nx\n");
        Path output = folder.resolve("output");
        int code = SparkPredict.run(
                spark,
                "--model=" + store.resolve("model.zip").toUri(),
                "--input=" + input.toUri(),
                "--output=" + output.toUri());
        assertEquals(1, code, "one file is broken");
        Predictor local = Predictor.read(store.resolve("model.zip"));
        for (int i = 0; i < 3; i++) {
            double[] signal =
                    Signal.read(input.resolve(i + ".csv"), Signal.ECG_RATE).samples();
            INDArray here = local.predict(
                    Nd4j.createFromArray(signal).castTo(DataType.FLOAT).reshape(1, 700));
            double[] there =
                    Signal.read(output.resolve(i + ".csv"), Signal.ECG_RATE).samples();
            assertArrayEquals(here.data().asDouble(), there, 1e-5, i + ".csv");
        }
    }

    /** The batches of a lost worker are drawn again, the same ones; Spark starts another worker in its place. */
    @Test
    void aKilledWorkerDoesNotStopTheRun() throws Exception {
        Path store = folder.resolve("store");
        Thread killer = new Thread(() -> {
            while (!Files.exists(store.resolve("history.csv")) || epochs(store) < 1) {
                sleep();
            }
            workers().findFirst().orElseThrow().destroyForcibly();
        });
        long before = workers().count();
        killer.start();
        int code = SparkTrain.run(
                spark,
                "resnet.ae1d",
                "--data=ecg",
                "--channel=8",
                "--layers=1,1",
                "--epochs=6",
                "--workers=2",
                "--average-every=4",
                "--store",
                store.toUri().toString());
        killer.join();
        assertEquals(2, before);
        assertEquals(0, code);
        assertEquals(7, Files.readAllLines(store.resolve("history.csv")).size());
        assertEquals(96, json(store, "metrics.json").get("steps").asInt());
    }

    private static Stream<ProcessHandle> workers() {
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info().command().orElse("").endsWith("java"));
    }

    private static int epochs(Path store) {
        try {
            return Files.readAllLines(store.resolve("history.csv")).size() - 1;
        } catch (IOException e) {
            return 0;
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double loss(String row) {
        return Double.parseDouble(row.split(",")[4]);
    }

    private static JsonNode json(Path store, String name) throws IOException {
        return new ObjectMapper().readTree(store.resolve(name).toFile());
    }
}
