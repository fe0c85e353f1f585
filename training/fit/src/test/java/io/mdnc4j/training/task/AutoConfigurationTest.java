package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.SpecValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

/** Choices for images of 24 x 20; those that the command line makes of them are tested there. */
class AutoConfigurationTest {
    private static final int ROWS = 24;
    private static final int COLUMNS = 20;

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(1);

    private void write(String name, int channels, IntToDoubleFunction value) throws IOException {
        write(name, channels, ROWS, value);
    }

    private void write(String name, int channels, int rows, IntToDoubleFunction value) throws IOException {
        double[] values = new double[channels * rows * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.applyAsDouble(i);
        }
        Path file = folder.resolve(name + ".npy");
        Files.createDirectories(file.getParent());
        ArrayFiles.write(
                file,
                new StoredArray(
                        Nd4j.createFromArray(values).reshape('c', channels, rows, COLUMNS),
                        false,
                        ElementType.FLOAT32));
    }

    private AutoConfiguration looked() {
        return looked(".");
    }

    private AutoConfiguration looked(String name) {
        DataSource.Builder source =
                DataSource.builder(folder.resolve(name).toString()).dimensions(2);
        return new AutoConfiguration(source.build().look(line -> {}));
    }

    private static Map<String, String> samples(AutoConfiguration auto) {
        return auto.samples().stream()
                .collect(Collectors.toMap(AutoConfiguration.Choice::option, AutoConfiguration.Choice::value));
    }

    private void images(int channels, IntToDoubleFunction scale) throws IOException {
        for (int i = 0; i < 10; i++) {
            double factor = scale.applyAsDouble(i);
            write("inputs/" + i, channels, p -> factor * random.nextDouble());
            write("targets/" + i, 1, p -> random.nextDouble());
        }
    }

    @Test
    void scalesOfTheirOwnAreTakenOut() throws IOException {
        images(1, i -> 1);
        AutoConfiguration alike = looked();
        assertEquals("regression", alike.task().value());
        assertEquals(Map.of("normalize", "set", "augment", "flip"), samples(alike));
        images(1, i -> Math.pow(2, i));
        assertEquals("sample", samples(looked()).get("normalize"));
        images(3, i -> Math.pow(2, i));
        assertEquals("channel", samples(looked()).get("normalize"));
    }

    @Test
    void whiteNoiseIsToBeTakenOutAndBlurIsNot() throws IOException {
        double[] clean = new double[ROWS * COLUMNS];
        for (int i = 0; i < 6; i++) {
            int shift = i;
            for (int p = 0; p < clean.length; p++) {
                clean[p] = Math.sin((p / COLUMNS + shift) / 3.0) + Math.cos(p % COLUMNS / 4.0);
            }
            write("inputs/" + i, 1, p -> clean[p] + 0.4 * (random.nextDouble() - 0.5));
            write("targets/" + i, 1, p -> clean[p]);
        }
        assertEquals("denoising", looked().task().value());
        assertTrue(
                looked().task().reason().contains("dB below"), looked().task().reason());
        for (int i = 0; i < 6; i++) {
            int shift = i;
            for (int p = 0; p < clean.length; p++) {
                clean[p] = Math.sin((p / COLUMNS + shift) / 3.0) + Math.cos(p % COLUMNS / 4.0);
            }
            write("inputs/" + i, 1, p -> 0.7 * clean[p]);
            write("targets/" + i, 1, p -> clean[p]);
        }
        assertEquals("regression", looked().task().value(), "weaker, not noisy");
    }

    @Test
    void shapesOfFewElementsAreBentAndGetMuchNoise() throws IOException {
        for (int rows : new int[] {8, 24, 40}) {
            for (int i = 0; i < 10; i++) {
                write("in-" + rows + "/" + (i % 2 == 0 ? "a/" : "b/") + i, 1, rows, p -> random.nextDouble());
            }
        }
        assertEquals(
                "shift,rotate,scale,shear,elastic:0.4,gain,noise:4",
                samples(looked("in-8")).get("augment"));
        assertEquals(
                "shift,rotate,scale,shear,elastic,gain,noise:4",
                samples(looked("in-24")).get("augment"));
        assertEquals(
                "shift,rotate,scale,shear,gain,noise", samples(looked("in-40")).get("augment"));
    }

    @Test
    void thickSlicesAreNeitherTurnedNorSlanted() throws IOException {
        Grid grid = new Grid(null, List.of(4.0, 1.0, 1.0), "SAR");
        for (int i = 0; i < 10; i++) {
            Path file = folder.resolve((i % 2 == 0 ? "a/" : "b/") + i + ".nii");
            Files.createDirectories(file.getParent());
            StoredArray volume = new StoredArray(Nd4j.rand(4, 40, 40), false, ElementType.FLOAT32);
            ArrayFiles.write(file, volume.on(grid));
        }
        TrainingData data = DataSource.builder(folder.toString()).build().look(line -> {});
        assertEquals(
                "shift,scale,gain,noise", samples(new AutoConfiguration(data)).get("augment"));
    }

    @Test
    void stagesSuitSizesAndWhatIsGiven() throws IOException {
        images(1, i -> 1);
        AutoConfiguration auto = looked();
        AutoConfiguration.Network small = auto.network(List.of(24L, 20L), 1, SpecValues.NONE, false);
        assertEquals("conv.unet2d", small.model());
        assertEquals(List.of(1, 1, 1), small.values().get(SpecOption.LAYERS));
        assertEquals(16, small.values().get(SpecOption.CHANNEL));
        assertEquals(List.of(24L, 20L), small.size());
        // much longer than wide: each axis is halved as often as it can be, and sizes are such that it can
        AutoConfiguration.Network flat = auto.network(List.of(131L, 9L), 0.5, SpecValues.NONE, false);
        assertEquals("nnunet.plain2d", flat.model());
        assertEquals(List.of(128L, 8L), flat.size());
        assertEquals(List.of(8, 16, 32, 64, 128), flat.values().get(SpecOption.FEATURES));
        // a size that is given stays
        AutoConfiguration.Network odd = auto.network(List.of(131L, 9L), 1, SpecValues.NONE, true);
        assertEquals("conv.unet2d", odd.model());
        assertEquals(List.of(131L, 9L), odd.size());
        assertEquals(
                "1x1,2x1,2x1",
                auto.network(List.of(132L, 9L), 1, SpecValues.NONE, true)
                        .values()
                        .text(SpecOption.STRIDES));
        SpecValues given = SpecValues.NONE.with(SpecOption.KERNEL_SIZE, List.of(5));
        AutoConfiguration.Network other = auto.network(List.of(131L, 9L), 1, given, false);
        assertEquals("conv.unet2d", other.model());
        assertEquals(List.of(5), other.values().get(SpecOption.KERNEL_SIZE));
    }

    @Test
    void channelsAndMinutesSuitTheTime() throws IOException {
        images(1, i -> 1);
        AutoConfiguration auto = looked();
        assertEquals(1, auto.width(Double.POSITIVE_INFINITY));
        assertEquals(1, auto.width(300));
        assertEquals(0.5, auto.width(299));
        assertEquals(0.25, auto.width(74));
        assertEquals(2, auto.width(80_001));
        List<Long> window = List.of(24L, 20L);
        assertEquals("5.0", auto.minutes(window, 8, 0.1).value());
        // 6 examples to train on: 10 passes are 7.5 steps of 8 samples
        assertEquals("15.0", auto.minutes(window, 8, 120).value());
        assertEquals("60.0", auto.minutes(window, 8, 1e6).value());
    }
}
