package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mdnc4j.blocks.Tuning;
import io.mdnc4j.training.metrics.SignalToNoise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest extends CommandLineTest {
    private static final String MODEL = "resnet.ae1d";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "'', no command",
        "nonsense, nonsense",
        "train, MODEL",
        "train resnet.ae1d, --data",
        "train nothing --data ecg, nothing",
        "train resnet.ea1d --data ecg, resnet.ae1d",
        "train resnet.ae2d --data ecg, dimensions",
        "train conv.encoder1d --data ecg, size",
        "train resnet.ae1d --data ecg --layers 2, layers",
        "train resnet.ae1d --data ecg --ui, mvn -Pui",
        "train resnet.ae1d --data ecg --ui-port 9001, without --ui",
        "train resnet.ae1d --data ecg --ui --ui-port 65536, 65536",
        "'train resnet.ae1d --data ecg --layers 2,0', layers",
        "train resnet.ae1d --data ecg --kernel-size 4, --kernel-size",
        "train resnet.ae1d --data ecg --stride 2, stride",
        "train resnet.ae1d --data ecg --read-ahead -1, read-ahead",
        "train resnet.ae1d --data ecg --max-array 0, --max-array: 0",
        "train resnet.ae1d --data ecg --max-array 8796093022208, --max-array",
        "train resnet.ae1d --data ecg --max-array 1.5, --max-array",
        "train resnet.ae1d --data ecg --batch 2147483647, --batch: 2147483647; give the samples of a batch",
        "summary resnet.ae1d, layers",
        "'summary resnet.ae1d --layers 2,2', input",
        "'summary resnet.ae1d --input 3,64,64 --layers 2,2', input",
        "'summary resnet.ae1d --input 3,64 --layers 2,2', input",
        "'summary conv.decoder1d --layers 2,2', --out-size",
        "summary resnet.BlockPlain2d --normalizer layer, normalizer",
        "summary resnet.BlockPlain2d, --in-planes",
        "summary resnet.BlockPlain2d --channel 3, channel",
        "'summary conv.unet2d --layers 2,2 --input 1,8,8 --channel 2147483647', --channel",
        "list zzz*, zzz",
        "list [, no pattern",
        "verify nowhere, nowhere",
        "verify nowhere --precision half, precision",
        "train resnet.ae1d --data ecg --precision bf16, '--precision: bf16; leave it out: training is in float'",
        "evaluate digits --data digits --precision half, 'use one of float, bf16'",
        "'bench resnet.ae1d --layers 2,2 --input 1,8 --mode train --precision bf16', training is in float",
        "bench resnet.ae1d, layers",
        "'bench resnet.ae1d --layers 2,2 --input 1,8 --steps 2147483647', --steps",
        "'bench resnet.ae1d --layers 2,2 --input 1,8 --batch 0', --batch",
        "'bench resnet.ae1d --layers 2,2 --input 1,8 --format csv', --format",
        "train resnet.ae1d --data no/such.csv, no/such.csv",
        "train resnet.ae1d --data ecg --steps x, x",
        "train resnet.ae1d --data ecg --steps 0, steps",
        "train resnet.ae1d --data ecg --steps 1 --minutes 1, exclude",
        "train resnet.ae1d --data ecg --batch 0, batch",
        "train resnet.ae1d --data ecg --learning-rate -1, -1.0",
        "train resnet.ae1d --data ecg --threads 0, threads",
        "train resnet.ae1d --data ecg --config none.json, none.json",
        "train --resume nowhere, nowhere",
        "import --output m.zip, --weights",
        "import --weights no/such.pth --output m.zip, no/such.pth",
        "import --weights pom.xml --output m.zip, neither",
        "import --weights pom.xml --output no/such/m.zip, output",
        "import --weights ../../src/reference/checkpoints/layouts/weights.pth --output m.zip, none of the networks",
        "import --weights ../../src/reference/checkpoints/ckpt-resnet-AE1d/weights.pth --output m.zip --key ema, key",
        "import conv.unet2d --weights ../../src/reference/checkpoints/ckpt-resnet-AE1d/weights.pth --output m.zip, resnet.ae1d",
        "import resnet.ae16-1d --weights ../../src/reference/checkpoints/ckpt-resnet-AE1d/weights.pth --output m.zip, misshapen",
        "import --channel 2 --weights ../../src/reference/checkpoints/ckpt-resnet-AE1d/weights.pth --output m.zip, MODEL",
        "export m.zip, --output",
        "export no/such.zip --output m.onnx, no/such.zip",
        "export pom.xml --output m.onnx, pom.xml",
        "export m.zip --output m.npy, .safetensors",
        "export m.zip --output m.onnx --format keras, format",
        "export m.zip --output no/such/m.onnx, output",
        "export pom.xml --output pom.xml --format pth, the model itself",
        "train resnet.unet2d --data digits, encoder2d",
        "train conv.encoder3d --data brain, resnet.ae3d",
        "train conv.encoder2d --data digits --out-length 3, suit the data",
        "train conv.unet3d --data brain --out-planes 1, suit the data",
        "train resnet.ae1d --data ecg --schedule sine, one-cycle",
        "train resnet.ae1d --data ecg --updater adan, adamw",
        "train resnet.ae1d --data ecg --accumulate 0, accumulate",
        "train resnet.ae1d --data ecg --clip-norm 1 --clip-value 1, 1.0",
        "evaluate none.zip --data ecg, none.zip",
        "evaluate digits --data digits --batch 0, --batch",
        "doctor --bogus, --bogus",
        "doctor --threads -1, --threads"
    })
    void badInputIsOneLine(String line, String expected) {
        assertEquals(2, run(line.isEmpty() ? new String[0] : line.split(" ")));
        assertTrue(err.startsWith("mdnc4j: ") && err.contains(expected), err);
        assertEquals(1, err.strip().lines().count(), err);
        assertEquals("", out);
        assertFalse(Files.exists(Path.of("runs")));
    }

    @Test
    void helpGoesToStandardOutput() {
        assertEquals(0, run("train", "--help"));
        assertTrue(out.contains("--learning-rate"), out);
        assertEquals("", err);
    }

    @Test
    void refusesAnOutputThatIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(2, run("train", MODEL, "--data", "ecg", "--output", file.toString()));
        assertEquals(1, err.strip().lines().count(), err);
        assertTrue(err.contains(file.toString()), err);
    }

    @Tag("long")
    @Test
    void configurationGivesDefaults() throws IOException {
        Path config = Files.writeString(
                folder.resolve("config.json"),
                "{\"model\": \"" + MODEL + "\", \"data\": \"ecg\", \"learning_rate\": 0.01, \"batch\": 4, \"steps\": 9,"
                        + " \"name\": \"a\", \"output\": \"" + folder + "\"}");
        assertEquals(0, run("train", "--config", config.toString(), "--epochs", "1", "--batch", "512"), err);
        assertTrue(out.contains("(2 steps)"), out);
        JsonNode written = new ObjectMapper()
                .readTree(folder.resolve("a").resolve("config.json").toFile());
        assertEquals(0.01, written.get("learning_rate").asDouble());
        assertEquals(512, written.get("batch").asInt());
        assertFalse(written.has("steps"));

        assertEquals(0, run("train", "--resume", folder.resolve("a").toString(), "--epochs", "2"), err);
        assertTrue(out.contains("(4 steps)"), out);
        assertEquals(2, run("train", "other", "--resume", folder.resolve("a").toString()));
    }

    @Test
    void wholeNumbersInConfigurationsMayHaveExponents() throws IOException {
        String[] command = {
            "summary",
            MODEL,
            "--input",
            "1,64",
            "--config",
            folder.resolve("c.json").toString()
        };
        Files.writeString(folder.resolve("c.json"), "{\"layers\": [1, 2], \"channel\": 20, \"batch\": 1000}");
        assertEquals(0, run(command), err);
        String plain = out;
        Files.writeString(folder.resolve("c.json"), "{\"layers\": [1.0, 2e0], \"channel\": 2e1, \"batch\": 1e3}");
        assertEquals(0, run(command), err);
        assertEquals(plain, out);
        for (String wrong : new String[] {"1.5", "1e99", "1e-3"}) {
            Files.writeString(folder.resolve("c.json"), "{\"layers\": [1, 2], \"batch\": " + wrong + "}");
            assertEquals(2, run(command), err);
            assertTrue(err.contains("--batch") && !err.contains("long"), err);
        }
    }

    @Tag("long")
    @Test
    void aRunIsRepeatedByItsOptionsAndMeasuredByItsModel() throws IOException {
        String runs = folder.toString();
        assertEquals(
                0,
                run("train conv.encoder2d --data digits --channel 4 --layers 1,1 --steps 3 --seed 7 --updater adamw"
                        .concat(" --schedule poly --name a --output " + runs)
                        .split(" ")),
                err);
        Path config = folder.resolve("a/config.json");
        assertEquals(0, run("train", "--config", config.toString(), "--name", "b", "--output", runs), err);
        assertEquals(withoutTimes("a"), withoutTimes("b"));
        assertEquals(Files.readString(config), Files.readString(folder.resolve("b/config.json")));

        String model = folder.resolve("a/model.zip").toString();
        assertEquals(0, run("evaluate", model, "--data", "digits", "--format", "csv"), err);
        assertTrue(out.startsWith("metric,value,low,high\naccuracy,"), out);
        assertEquals(
                new ObjectMapper()
                        .readTree(folder.resolve("a/metrics.json").toFile())
                        .get("test_accuracy"),
                new ObjectMapper()
                        .readTree(folder.resolve("a/evaluation-digits.json").toFile())
                        .at("/metrics/accuracy"));
        assertEquals(
                501,
                Files.readAllLines(folder.resolve("a/evaluation-digits.csv")).size());
        assertEquals(2, run("evaluate", model, "--data", "brain"));
        assertTrue(err.contains("classification"), err);

        Files.writeString(config, Files.readString(config).replaceFirst("(data_sha256\" : \")...", "$1000"));
        assertEquals(2, run("train", "--config", config.toString(), "--name", "c", "--output", runs));
        assertTrue(err.contains("has changed"), err);
        assertEquals(2, run("train", "--resume", folder.resolve("a").toString()));
        assertFalse(Files.exists(folder.resolve("c")));
    }

    /** Whatever the machine would choose at the time. */
    @Tag("long")
    @Test
    void aTunedRunIsRepeatedInItsWays() throws IOException {
        String runs = folder.toString();
        String train = "train conv.encoder2d --data digits --channel 16 --layers 1,1 --steps 2 --seed 7 --name ";
        ObjectMapper mapper = new ObjectMapper();
        Path config = folder.resolve("a/config.json");
        System.setProperty(Tuning.PROPERTY, "on");
        try {
            assertEquals(0, run((train + "a --output " + runs).split(" ")), err);
        } finally {
            System.clearProperty(Tuning.PROPERTY);
        }
        ObjectNode options = (ObjectNode) mapper.readTree(config.toFile());
        ObjectNode kernels = (ObjectNode) options.get("convolution_ways");
        assertTrue(kernels.size() > 6, kernels.toString());
        kernels.properties().forEach(entry -> entry.setValue(TextNode.valueOf("blocked")));
        mapper.writeValue(config.toFile(), options);

        assertEquals(0, run("train", "--config", config.toString(), "--name", "b", "--output", runs), err);
        assertFalse(err.contains("fixed rules"), err);
        Path again = folder.resolve("b/config.json");
        assertEquals(kernels, mapper.readTree(again.toFile()).get("convolution_ways"));
        assertEquals(0, run("train", "--config", again.toString(), "--name", "c", "--output", runs), err);
        assertEquals(withoutTimes("b"), withoutTimes("c"));

        assertEquals(0, run((train + "plain --output " + runs).split(" ")), err);
        assertFalse(
                mapper.readTree(folder.resolve("plain/config.json").toFile()).has("convolution_ways"));

        options.set("convolution_ways", mapper.createObjectNode().put("another machine: forward", "blocked"));
        mapper.writeValue(config.toFile(), options);
        assertEquals(0, run("train", "--config", config.toString(), "--name", "d", "--output", runs), err);
        assertTrue(err.contains("of another processor"), err);
        assertEquals(withoutTimes("plain"), withoutTimes("d"));
        options.set("convolution_ways", mapper.createArrayNode());
        mapper.writeValue(config.toFile(), options);
        assertEquals(2, run("train", "--config", config.toString(), "--name", "e", "--output", runs));
        assertTrue(err.contains("convolution_ways"), err);
    }

    @Tag("long")
    @Test
    void signalsInFilesAreDenoised() throws IOException {
        assertEquals(
                0,
                run(("train resnet.ae1d --data ecg --channel 4 --layers 1,1 --steps 30 --batch 256 --name a --output "
                                + folder)
                        .split(" ")),
                err);
        String model = folder.resolve("a/model.zip").toString();
        StringBuilder csv = new StringBuilder("mV\n");
        Random random = new Random(1);
        double[] clean = new double[1300];
        double[] noisy = new double[1300];
        for (int i = 0; i < clean.length; i++) {
            clean[i] = 5 + Math.sin(i / 15.0);
            noisy[i] = clean[i] + 0.35 * random.nextGaussian();
            csv.append(noisy[i]).append('\n');
        }
        Path file = Files.writeString(folder.resolve("wave.csv"), csv);
        Path output = folder.resolve("out");
        assertEquals(0, run("predict", model, file.toString(), "--output", output.toString()), err);
        assertEquals(output.resolve("wave.csv") + System.lineSeparator(), out);
        List<String> lines = Files.readAllLines(output.resolve("wave.csv"));
        assertEquals("mV", lines.get(0));
        double[] denoised =
                lines.stream().skip(1).mapToDouble(Double::parseDouble).toArray();
        assertTrue(
                SignalToNoise.decibel(clean, denoised) > SignalToNoise.decibel(clean, noisy) + 3,
                SignalToNoise.decibel(clean, denoised) + " dB");

        assertEquals(2, run("predict", model, file.toString(), "--output", folder.toString()));
        assertTrue(err.contains("inputs"), err);
        assertEquals(2, run("predict", model, folder.resolve("none.csv").toString()));
        assertTrue(err.contains("none.csv"), err);
        assertEquals(2, run("predict", model, model));
        assertTrue(err.contains("only models"), err);
        Path unknown = Files.writeString(folder.resolve("wave.sound"), "1\n2\n");
        assertEquals(2, run("predict", model, unknown.toString()));
        assertTrue(err.contains(".csv"), err);
    }

    private JsonNode withoutTimes(String name) throws IOException {
        ObjectNode metrics = (ObjectNode) new ObjectMapper()
                .readTree(folder.resolve(name).resolve("metrics.json").toFile());
        metrics.remove(List.of("train_seconds", "samples_per_second"));
        return metrics;
    }

    @Test
    void unknownKeysAreRefused() throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), "{\"learning-rat\": 1}");
        assertEquals(2, run("train", MODEL, "--data", "ecg", "--config", config.toString()));
        assertTrue(err.contains("learning-rat\"") && err.contains("learning-rate"), err);
        Files.writeString(config, "[1]");
        assertEquals(2, run("train", MODEL, "--data", "ecg", "--config", config.toString()));
        Files.writeString(config, "{\"a\": ");
        assertEquals(2, run("train", MODEL, "--data", "ecg", "--config", config.toString()));
        assertEquals(1, err.strip().lines().count(), err);
    }

    @Test
    void doctorAnswers() {
        assertEquals(0, run("doctor"), err);
        assertTrue(out.contains("GFLOP/s") && out.contains("oneDNN") && out.contains("CUDA"), out);
        if (System.getProperty("os.arch").equals("amd64")) {
            assertTrue(out.matches("(?s).*convolutions +oneDNN 3[.]\\d+[.]\\d+, \\w+.*kernels +.*\\w+:\\w+.*"), out);
        }
    }
}
