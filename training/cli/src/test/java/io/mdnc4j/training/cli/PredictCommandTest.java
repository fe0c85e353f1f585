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
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.predict.Probabilities;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
}
