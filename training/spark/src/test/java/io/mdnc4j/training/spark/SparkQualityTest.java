package io.mdnc4j.training.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.training.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers that average reach what one machine does in as many passes over the data. */
@Tag("long")
class SparkQualityTest {
    private static final double DECIBEL = 0.5;

    @TempDir
    private Path folder;

    @Test
    void asGoodAsOneMachine() throws IOException {
        Path config = Files.writeString(
                folder.resolve("config.json"), "{\"model\": \"resnet.ae1d\", \"data\": \"ecg\", \"epochs\": 30}");
        assertEquals(
                0, Main.run("train", "--config", config.toString(), "--output", folder.toString(), "--name", "single"));
        Path store = folder.resolve("spark");
        try (JavaSparkContext spark = LocalCluster.start()) {
            assertEquals(
                    0,
                    SparkTrain.run(
                            spark, "--config", config.toString(), "--workers", "2", "--store", store.toString()));
        }
        List<String> losses = new ArrayList<>();
        for (String row : Files.readAllLines(store.resolve("history.csv"))) {
            losses.add(row.split(",")[4]);
        }
        System.out.println("validation losses on Spark: " + losses);
        assertEquals(snr(folder.resolve("single")), snr(store), DECIBEL);
    }

    private static double snr(Path run) throws IOException {
        return new ObjectMapper()
                .readTree(run.resolve("metrics.json").toFile())
                .get("test_snr_db")
                .asDouble();
    }
}
