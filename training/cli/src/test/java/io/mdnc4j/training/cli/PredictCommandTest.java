package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Blend;
import io.mdnc4j.training.predict.Padding;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.predict.Probabilities;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PredictCommandTest {
    private static final Normalization OWN = new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), false);

    @TempDir
    Path folder;

    /** A new network in a file, as {@code train} writes it. */
    private Path model(NetworkModel.Builder<?> network, String task, List<String> classes, Long... shape)
            throws IOException {
        ModelDescription description =
                new ModelDescription("some", task, List.of(shape), OWN, classes, null, null, List.of(), Map.of());
        Path file = folder.resolve(task + ".zip");
        ModelFiles.write(
                network.channel(2).layers(1, 1).build().init(),
                file,
                Map.of(ModelDescription.NOTE, description.toJson()));
        return file;
    }

    private static String run(Object... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out));
        try {
            String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
            assertEquals(0, Main.run(words));
        } finally {
            System.setOut(before);
        }
        return out.toString();
    }

    /** A file of another rate has as many samples afterwards as before, and one line says what became of it. */
    @Test
    void signalsOfOtherRatesComeBack() throws IOException {
        ModelDescription description = new ModelDescription(
                "some", "denoising", List.of(1L, 16L), OWN, List.of(), null, 100.0, List.of(), Map.of());
        Path model = folder.resolve("rate.zip");
        ModelFiles.write(
                NetworkModel.builder("conv.unet1d")
                        .channel(2)
                        .layers(1, 1)
                        .build()
                        .init(),
                model,
                Map.of(ModelDescription.NOTE, description.toJson()));
        Path sound = folder.resolve("sound.wav");
        ArrayFiles.write(
                sound,
                new StoredArray(Nd4j.rand(DataType.FLOAT, 1, 250), true, ElementType.INT16).on(Grid.ofRate(250)));
        Path table = Files.writeString(folder.resolve("table.csv"), "1\n2\n".repeat(50));
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err));
        try {
            Path output = folder.resolve("out");
            run("predict", model, sound, table, "--output", output);
            assertEquals(
                    List.of(
                            "mdnc4j: " + sound + ": resampled from 250 Hz to 100 Hz for the network, the result back",
                            "mdnc4j: " + table
                                    + " does not say its grid, which is taken to be the network's, 100 Hz; so for all that"
                                    + " do not"),
                    err.toString()
                            .lines()
                            .filter(line -> line.startsWith("mdnc4j"))
                            .toList());
            assertEquals(
                    250, ArrayFiles.read(output.resolve("sound.wav")).values().length());
            assertEquals(
                    250, ArrayFiles.read(output.resolve("sound.wav")).grid().samplingRate());
            err.reset();
            run("predict", model, table, "--output", output, "--rate", "50");
            assertTrue(err.toString().contains("resampled from 50 Hz to 100 Hz"), err.toString());
            assertEquals(
                    100, ArrayFiles.read(output.resolve("table.csv")).values().length());
            err.reset();
            Path signal = Files.writeString(folder.resolve("long.csv"), "1\n2\n4\n".repeat(1000));
            run("evaluate", model, "--data", signal, "--rate", "50", "--output", output);
            assertTrue(err.toString().contains("samples 2400 to 2911: resampled from 50 Hz to 100 Hz"), err.toString());
            err.reset();
            String[] refused = {"predict", "" + model, "" + sound, "--output", "" + output, "--geometry", "refuse"};
            assertEquals(2, Main.run(refused));
            assertTrue(err.toString().contains("sound.wav: its grid is 250 Hz, the network's 100 Hz"), err.toString());
            assertEquals(2, Main.run("predict", "" + model, "" + sound, "--geometry", "guess"));
            assertEquals(2, Main.run("predict", "" + model, "" + sound, "--rate", "0"));
            assertEquals(2, Main.run("predict", "" + model, "" + sound, "--spacing", "1,x"));
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void masksOfVolumesKeepTheHeader() throws IOException {
        Path model = model(
                NetworkModel.builder("conv.unet3d").outPlanes(2).task(Task.CLASSIFICATION),
                "segmentation",
                List.of("none", "some"),
                1L,
                8L,
                8L,
                8L);
        INDArray volume = Nd4j.rand(DataType.FLOAT, 11, 8, 9).muli(1000);
        Path file = folder.resolve("head.nii.gz");
        ArrayFiles.write(
                file, new StoredArray(volume, false, ElementType.INT16).on(Grid.of(List.of(3.0, 2.0, 1.5), "")));
        Path output = folder.resolve("out");
        assertEquals(
                output.resolve("head.nii.gz") + System.lineSeparator(),
                run("predict", model, file, "--output", output, "--batch", 2));
        StoredArray mask = ArrayFiles.read(output.resolve("head.nii.gz"));
        assertEquals(List.of(3.0, 2.0, 1.5), mask.grid().spacing());
        assertEquals(ElementType.UINT8, mask.type());
        assertArrayEquals(new long[] {11, 8, 9}, mask.values().shape());
        INDArray read = ArrayFiles.read(file).withDimensions(3);
        assertArrayEquals(
                Probabilities.mostProbable(
                        Predictor.builder(model).batch(2).build().predict(read)),
                mask.values().dup('c').data().asInt());
    }

    @Test
    void theLimitOfArraysIsAnOption() throws IOException {
        Path model = model(NetworkModel.builder("conv.unet1d"), "denoising", List.of(), 1L, 64L);
        Path file = folder.resolve("long.csv.gz");
        ArrayFiles.write(file, new StoredArray(Nd4j.zeros(DataType.FLOAT, 1, 40_000), true, ElementType.FLOAT32));
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err));
        try {
            assertEquals(2, Main.run("predict", model.toString(), file.toString(), "--max-array", "1"));
        } finally {
            System.setErr(before);
        }
        assertTrue(err.toString().contains("is beyond 16384 numbers"), err.toString());
        assertTrue(err.toString().contains("raise the limit with --max-array"), err.toString());
        assertNull(System.getProperty(ArrayFiles.MAX_ARRAY), "it is the command's");
        run("predict", model, file, "--max-array", 3, "--output", folder.resolve("out"));
    }

    @Test
    void namesFromElsewhereDoNotSteerTheTerminal() throws IOException {
        Path model = model(
                NetworkModel.builder("resnet.encoder2d").outLength(2),
                "classification",
                List.of("\u001b[31m", "\u202eb"),
                1L,
                8L,
                8L);
        Path file = folder.resolve("a\u001b]0;x\u0007.png");
        ArrayFiles.write(file, new StoredArray(Nd4j.zeros(DataType.FLOAT, 1, 8, 8), true, ElementType.UINT8));
        String said = run("predict", model, file);
        assertTrue(said.startsWith("file,class,\\u001b[31m,\\u202eb"), said);
        assertTrue(said.contains("a\\u001b]0;x\\u0007.png,"), said);
        assertFalse(said.matches("(?s).*[\\p{Cf}\\p{Cc}&&[^\r\n]].*"), said);
    }

    @Test
    void classesOfImagesGoToStandardOutput() throws IOException {
        Path model = model(
                NetworkModel.builder("resnet.encoder2d").outLength(3),
                "classification",
                List.of("a", "b", "c"),
                1L,
                8L,
                8L);
        Path first = folder.resolve("first.png");
        Path second = folder.resolve("second.png");
        for (Path file : List.of(first, second)) {
            INDArray image = Nd4j.rand(DataType.FLOAT, 1, 12, 8).muli(255);
            ArrayFiles.write(file, new StoredArray(image, true, ElementType.UINT8));
        }
        List<String> lines = run("predict", model, first, second).lines().toList();
        assertEquals("file,class,a,b,c", lines.get(0));
        assertEquals(3, lines.size());
        assertTrue(lines.get(2).startsWith(second + ","), lines.get(2));
        double sum = 0;
        for (String cell : lines.get(1).substring(first.toString().length() + 3).split(",")) {
            sum += Double.parseDouble(cell);
        }
        assertEquals(1, sum, 1e-5);
    }

    private Path volumes(Long... shape) throws IOException {
        return model(
                NetworkModel.builder("conv.unet3d").outPlanes(2).task(Task.CLASSIFICATION),
                "segmentation",
                List.of("none", "some"),
                shape);
    }

    private Path volume(String name, long... shape) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        INDArray volume = Nd4j.rand(DataType.FLOAT, shape).muli(1000);
        ArrayFiles.write(file, new StoredArray(volume, false, ElementType.INT16));
        return file;
    }

    /** What standard error says of a command that ends with that code. */
    private static String fails(int code, Object... arguments) {
        PrintStream err = System.err;
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes));
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
            assertEquals(code, Main.run(words), bytes::toString);
        } finally {
            System.setErr(err);
            System.setOut(out);
        }
        return bytes.toString();
    }

    private List<String> names(String where) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve(where))) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** A folder, a pattern that no shell has replaced, and a file; the bad one is named, the others are done. */
    @Test
    void goesOnAfterABadFile() throws IOException {
        Path model = volumes(1L, 8L, 8L, 8L);
        volume("scans/a.nii.gz", 9, 8, 8);
        volume("scans/c.npy", 9, 8, 8);
        Files.writeString(folder.resolve("scans/b.nii.gz"), "no volume");
        Files.writeString(folder.resolve("scans/README.txt"), "about them");
        volume("more/x1.nii", 9, 8, 8);
        volume("more/x2.nii", 9, 8, 8);
        volume("more/y.nii", 9, 8, 8);
        Path output = folder.resolve("out");
        String said = fails(2, "predict", model, folder.resolve("scans"), folder + "/more/x*.nii", "--output", output);
        assertEquals(List.of("a.nii.gz", "c.npy", "x1.nii", "x2.nii"), names("out"));
        List<String> lines = said.lines().toList();
        assertEquals(3, lines.size(), said);
        assertTrue(lines.get(0).contains("1 of 4 files are of no known format"), said);
        assertTrue(lines.get(1).contains("b.nii.gz: ") && !lines.get(1).contains("internal"), said);
        assertTrue(lines.get(2).contains("1 of 5 files have no result"), said);
        assertTrue(fails(2, "predict", model, folder.resolve("no/*.nii")).contains("matches no file"));
        Files.createDirectories(folder.resolve("empty"));
        assertTrue(fails(2, "predict", model, folder.resolve("empty")).contains("no file of a known format"));
        assertEquals(
                1,
                fails(2, "predict", model, folder.resolve("none.nii")).lines().count());
    }

    @Test
    void classesOfWholeFilesGoOnToo() throws IOException {
        Path model = model(
                NetworkModel.builder("resnet.encoder2d").outLength(2), "classification", List.of("a", "b"), 1L, 8L, 8L);
        for (String name : List.of("1.png", "3.png")) {
            ArrayFiles.write(
                    folder.resolve(name),
                    new StoredArray(Nd4j.rand(DataType.FLOAT, 1, 12, 8).muli(255), true, ElementType.UINT8));
        }
        Files.writeString(folder.resolve("2.png"), "no image");
        String said = fails(2, "predict", model, folder + "/[123].png");
        assertTrue(said.contains("2.png: ") && said.contains("1 of 3 files have no result"), said);
        List<String> lines = run("predict", model, folder + "/[13].png", "--tta", "flip", "--uncertainty")
                .lines()
                .toList();
        assertEquals("file,class,a,b,uncertainty", lines.get(0));
        assertEquals(3, lines.size());
        assertTrue(Double.parseDouble(lines.get(1).substring(lines.get(1).lastIndexOf(',') + 1)) > 0);
    }

    /** Models come first; the mean of their probabilities decides. */
    @Test
    void severalModels() throws IOException {
        Path first = volumes(1L, 8L, 8L, 8L);
        Path runs = folder.resolve("runs");
        for (String fold : List.of("fold_0", "fold_1")) {
            Files.createDirectories(runs.resolve(fold));
            Files.copy(volumes(1L, 8L, 8L, 8L), runs.resolve(fold).resolve("model.zip"));
        }
        Path second = runs.resolve("fold_1/model.zip");
        Path input = volume("head.nii.gz", 11, 8, 9);
        Path output = folder.resolve("out");
        run("predict", first, second, input, "--output", output, "--probabilities", "--uncertainty");
        INDArray expected;
        INDArray read = ArrayFiles.read(input).withDimensions(3);
        try (Predictor both = Predictor.builder(first).average(second).build()) {
            expected = both.predict(read);
        }
        assertEquals(
                expected,
                ArrayFiles.read(output.resolve("head-probabilities.nii.gz")).values());
        assertEquals(List.of("head-probabilities.nii.gz", "head-uncertainty.nii.gz", "head.nii.gz"), names("out"));
        run("predict", runs, input, "--output", folder.resolve("folds"));
        assertTrue(fails(2, "predict", first, second).contains("only models are given"));
        assertTrue(fails(2, "predict", first, input, "--uncertainty", "--output", folder.resolve("u"))
                .contains("one network, and nothing flipped"));
    }

    @Test
    void howWindowsAreCut() throws IOException {
        Path model = volumes(1L, 8L, 8L, 8L);
        Path input = volume("head.npy", 11, 6, 17);
        Path output = folder.resolve("out");
        run(
                "predict",
                model,
                input,
                "--output",
                output,
                "--window",
                "8,4,6",
                "--overlap",
                "0.25",
                "--blend",
                "gaussian",
                "--padding",
                "reflect",
                "--tta",
                "flip:x,z",
                "--threshold",
                "0.4");
        Predictor predictor = Predictor.builder(model)
                .window(8, 4, 6)
                .overlap(0.25)
                .blend(Blend.GAUSSIAN)
                .padding(Padding.REFLECT)
                .flip(0, 2)
                .threshold(0.4)
                .build();
        assertArrayEquals(
                predictor
                        .decision()
                        .classes(predictor.predict(ArrayFiles.read(input).withDimensions(3))),
                ArrayFiles.read(output.resolve("head.npy"))
                        .values()
                        .dup('c')
                        .data()
                        .asInt());
        for (String[] wrong : new String[][] {
            {"--window", "8,x", "--window"},
            {"--window", "8,8", "--window"},
            {"--overlap", "1", "--overlap"},
            {"--blend", "soft", "hann, gaussian, constant"},
            {"--padding", "wrap", "none, reflect, zero"},
            {"--tta", "flip:w", "flip: with some of x,y,z"},
            {"--tta", "rotate", "--tta"},
            {"--threshold", "0", "--threshold"}
        }) {
            String said = fails(2, "predict", model, input, "--output", folder.resolve("no"), wrong[0], wrong[1]);
            assertTrue(said.contains(wrong[2]) && said.lines().count() == 1, said);
        }
    }
}
