package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** From a folder of files to a network and its results. */
class OwnDataTest extends CommandLineTest {
    private static final String[] SMALL = {"--channel", "4", "--layers", "1,1", "--batch", "4"};

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(5);

    private int train(String model, String name, Path data, String... more) {
        List<String> args = new ArrayList<>(List.of("train", model, "--data", data.toString(), "--name", name));
        args.addAll(List.of("--output", folder.resolve("runs").toString()));
        args.addAll(List.of(SMALL));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private Path model(String name) {
        return folder.resolve("runs").resolve(name).resolve("model.zip");
    }

    private double metric(String name, String key) throws IOException {
        JsonNode metrics = new ObjectMapper()
                .readTree(folder.resolve("runs")
                        .resolve(name)
                        .resolve("metrics.json")
                        .toFile());
        assertTrue(metrics.has(key), metrics.toString());
        return metrics.get(key).asDouble();
    }

    private static void write(Path file, double[] values, ElementType type, boolean channels, long... shape)
            throws IOException {
        Files.createDirectories(file.getParent());
        ArrayFiles.write(file, new StoredArray(Nd4j.createFromArray(values).reshape('c', shape), channels, type));
    }

    /** A bright rectangle on a darker, noisy ground; values of the mask are 0 and 255. */
    private void picture(Path image, Path mask, int rows, int columns) throws IOException {
        double[] pixels = new double[rows * columns];
        double[] inside = new double[pixels.length];
        int top = random.nextInt(rows / 2);
        int left = random.nextInt(columns / 2);
        for (int i = 0; i < pixels.length; i++) {
            int row = i / columns - top;
            int column = i % columns - left;
            boolean in = row >= 0 && row < rows / 2 && column >= 0 && column < columns / 2;
            inside[i] = in ? 255 : 0;
            pixels[i] = (in ? 150 : 60) + random.nextInt(60);
        }
        write(image, pixels, ElementType.UINT8, true, 1, rows, columns);
        write(mask, inside, ElementType.UINT8, true, 1, rows, columns);
    }

    /** Noisy signals and nothing else; the same with clean ones to measure with, and in noisy pairs. */
    @Tag("long")
    @Test
    void noiseIsTakenOutWithoutCleanFiles() throws IOException {
        for (int i = 0; i < 10; i++) {
            double phase = random.nextDouble(6);
            double[] clean = new double[300];
            double[] noisy = new double[clean.length];
            double[] again = new double[clean.length];
            for (int t = 0; t < clean.length; t++) {
                clean[t] = 5 + Math.sin(t / 8.0 + phase);
                noisy[t] = clean[t] + 0.5 * random.nextGaussian();
                again[t] = clean[t] + 0.5 * random.nextGaussian();
            }
            write(folder.resolve("alone/" + i + ".npy"), noisy, ElementType.FLOAT32, true, 1, noisy.length);
            write(folder.resolve("again/" + i + ".npy"), again, ElementType.FLOAT32, true, 1, noisy.length);
            write(folder.resolve("clean/" + i + ".npy"), clean, ElementType.FLOAT32, true, 1, noisy.length);
        }
        String[] blind = {"--supervision", "blind-spots", "--steps", "90", "--seed", "1"};
        Path alone = folder.resolve("alone");
        assertEquals(0, train("conv.unet1d", "blind", alone, blind), () -> err);
        assertTrue(err.contains("targets        none: errors are those at blind spots"), err);
        assertTrue(out.contains("noisy_rmse of 2 test examples") && out.contains("the value of a neighbour"), out);
        // of the noise in the values themselves nothing can be taken away
        assertTrue(metric("blind", "test_noisy_rmse") < metric("blind", "baseline_noisy_rmse"), out);
        assertTrue(metric("blind", "test_noisy_rmse") > 0.4, out);

        String clean = folder.resolve("clean").toString();
        String model = model("blind").toString();
        assertEquals(0, run("evaluate", model, "--data", alone.toString(), "--targets", clean), () -> err);
        double snr = Double.parseDouble(out.split("snr_db +")[1].split("\\s")[0]);
        assertTrue(snr > 6, "noisy ones have 3 dB: " + out);
        assertEquals(
                0,
                run("evaluate", model, "--data", alone.toString(), "--supervision", "blind-spots", "--part", "all"),
                () -> err);
        assertTrue(out.contains("all part, 10 examples") && out.contains("noisy_rmse"), out);
        assertEquals(0, run("predict", model, alone.toString(), "--output", folder + "/less"), () -> err);

        String[] pairs = {"--targets", folder.resolve("again").toString(), "--supervision", "noisy-targets"};
        List<String> args = new ArrayList<>(List.of(pairs));
        args.addAll(List.of("--steps", "4"));
        assertEquals(0, train("conv.unet1d", "pairs", alone, args.toArray(String[]::new)), () -> err);
        assertTrue(err.contains("targets        noisy: errors have the targets' own noise"), err);

        String run = folder.resolve("runs/blind").toString();
        assertEquals(2, run("train", "--resume", run, "--supervision", "noisy-targets"));
        assertTrue(err.contains("--supervision: the run in") && err.lines().count() == 1, err);
        assertEquals(2, train("conv.unet1d", "x", alone, "--supervision", "blind-spots", "--loss", "ssim"));
        assertTrue(err.contains("--loss: ssim looks at more than single values"), err);
        assertEquals(2, train("conv.unet1d", "x", alone, "--supervision", "blind-spots", "--augment", "scale"));
        assertTrue(err.contains("--augment: scale, but with blind-spots"), err);
        assertEquals(2, train("conv.unet1d", "x", alone));
        assertTrue(err.contains("set supervision to blind-spots"), err);
        assertEquals(2, run("search", "--data", alone.toString(), "--supervision", "blind-spots", "--dimensions", "1"));
        assertTrue(err.contains("--supervision: blind-spots; search with clean or noisy targets"), err);
    }

    @Test
    void picturesOfAnySizeAreSegmented() throws IOException {
        Path data = folder.resolve("pictures");
        for (int i = 0; i < 14; i++) {
            picture(data.resolve("images/p" + i + ".png"), data.resolve("masks/p" + i + ".tif"), 24 + i % 3 * 4, 28);
        }
        Files.write(data.resolve("images/broken.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G'});
        Files.write(data.resolve("masks/broken.png"), new byte[0]);
        assertEquals(
                0,
                train("conv.unet2d", "s", data, "--patch", "16,16", "--augment", "flip,gain", "--steps", "60"),
                () -> err);
        assertTrue(err.contains("1 of 15 examples cannot be used"), err);
        for (String found : List.of("14: 10 to train on", "24 x 28 to 32 x 28", "2: 0 ", "16 x 16", "60 steps")) {
            assertTrue(err.contains(found), found + " is not in " + err);
        }
        assertTrue(err.contains("warning: parts with few examples"), err);
        String report = Files.readString(folder.resolve("runs/s/report.html"));
        assertTrue(report.contains("24 x 28 to 32 x 28") && report.contains("parts with few examples"));
        assertTrue(metric("s", "test_dice") > 0.8, "Dice " + metric("s", "test_dice"));
        assertTrue(metric("s", "test_dice") > metric("s", "baseline_dice"));

        // ten times as bright
        Path bright = folder.resolve("bright.png");
        StoredArray dark = ArrayFiles.read(data.resolve("images/p1.png"));
        ArrayFiles.write(bright, dark.with(dark.values().mul(10), ElementType.UINT16));
        assertEquals(0, run("predict", model("s").toString(), bright.toString(), "--output", folder + "/bright"));
        assertTrue(err.contains("bright.png is unlike what the network was trained on: values mostly"), err);
        assertEquals(
                2,
                run("predict", model("s").toString(), bright.toString(), "--output", folder + "/x", "--format", "csv"));
        assertTrue(err.contains("cannot hold results of 2 axes") && err.lines().count() == 1, err);

        Path image = data.resolve("images/p0.png");
        Path results = folder.resolve("results");
        assertEquals(0, run("predict", model("s").toString(), image.toString(), "--output", results.toString()));
        StoredArray predicted = ArrayFiles.read(results.resolve("p0.png"));
        assertArrayEquals(new long[] {1, 24, 28}, predicted.values().shape());
        assertEquals(ElementType.UINT8, predicted.type());
        float[] values = predicted.values().data().asFloat();
        float[] wanted =
                ArrayFiles.read(data.resolve("masks/p0.tif")).values().data().asFloat();
        int same = 0;
        for (int i = 0; i < values.length; i++) {
            assertTrue(values[i] == 0 || values[i] == 255, "the classes of the masks, not " + values[i]);
            same += values[i] == wanted[i] ? 1 : 0;
        }
        assertTrue(same > 0.85 * values.length, same + " of " + values.length);

        assertEquals(0, run("evaluate", model("s").toString(), "--data", data.toString(), "--part", "all"), () -> err);
        assertTrue(out.contains("14 examples"), out);
        assertEquals(2, train("conv.unet2d", "t", data, "--strict", "--steps", "1"));
        assertTrue(err.contains("broken.png"), err);
        assertEquals(1, err.lines().count(), err);
        Files.delete(data.resolve("images/broken.png"));
        assertEquals(2, train("conv.unet3d", "t", data, "--steps", "1"));
        assertTrue(err.contains("axes"), err);
    }

    /** Folds of pictures, whose specks go: one model, which predict obeys, and evaluate refuses to test on what it has seen. */
    @Tag("long")
    @Test
    void foldsBecomeOneModel() throws IOException {
        Path data = folder.resolve("pictures");
        for (int i = 0; i < 12; i++) {
            picture(data.resolve("images/p" + i + ".png"), data.resolve("masks/p" + i + ".tif"), 40, 36);
        }
        assertEquals(
                0, train("conv.unet2d", "f", data, "--patch", "16,16", "--folds", "3", "--steps", "30"), () -> err);
        assertTrue(out.contains("3 folds") && out.contains("dice of 12 test examples"), out);
        assertTrue(out.contains("class 255: "), () -> "something helps: " + out);
        assertTrue(metric("f", "test_dice") > metric("f", "test_dice_without_postprocessing"));
        assertEquals(2, run("evaluate", model("f").toString(), "--data", data.toString()), out);
        assertTrue(err.contains("metrics.json"), err);
        String one = folder.resolve("runs/f/fold-1/model.zip").toString();
        assertEquals(2, run("evaluate", one, "--data", data.toString()), out);
        assertTrue(err.contains("folds"), err);
        assertEquals(2, run("evaluate", one, model("f").toString(), "--data", data.toString()), out);
        assertTrue(err.contains("metrics.json"), err);

        String image = data.resolve("images/p0.png").toString();
        Path cleaned = folder.resolve("cleaned");
        Path found = folder.resolve("found");
        assertEquals(0, run("predict", model("f").toString(), image, "--output", cleaned.toString()), () -> err);
        assertEquals(
                0,
                run("predict", model("f").toString(), image, "--output", found.toString(), "--no-postprocessing"),
                () -> err);
        try (Predictor predictor = Predictor.read(model("f"))) {
            INDArray output = predictor.predict(ArrayFiles.read(Path.of(image)).values());
            int[] wanted = predictor.classes(output);
            int[] raw = predictor.decision().classes(output);
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] *= 255;
                raw[i] *= 255;
            }
            assertArrayEquals(wanted, ints(cleaned.resolve("p0.png")));
            assertArrayEquals(raw, ints(found.resolve("p0.png")));
        }
        assertEquals(0, train("conv.unet2d", "dry", data, "--patch", "16,16", "--folds", "3", "--dry-run"), () -> err);
        assertTrue(err.contains("in each of 3 folds"), err);
    }

    private static int[] ints(Path file) {
        return ArrayFiles.read(file).values().dup('c').data().asInt();
    }

    /** Images without any contrast, as inputs and targets: they have neither a deviation nor a range. */
    @Test
    void constantImagesTrainAndAreMeasured() throws IOException {
        Path data = folder.resolve("flat");
        for (int i = 0; i < 9; i++) {
            double[] level = new double[16 * 16];
            Arrays.fill(level, 20 * i);
            write(data.resolve("images/" + i + ".png"), level, ElementType.UINT8, true, 1, 16, 16);
            write(data.resolve("targets/" + i + ".png"), level, ElementType.UINT8, true, 1, 16, 16);
        }
        for (String task : List.of("denoising", "regression")) {
            assertEquals(0, train("conv.ae2d", task, data, "--task", task, "--steps", "4"), () -> err);
            assertTrue(Double.isFinite(metric(task, "test_rmse")), task);
            String report =
                    Files.readString(folder.resolve("runs").resolve(task).resolve("report.html"));
            assertTrue(report.contains("<html"), report);
        }
    }

    /** Before networks answered with the difference from their input, these channels came out at levels that they had not. */
    @Tag("long")
    @Test
    void coloursStayWhereNoiseGoes() throws IOException {
        Path data = folder.resolve("colours");
        int size = 48;
        for (int i = 0; i < 10; i++) {
            double[] clean = new double[3 * size * size];
            double[] noisy = new double[clean.length];
            int edge = random.nextInt(8, 40);
            for (int k = 0; k < clean.length; k++) {
                int channel = k / (size * size);
                boolean right = k % size > edge;
                clean[k] = 60
                        + 50 * channel
                        + (right ? 30 - 25 * channel : 0)
                        + 30 * Math.sin(1.2 * (k / size) + i + channel);
                noisy[k] = Math.max(0, Math.min(255, Math.rint(clean[k] + 20 * random.nextGaussian())));
            }
            write(data.resolve("clean/" + i + ".png"), clean, ElementType.UINT8, true, 3, size, size);
            write(data.resolve("noisy/" + i + ".png"), noisy, ElementType.UINT8, true, 3, size, size);
        }
        assertEquals(0, train("conv.unet2d", "c", data, "--task", "denoising", "--steps", "200"), () -> err);
        double best = Math.max(metric("c", "gaussian_snr_db"), metric("c", "median_snr_db"));
        assertTrue(metric("c", "test_snr_db") > best + 1, metric("c", "test_snr_db") + " dB, filters " + best);
        Predictor predictor = Predictor.read(model("c"));
        for (int i = 0; i < 10; i++) {
            INDArray noisy =
                    ArrayFiles.read(data.resolve("noisy/" + i + ".png")).withDimensions(2);
            INDArray clean =
                    ArrayFiles.read(data.resolve("clean/" + i + ".png")).withDimensions(2);
            INDArray shift = predictor.predict(noisy).sub(clean).mean(1, 2);
            assertTrue(shift.amaxNumber().doubleValue() < 2, "channels moved by " + shift);
        }
    }

    private JsonNode config(String name) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("runs/" + name + "/config.json").toFile());
    }

    /** What nobody has said follows from memory and time, is noted, and stays as it is when the run goes on or is repeated. */
    @Tag("long")
    @Test
    void windowsAreChosenOnce() throws IOException {
        Path data = folder.resolve("large");
        for (int i = 0; i < 6; i++) {
            picture(data.resolve("images/" + i + ".png"), data.resolve("masks/" + i + ".png"), 130 + i, 120);
        }
        String[] tiny = {
            "--channel",
            "1",
            "--layers",
            "1,1",
            "--name",
            "w",
            "--output",
            folder.resolve("runs").toString()
        };
        List<String> args = new ArrayList<>(List.of("train", "conv.unet2d", "--data", data.toString()));
        args.addAll(List.of(tiny));
        args.addAll(List.of("--minutes", "0.0005"));
        assertEquals(0, run(args.toArray(String[]::new)), () -> err);
        assertTrue(err.contains("training on windows of 64x64, 2 a batch"), err);
        assertTrue(err.contains("passes over the training part"), err);
        assertEquals("64,64", config("w").path("patch").asText());
        assertEquals(2, config("w").path("batch").asInt());
        String run = folder.resolve("runs/w").toString();
        assertEquals(0, run("train", "--resume", run, "--minutes", "0.001"), () -> err);
        assertEquals("64,64", config("w").path("patch").asText());
        assertEquals(
                0,
                run(
                        "train",
                        "--config",
                        run + "/config.json",
                        "--name",
                        "again",
                        "--output",
                        folder.resolve("runs").toString(),
                        "--steps",
                        "1"),
                () -> err);
        assertEquals("64,64", config("again").path("patch").asText());
        assertEquals(2, config("again").path("batch").asInt());

        // steps take what time they take: the result must not depend on it
        assertEquals(0, train("conv.unet2d", "s", data, "--steps", "1"), () -> err);
        assertEquals("130,120", config("s").path("patch").asText());
        assertEquals(0, train("conv.unet2d", "p", data, "--patch", "32,32", "--steps", "1"), () -> err);
        assertTrue(!err.contains("windows of"), err);
        assertEquals("32,32", config("p").path("patch").asText());
    }

    /** A class that has positions in the test part alone is found nowhere, and counts as that. */
    @Test
    void aClassThatOnlyTheTestPartHasIsMeasured() throws IOException {
        Path data = folder.resolve("parts");
        for (int i = 0; i < 6; i++) {
            String part = List.of("train", "validation", "test").get(i % 3);
            double[] image = random.doubles(16 * 16, 0, 200).toArray();
            double[] mask = new double[image.length];
            Arrays.fill(mask, 30, 90, part.equals("test") ? 2 : 1);
            write(data.resolve(part + "/images/" + i + ".png"), image, ElementType.UINT8, true, 1, 16, 16);
            write(data.resolve(part + "/masks/" + i + ".png"), mask, ElementType.UINT8, true, 1, 16, 16);
        }
        assertEquals(0, train("conv.unet2d", "p", data, "--steps", "4"), () -> err);
        assertEquals(0, metric("p", "test_dice"), 0.2);
        assertTrue(Double.isFinite(metric("p", "test_accuracy")));
    }

    /** Waves of a few or of many periods. */
    private double[] wave(int periods, int length) {
        double[] values = new double[length];
        double phase = random.nextDouble() * Math.PI;
        for (int i = 0; i < length; i++) {
            values[i] = Math.sin(2 * Math.PI * periods * i / length + phase);
        }
        return values;
    }

    /** Two numbers of different units for each recording: how many periods it has, and how high they are. */
    @Test
    void numbersOfExamplesAreEstimated() throws IOException {
        Path data = folder.resolve("numbers");
        StringBuilder list = new StringBuilder("input,periods,height\n");
        for (int i = 0; i < 60; i++) {
            int periods = 2 + random.nextInt(8);
            double height = 1000 + 3000 * random.nextDouble();
            double[] values = Arrays.stream(wave(periods, 64))
                    .map(value -> height * value)
                    .toArray();
            write(data.resolve(i + ".csv"), values, ElementType.FLOAT64, true, 1, 64);
            list.append(i + ".csv," + periods + "," + height + "\n");
        }
        Path file = data.resolve("list.csv");
        Files.writeString(file, list);
        assertEquals(
                0,
                train("conv.encoder1d", "n", file, "--steps", "150", "--learning-rate", "0.01", "--seed", "1"),
                () -> err);
        assertTrue(metric("n", "test_r2") > 0.8, "R2 " + metric("n", "test_r2"));
        assertTrue(metric("n", "baseline_r2") <= 0, "the mean explains nothing");
        assertTrue(metric("n", "test_rmse_height") < 500, "in its own unit");
        assertTrue(Files.size(folder.resolve("runs/n/prediction.png")) > 0);
        assertTrue(Files.readString(folder.resolve("runs/n/report.html")).contains("Prediction"));

        Path one = data.resolve("0.csv");
        assertEquals(0, run("predict", model("n").toString(), one.toString()), () -> err);
        List<String> lines = out.lines().toList();
        assertEquals("file,periods,height", lines.get(0));
        INDArray numbers =
                Predictor.read(model("n")).predict(ArrayFiles.read(one).withDimensions(1));
        assertEquals(one + "," + numbers.getFloat(0) + "," + numbers.getFloat(1), lines.get(1));
        assertTrue(numbers.getFloat(1) > 500, "in the unit of the list");
        assertEquals(
                0, run("evaluate", model("n").toString(), "--data", file.toString(), "--format", "csv"), () -> err);
        double evaluated =
                Double.parseDouble(out.lines().skip(1).findFirst().orElseThrow().split(",")[1]);
        assertEquals(metric("n", "test_r2"), evaluated, 1e-6, "a read network is computed another way");

        assertEquals(2, train("conv.unet1d", "u", file, "--steps", "1"));
        assertTrue(err.contains("estimation needs an encoder, such as conv.encoder1d"), err);
        assertEquals(2, train("conv.encoder1d", "u", file, "--steps", "1", "--loss", "ssim"));
        assertTrue(err.contains("--loss: ssim is of images"), err);
    }

    @Test
    void foldersAreClasses() throws IOException {
        Path data = folder.resolve("waves");
        for (int i = 0; i < 12; i++) {
            write(data.resolve("slow/" + i + ".csv"), wave(2, 64), ElementType.FLOAT64, true, 1, 64);
            write(data.resolve("fast/" + i + ".csv"), wave(16, 64), ElementType.FLOAT64, true, 1, 64);
        }
        assertEquals(0, train("resnet.encoder1d", "c", data, "--steps", "40", "--seed", "3"), () -> err);
        assertEquals(1, metric("c", "test_accuracy"), 1e-9);
        Path one = data.resolve("slow/0.csv");
        Path other = data.resolve("fast/0.csv");
        assertEquals(0, run("predict", model("c").toString(), one.toString(), other.toString()), () -> err);
        List<String> lines = out.lines().toList();
        assertEquals("file,class,fast,slow", lines.get(0));
        assertTrue(lines.get(1).startsWith(one + ",slow,"), lines.get(1));
        assertTrue(lines.get(2).startsWith(other + ",fast,"), lines.get(2));

        write(data.resolve("odd/1.csv"), wave(3, 64), ElementType.FLOAT64, true, 1, 64);
        assertEquals(2, train("resnet.encoder1d", "d", data, "--steps", "1"));
        assertTrue(err.contains("no example of class odd"), err);
        write(data.resolve("slow/long.csv"), wave(2, 80), ElementType.FLOAT64, true, 1, 80);
        Files.delete(data.resolve("odd/1.csv"));
        Files.delete(data.resolve("odd"));
        assertEquals(2, train("resnet.encoder1d", "d", data, "--steps", "1"));
        assertTrue(err.contains("patch"), err);
    }

    @Test
    void valuesAreLearnedFromPairsAndFromHdf5() throws IOException {
        Path inputs = folder.resolve("in");
        Path targets = folder.resolve("out");
        double[][] all = new double[10][];
        double[][] negative = new double[10][];
        for (int i = 0; i < all.length; i++) {
            // one constant recording, which has no deviation
            all[i] = i == 3 ? new double[96] : wave(1 + i % 4, 96);
            negative[i] = Arrays.stream(all[i]).map(value -> 3 - 2 * value).toArray();
            write(inputs.resolve(i + ".npy"), all[i], ElementType.FLOAT32, false, 96);
            write(targets.resolve(i + ".npy"), negative[i], ElementType.FLOAT64, false, 96);
        }
        String[] short0 = {"--patch", "32", "--steps", "150", "--learning-rate", "0.02"};
        List<String> options = new ArrayList<>(List.of("--targets", targets.toString()));
        options.addAll(List.of(short0));
        assertEquals(0, train("conv.unet1d", "r", inputs, options.toArray(String[]::new)), () -> err);
        assertTrue(
                metric("r", "test_snr_db") > metric("r", "baseline_snr_db") + 6, "SNR " + metric("r", "test_snr_db"));

        Path results = folder.resolve("results");
        Path file = inputs.resolve("1.npy");
        assertEquals(0, run("predict", model("r").toString(), file.toString(), "--output", results.toString()));
        StoredArray predicted = ArrayFiles.read(results.resolve("1.npy"));
        assertArrayEquals(new long[] {96}, predicted.values().shape());

        Path set = folder.resolve("set.h5");
        try (WritableHdfFile hdf = HdfFile.write(set)) {
            hdf.putDataset("noisy1", all);
            hdf.putDataset("clean1", negative);
        }
        assertEquals(2, train("conv.unet1d", "h", set, "--steps", "2"));
        assertTrue(err.contains("noisy1"), err);
        String[] paths = {"--input-path", "noisy1", "--target-path", "/clean1", "--steps", "2", "--task", "denoising"};
        assertEquals(0, train("conv.unet1d", "h", set, paths), () -> err);
        Path config = folder.resolve("runs/h/config.json");
        assertEquals(
                0,
                run(
                        "train",
                        "--config",
                        config.toString(),
                        "--name",
                        "h2",
                        "--output",
                        folder.resolve("runs").toString()),
                () -> err);
        assertEquals(metric("h", "test_snr_db"), metric("h2", "test_snr_db"), 0);
    }

    @Test
    void soundKeepsItsRate() throws IOException {
        Path data = folder.resolve("sound");
        for (int i = 0; i < 6; i++) {
            INDArray clean =
                    Nd4j.createFromArray(wave(3 + i, 400)).reshape('c', 1, 400).muli(0.4);
            INDArray noise = Nd4j.createFromArray(random.doubles(400, -0.2, 0.2).toArray())
                    .reshape('c', 1, 400);
            for (String kind : List.of("clean", "noisy")) {
                Files.createDirectories(data.resolve(kind));
                ArrayFiles.write(
                        data.resolve(kind + "/" + i + ".wav"),
                        new StoredArray(
                                kind.equals("clean") ? clean : clean.add(noise),
                                true,
                                ElementType.INT16,
                                Grid.ofRate(8000),
                                List.of(),
                                null));
            }
        }
        assertEquals(
                0,
                train("resnet.unet1d", "w", data, "--task", "denoising", "--patch", "64", "--steps", "20"),
                () -> err);
        Path results = folder.resolve("results");
        Path file = data.resolve("noisy/0.wav");
        assertEquals(0, run("predict", model("w").toString(), file.toString(), "--output", results.toString()));
        StoredArray predicted = ArrayFiles.read(results.resolve("0.wav"));
        assertEquals(8000, predicted.grid().samplingRate());
        assertArrayEquals(new long[] {1, 400}, predicted.values().shape());
        assertNotEquals(ArrayFiles.read(file).values(), predicted.values());
        assertEquals(2, run("predict", model("w").toString(), file.toString(), "--format", "xyz"));
        assertTrue(err.contains("no known format"), err);
    }
}
