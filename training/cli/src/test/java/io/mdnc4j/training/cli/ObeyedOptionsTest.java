package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.task.DataSource;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** No command accepts an option that it does not obey. */
class ObeyedOptionsTest {
    @TempDir
    Path folder;

    private String err;

    private int run(List<String> args) {
        PrintStream oldErr = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            return Main.run(args.toArray(String[]::new));
        } finally {
            System.setErr(oldErr);
            err = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private int run(String line) {
        return run(List.of(line.replace("RUNS", folder.toString()).split(" ")));
    }

    /** Each option of data is one of the description, and all of the description can be given somewhere. */
    @Test
    void optionsOfDataAreThoseOfTheirDescription() {
        Set<String> keys = new TreeSet<>();
        for (OptionSpec option : CommandLine.Model.CommandSpec.forAnnotatedObject(new DataOptions.OfSearch())
                .options()) {
            keys.add(ConfigFile.jsonKey(option));
        }
        assertEquals(new TreeSet<>(DataSource.names()), keys);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "evaluate digits --data digits --patch 8,8|--patch",
                "evaluate digits --data digits --normalize none|--normalize",
                "evaluate digits --data digits --augment flip|--augment",
                "evaluate digits --data digits --part all|part",
                "evaluate digits --data digits --sampling-rate 10|ate: 10.0",
                "evaluate digits --data digits --split 0.2,0.2|split",
                "train conv.encoder2d --data digits --steps 1 --sampling-rate 10|ate: 10.0",
                "train conv.encoder2d --data digits --steps 1 --dimensions 2|--dimensions",
                "train conv.encoder2d --data digits --steps 1 --cache 10|cache",
                "train conv.encoder2d --data digits --steps 1 --strict|strict",
                "train conv.encoder2d --data digits --find-lr --minutes 1|--minutes",
                "train conv.encoder2d --data digits --find-lr --learning-rate 1|--learning-rate",
                "train conv.encoder2d --data digits --find-lr --folds 3|--folds",
                "train conv.encoder2d --data digits --steps 1 --no-postprocessing|--no-postprocessing",
                "train conv.encoder2d --data digits --steps 1 --folds 1|--folds",
                "train resnet.unet1d --data ecg --steps 1 --folds 211|--folds: 211 of 210 windows",
                "train resnet.unet3d --data brain --steps 1 --folds 3 --split 0.1,0.1|--split",
                "predict digits no.png --no-postprocessing|postprocessing",
                "predict digits no.png --output here|--output",
                "predict digits no.png --format npy|--format",
                "predict digits no.png --probabilities|--probabilities",
                "predict digits no.png --overlap 0.25|--overlap",
                "predict digits no.png --padding zero|--padding",
                "predict digits no.png --window 8|--window",
                "predict ecg-denoiser no.csv --threshold 0.4|--threshold",
                "predict ecg-denoiser no.csv --probabilities|--probabilities",
                "evaluate ecg-denoiser --data ecg --threshold 0.4|--threshold",
                "evaluate digits --data digits --overlap 0.25|--overlap"
            })
    void whatHasNoEffectIsRefused(String line, String option) {
        assertEquals(2, run(line), err);
        assertTrue(err.contains(option), err);
        assertEquals(1, err.strip().lines().count(), err);
    }

    @Test
    void theRateThatWasFoundIsTrainedWith() throws Exception {
        String model = "train conv.encoder2d --data digits --output RUNS --channel 2 --layers 1,1 --batch 8 --steps ";
        assertEquals(0, run(model + "30 --name range --find-lr"), err);
        Path config = folder.resolve("range/config.json");
        double rate =
                ConfigFile.MAPPER.readTree(config.toFile()).get("learning_rate").asDouble();
        assertTrue(rate > 1e-5 && rate < 1, String.valueOf(rate));
        assertEquals(
                31,
                Files.readAllLines(folder.resolve("range/learning-rate.csv")).size(),
                "a line a step");
        assertTrue(Files.size(folder.resolve("range/learning-rate.png")) > 1000);
        assertEquals(0, run("train --config " + config + " --output RUNS --name trained --steps 1"), err);
        assertEquals(
                rate,
                ConfigFile.MAPPER
                        .readTree(folder.resolve("trained/config.json").toFile())
                        .get("learning_rate")
                        .asDouble());
    }

    @Tag("long")
    @Test
    void aRunThatGoesOnKeepsItsNetworkAndItsData() throws Exception {
        String model = "train conv.encoder2d --data digits --output RUNS --name r --channel 2 --layers 1,1 --batch 8";
        assertEquals(0, run(model + " --steps 1"), err);
        Path config = folder.resolve("r/config.json");
        String before = Files.readString(config);
        for (String other : List.of(
                "--channel 4",
                "--layers 1",
                "--loss focal",
                "--updater sgd",
                "--clip-norm 1",
                "--weight-decay 0.1",
                "--batch 16",
                "--seed 5",
                "--data ecg",
                "--name s",
                "--output elsewhere")) {
            List<String> args = new ArrayList<>(
                    List.of("train", "--resume", folder.resolve("r").toString()));
            args.addAll(List.of(other.split(" ")));
            assertEquals(2, run(args), () -> other + err);
            assertTrue(err.contains(other.split(" ")[0].substring(2)), err);
            assertEquals(before, Files.readString(config), other);
        }
        assertEquals(0, run("train --resume RUNS/r --steps 2 --learning-rate 0.01 --channel 2 --threads 2"), err);
    }
}
