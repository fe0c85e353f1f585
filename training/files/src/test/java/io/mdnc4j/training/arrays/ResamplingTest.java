package io.mdnc4j.training.arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Resampling.Interpolation;
import io.mdnc4j.training.files.ArrayFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ResamplingTest {
    private static INDArray stored(String name) throws Exception {
        return ArrayFiles.read(
                        Path.of(ResamplingTest.class
                                .getResource("resampling.npz")
                                .toURI()),
                        name)
                .values();
    }

    private static Resampling resampling(String orders) {
        return Resampling.of(orders.chars()
                .mapToObj(order -> order == '0'
                        ? Interpolation.NEAREST
                        : order == '1' ? Interpolation.LINEAR : Interpolation.CUBIC)
                .toArray(Interpolation[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "signal, 0 1 3, 29 7 13 26 1",
        "one, 0 1 3, 4",
        "two, 0 1 3, 5",
        "image, 0 1 3 03 31, 12x5 7x4 3x20",
        "volume, 0 1 3 033, 7x6x3 2x9x11"
    })
    void theValuesAreSciPys(String name, String orders, String sizes) throws Exception {
        INDArray input = stored(name + "-in");
        for (String order : orders.split(" ")) {
            for (String size : sizes.split(" ")) {
                INDArray expected = stored(name + "-" + order + "-" + size);
                float[] found = resampling(order).apply(OnHeap.floats(input), input.shape(), expected.shape());
                assertEquals(0, maxDifference(found, expected), 3e-5, name + " of order " + order + " to " + size);
            }
        }
    }

    @Test
    void clippedValuesAreThoseOfScikitImage() throws Exception {
        INDArray input = stored("image-in");
        INDArray expected = stored("image-clipped-16x20");
        float[] plain = Resampling.CUBIC.apply(OnHeap.floats(input), input.shape(), 16, 20);
        assertTrue(maxDifference(plain, expected) > 1);
        float[] clipped = Resampling.CUBIC.clipped().apply(OnHeap.floats(input), input.shape(), 16, 20);
        assertEquals(0, maxDifference(clipped, expected), 3e-5);
    }

    private static double maxDifference(float[] found, INDArray expected) {
        double[] values = OnHeap.doubles(expected);
        assertEquals(values.length, found.length);
        return IntStream.range(0, found.length)
                .mapToDouble(i -> Math.abs(found[i] - values[i]))
                .max()
                .orElseThrow();
    }

    @Test
    void anAxisThatKeepsItsSizeKeepsItsBits() {
        float[] values = random(6 * 5);
        long[] shape = {6, 5};
        assertSame(values, Resampling.CUBIC.antiAliased().clipped().apply(values, shape, 6, 5));
        float[] rows = Resampling.NEAREST.apply(values, shape, 12, 5);
        assertArrayEquals(Arrays.copyOf(values, 5), Arrays.copyOf(rows, 5));
        INDArray array = Nd4j.createFromArray(values).reshape(1, 6, 5);
        assertSame(array, Resampling.CUBIC.apply(array, 6, 5));
    }

    /** More lanes than one group, axes before and behind, and several channels. */
    @Test
    void channelsAreResampledEachForItself() {
        INDArray array = Nd4j.createFromArray(random(3 * 20 * 7)).reshape(3, 20, 7);
        INDArray result = Resampling.CUBIC.clipped().apply(array, 9, 31);
        assertArrayEquals(new long[] {3, 9, 31}, result.shape());
        for (int c = 0; c < 3; c++) {
            float[] channel = OnHeap.floats(array.slice(c));
            assertArrayEquals(
                    Resampling.CUBIC.clipped().apply(channel, new long[] {20, 7}, 9, 31),
                    OnHeap.floats(result.slice(c)));
        }
        INDArray view = Nd4j.createFromArray(random(20 * 7)).reshape(1, 7, 20).permute(0, 2, 1);
        assertEquals(Resampling.LINEAR.apply(view.dup('c'), 9, 31), Resampling.LINEAR.apply(view, 9, 31));
        assertEquals(
                DataType.FLOAT,
                Resampling.LINEAR.apply(array.castTo(DataType.DOUBLE), 20, 7).dataType());
    }

    @Property(tries = 60)
    void constantsStayConstant(
            @ForAll @IntRange(min = 1, max = 40) int old, @ForAll @IntRange(min = 1, max = 40) int length) {
        float[] values = new float[old];
        Arrays.fill(values, 7.25f);
        for (Resampling resampling : new Resampling[] {
            Resampling.NEAREST, Resampling.LINEAR, Resampling.CUBIC, Resampling.CUBIC.antiAliased()
        }) {
            for (float value : resampling.apply(values, new long[] {old}, length)) {
                assertEquals(7.25f, value, 1e-5f);
            }
        }
    }

    /** To the same grid and back, splines lose next to nothing of what is coarse enough for both. */
    @ParameterizedTest
    @CsvSource({"360, 500, 0.02", "500, 360, 0.02", "1000, 360, 0.02", "360, 360, 0"})
    void coarseWavesStay(int old, int length, double tolerance) {
        float[] values = wave(old, 20);
        float[] found = Resampling.CUBIC.antiAliased().apply(values, new long[] {old}, length);
        float[] expected = wave(length, 20);
        for (int i = length / 20; i < length - length / 20; i++) {
            assertEquals(expected[i], found[i], tolerance);
        }
    }

    /** A wave that is too fine for the new grid goes, instead of coming back as a coarse one. */
    @Test
    void fineWavesDoNotComeBackAsCoarseOnes() {
        float[] values = wave(1000, 300);
        assertTrue(deviation(Resampling.CUBIC.apply(values, new long[] {1000}, 360)) > 0.5);
        assertEquals(0, deviation(Resampling.CUBIC.antiAliased().apply(values, new long[] {1000}, 360)), 0.02);
    }

    private static float[] wave(int length, double periods) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) Math.sin(2 * Math.PI * periods * (i + 0.5) / length);
        }
        return values;
    }

    private static double deviation(float... values) {
        double squares = 0;
        for (float value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    @Test
    void classesAreThoseOfTheLargestPart() {
        INDArray labels = Nd4j.createFromArray(-1f, -1, 0, 0, 0, 7, 7, 7, 7).reshape(1, 9);
        assertArrayEquals(
                new float[] {-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7},
                OnHeap.floats(Resampling.classes(labels, 18)));
        assertArrayEquals(new float[] {-1, 0, 7}, OnHeap.floats(Resampling.classes(labels, 3)));
        assertSame(labels, Resampling.classes(labels, 9));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        float[] values = random(12);
        long[] shape = {3, 4};
        refused("2 axes", Resampling.CUBIC, values, shape, 4);
        refused("at least 1", Resampling.CUBIC, values, shape, 4, 0);
        refused("their product", Resampling.CUBIC, values, new long[] {3, 5}, 4, 4);
        Resampling three = Resampling.of(Interpolation.CUBIC, Interpolation.CUBIC, Interpolation.CUBIC);
        refused("interpolations", three, values, shape, 4, 5);
        assertThrows(ArgumentException.class, Resampling::of);
        assertThrows(ArithmeticException.class, () -> Resampling.LINEAR.apply(values, shape, 1 << 20, 1 << 20));
    }

    private static void refused(String why, Resampling resampling, float[] values, long[] old, long... size) {
        ArgumentException refusal = assertThrows(ArgumentException.class, () -> resampling.apply(values, old, size));
        assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
    }

    private static float[] random(int length) {
        Random random = new Random(14);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}
