package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.training.arrays.Axes;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SlidingWindowsTest {
    private static final int CHANNELS = 2;

    /** From two channels to three: values that depend on those of the window and on the place in it. */
    private static float[] answer(float[] window) {
        int length = window.length / CHANNELS;
        float[] output = new float[3 * length];
        for (int i = 0; i < length; i++) {
            output[i] = window[i] * window[i];
            output[length + i] = window[length + i] + 0.01f * i;
            output[2 * length + i] = (float) Math.sin(window[i]) - window[length + i];
        }
        return output;
    }

    private static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    private static final UnaryOperator<INDArray> FUNCTION = batch -> {
        long[] shape = batch.shape().clone();
        shape[1] = 3;
        INDArray outputs = Nd4j.createUninitialized(DataType.FLOAT, shape);
        for (int n = 0; n < shape[0]; n++) {
            float[] output = answer(floats(batch.slice(n)));
            outputs.slice(n)
                    .assign(Nd4j.createFromArray(output).reshape('c', Arrays.copyOfRange(shape, 1, shape.length)));
        }
        return outputs;
    };

    private static int product(int... size) {
        return Arrays.stream(size).reduce(1, (a, b) -> a * b);
    }

    private static int[] position(int flat, int... size) {
        int[] position = new int[size.length];
        for (int axis = size.length - 1, rest = flat; axis >= 0; axis--) {
            position[axis] = rest % size[axis];
            rest /= size[axis];
        }
        return position;
    }

    private static int flat(int[] position, int... size) {
        int flat = 0;
        for (int axis = 0; axis < size.length; axis++) {
            flat = flat * size[axis] + position[axis];
        }
        return flat;
    }

    /** The definition in plain loops: evenly spread windows, and the mean of their outputs with weights, in floats. */
    private static float[] reference(float[] input, int[] size, int[] wanted, double overlap, double[][] weights) {
        int axes = size.length;
        int[] window = new int[axes];
        int[] counts = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
            window[axis] = Math.min(wanted[axis], size[axis]);
            double stride = Math.max(1, window[axis] * (1 - overlap));
            counts[axis] = (int) Math.ceil((size[axis] - window[axis]) / stride) + 1;
        }
        if (product(counts) == 1) {
            return answer(input);
        }
        int whole = product(size);
        int part = product(window);
        float[] sum = new float[3 * whole];
        float[] weight = new float[whole];
        for (int w = 0; w < product(counts); w++) {
            int[] start = position(w, counts);
            for (int axis = 0; axis < axes; axis++) {
                double rest = size[axis] - window[axis];
                start[axis] = counts[axis] == 1 ? 0 : (int) Math.round(rest * start[axis] / (counts[axis] - 1));
            }
            int[] places = new int[part];
            float[] ofPlace = new float[part];
            float[] values = new float[CHANNELS * part];
            for (int i = 0; i < part; i++) {
                int[] inWindow = position(i, window);
                int[] place = IntStream.range(0, axes)
                        .map(axis -> start[axis] + inWindow[axis])
                        .toArray();
                places[i] = flat(place, size);
                ofPlace[i] = 1;
                for (int axis = 0; axis < axes; axis++) {
                    ofPlace[i] *= (float) weights[axis][inWindow[axis]];
                }
                for (int c = 0; c < CHANNELS; c++) {
                    values[c * part + i] = input[c * whole + places[i]];
                }
            }
            float[] output = answer(values);
            for (int i = 0; i < part; i++) {
                weight[places[i]] += ofPlace[i];
                for (int c = 0; c < 3; c++) {
                    sum[c * whole + places[i]] += output[c * part + i] * ofPlace[i];
                }
            }
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= weight[i % whole];
        }
        return sum;
    }

    private static double[] hann(int length) {
        return IntStream.range(0, length)
                .mapToDouble(i -> Math.sin(Math.PI * (i + 0.5) / length))
                .map(sine -> Math.max(sine * sine, 1e-3))
                .toArray();
    }

    private static int[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    private static long[] longs(int... numbers) {
        return Arrays.stream(numbers).asLongStream().toArray();
    }

    private static INDArray random(int... size) {
        return Nd4j.randn(DataType.FLOAT, Axes.prepended(CHANNELS, longs(size)));
    }

    /** Bit by bit, with the defaults: half of a window overlaps, Hann's weights. */
    @ParameterizedTest
    @CsvSource({
        "50, 16",
        "16, 16",
        "17, 16",
        "5, 16",
        "9, 1",
        "33 20, 8 8",
        "7 40, 16 16",
        "20 9, 5 4",
        "13 8 21, 8 8 8",
        "9 10 11, 4 6 16"
    })
    void equalsPlainLoops(String sizes, String windows) {
        int[] size = numbers(sizes);
        int[] window = numbers(windows);
        double[][] weights = new double[size.length][];
        Arrays.setAll(weights, axis -> hann(Math.min(size[axis], window[axis])));
        INDArray input = random(size);
        SlidingWindows sliding =
                SlidingWindows.builder().window(longs(window)).batch(3).build();
        INDArray output = sliding.apply(input, FUNCTION);
        assertArrayEquals(Axes.prepended(3, longs(size)), output.shape());
        assertArrayEquals(reference(floats(input), size, window, 0.5, weights), floats(output));
    }

    @ParameterizedTest
    @CsvSource({"GAUSSIAN, 0.5", "GAUSSIAN, 0.25", "CONSTANT, 0", "CONSTANT, 0.9", "HANN, 0.25"})
    void blendsAndOverlaps(Blend blend, double overlap) {
        int[] size = {31, 22};
        int[] window = {8, 10};
        INDArray input = random(size);
        SlidingWindows sliding = SlidingWindows.builder()
                .window(8, 10)
                .blend(blend)
                .overlap(overlap)
                .build();
        assertArrayEquals(
                reference(floats(input), size, window, overlap, new double[][] {blend.weights(8), blend.weights(10)}),
                floats(sliding.apply(input, FUNCTION)));
    }

    @Test
    void weights() {
        assertArrayEquals(hann(7), Blend.HANN.weights(7));
        assertArrayEquals(new double[] {1, 1, 1}, Blend.CONSTANT.weights(3));
        // a Gaussian of deviation 8 / 8 around element 8 / 2
        double[] exponents = {-8, -4.5, -2, -0.5, 0, -0.5, -2, -4.5};
        assertArrayEquals(Arrays.stream(exponents).map(Math::exp).toArray(), Blend.GAUSSIAN.weights(8), 1e-15);
        assertEquals(Blend.GAUSSIAN, Coded.parse(Blend.class, "blend", "gaussian"));
    }

    /** Windows of several inputs share batches; each comes out as it does alone, in order. */
    @Test
    void batchesOfSeveralInputs() {
        List<Integer> batches = new ArrayList<>();
        SlidingWindows sliding = SlidingWindows.builder().window(8).batch(4).build();
        List<Example> examples = IntStream.of(8, 8, 20, 5, 8)
                .mapToObj(length -> new Example("of " + length, random(length), null))
                .toList();
        List<Example> seen = new ArrayList<>();
        sliding.apply(
                Examples.of(examples),
                batch -> {
                    batches.add((int) batch.size(0));
                    return FUNCTION.apply(batch);
                },
                (example, output) -> {
                    seen.add(example);
                    assertArrayEquals(floats(sliding.apply(example.input(), FUNCTION)), floats(output));
                });
        assertEquals(examples, seen);
        assertEquals(List.of(4, 2, 1, 1), batches);
    }

    /** What the function does not take ends those inputs of which it had windows, no others. */
    @Test
    void aFunctionThatFails() {
        List<String> ends = new ArrayList<>();
        List<Integer> lengths = List.of(20, 5, 30);
        SlidingWindows.builder()
                .window(8)
                .batch(4)
                .build()
                .apply(lengths.stream().map(length -> flow(length, ends)).iterator(), batch -> {
                    if (batch.size(2) < 8) {
                        throw new IllegalArgumentException("too small");
                    }
                    return FUNCTION.apply(batch);
                });
        assertEquals(List.of("20 done", "5 closed", "5 too small", "30 done"), ends);
    }

    private static Flow flow(int length, List<String> ends) {
        return new Flow() {
            @Override
            public RegionSource open() {
                return RegionSource.of(random(length));
            }

            @Override
            public SlabSink sink() {
                return new SlabSink() {
                    private boolean finished;

                    @Override
                    public void accept(INDArray slab) {
                        assertEquals(3, slab.size(0));
                    }

                    @Override
                    public void finish() {
                        finished = true;
                        ends.add(length + " done");
                    }

                    @Override
                    public void close() {
                        if (!finished) {
                            ends.add(length + " closed");
                        }
                    }
                };
            }

            @Override
            public void failed(RuntimeException problem) {
                ends.add(length + " " + problem.getMessage());
            }
        };
    }

    @Test
    void inputsMayBeViews() {
        INDArray all = Nd4j.randn(DataType.FLOAT, 30, 24, 4);
        INDArray view =
                all.permute(2, 0, 1).get(NDArrayIndex.interval(1, 3), NDArrayIndex.interval(2, 27), NDArrayIndex.all());
        SlidingWindows sliding = SlidingWindows.builder().window(8).build();
        assertArrayEquals(floats(sliding.apply(view.dup('c'), FUNCTION)), floats(sliding.apply(view, FUNCTION)));
        INDArray one = view.get(NDArrayIndex.all(), NDArrayIndex.interval(3, 8), NDArrayIndex.interval(1, 9));
        assertArrayEquals(floats(sliding.apply(one.dup('c'), FUNCTION)), floats(sliding.apply(one, FUNCTION)));
    }

    @Test
    void wholeInputs() {
        SlidingWindows whole = SlidingWindows.builder().build();
        INDArray input = random(30, 20);
        assertArrayEquals(answer(floats(input)), floats(whole.apply(input, FUNCTION)));
        INDArray perExample = whole.apply(input, batch -> Nd4j.ones(DataType.FLOAT, batch.size(0), 5));
        assertArrayEquals(new long[] {5}, perExample.shape());
    }

    @Test
    void mistakesAreNamed() {
        SlidingWindows.Builder builder = SlidingWindows.builder();
        assertEquals("window", refused(() -> builder.window(8, 0)).argument());
        assertEquals("overlap", refused(() -> builder.overlap(1)).argument());
        assertEquals("overlap", refused(() -> builder.overlap(Double.NaN)).argument());
        assertEquals("batch", refused(() -> builder.batch(0)).argument());
        SlidingWindows sliding = builder.window(8).build();
        assertEquals(
                "function",
                refused(() -> sliding.apply(random(20), batch -> Nd4j.ones(DataType.FLOAT, 1, 3)))
                        .argument());
        ArgumentException perExample =
                refused(() -> sliding.apply(random(20), batch -> Nd4j.ones(DataType.FLOAT, batch.size(0), 3)));
        assertTrue(perExample.getMessage().contains("for a window [8]"), perExample.getMessage());
    }

    private static ArgumentException refused(Executable call) {
        return assertThrows(ArgumentException.class, call);
    }

    @Test
    void aBuilderIsACopy() {
        SlidingWindows.Builder builder = SlidingWindows.builder().window(8, 9);
        SlidingWindows first = builder.build();
        builder.overlap(0.25).blend(Blend.CONSTANT).batch(2).window(4);
        first.window()[0] = 100;
        assertArrayEquals(new long[] {8, 9}, first.window());
        assertEquals(0.5, first.overlap());
        assertEquals(Blend.HANN, first.blend());
        assertEquals(16, first.batch());
        assertEquals(first.toString(), first.toBuilder().build().toString());
    }

    private static long[] starts(long size, long window, double overlap) {
        WindowGrid grid = WindowGrid.of(new long[] {size}, new long[] {window}, overlap);
        return IntStream.range(0, grid.count()).mapToLong(i -> grid.start(i)[0]).toArray();
    }

    @Test
    void windowsOverlapAsMuchAsIsAskedFor() {
        assertArrayEquals(new long[] {0}, starts(10, 10, 0.5));
        assertArrayEquals(new long[] {0, 1}, starts(11, 10, 0.5));
        assertArrayEquals(new long[] {0, 5, 10}, starts(20, 10, 0.5));
        assertArrayEquals(new long[] {0, 1, 2}, starts(3, 1, 0.5));
        assertArrayEquals(new long[] {0, 10}, starts(20, 10, 0));
        assertArrayEquals(new long[] {0, 6, 11}, starts(21, 10, 0));
        assertArrayEquals(new long[] {0, 7, 13, 20}, starts(30, 10, 0.25));
        assertArrayEquals(new long[] {-2}, starts(7, 10, 0), "a larger window is centred");
        WindowGrid even = WindowGrid.of(new long[] {21}, new long[] {10}, 0, RoundingMode.HALF_EVEN);
        assertArrayEquals(
                new long[] {0, 6, 11},
                IntStream.range(0, 3).mapToLong(i -> even.start(i)[0]).toArray());
        WindowGrid tie = WindowGrid.of(new long[] {19}, new long[] {10}, 0.5, RoundingMode.HALF_EVEN);
        assertArrayEquals(new long[] {0, 5, 9}, starts(19, 10, 0.5), "in the middle the later one");
        assertEquals(4, tie.start(1)[0], "or the even one");
        assertThrows(
                ArgumentException.class, () -> WindowGrid.of(new long[] {19}, new long[] {10}, 0.5, RoundingMode.UP));
        WindowGrid grid = WindowGrid.of(new long[] {20, 11}, new long[] {10, 10}, 0.5);
        assertEquals(6, grid.count());
        assertArrayEquals(new long[] {5, 1}, grid.start(3));
        assertThrows(IndexOutOfBoundsException.class, () -> grid.start(6));
        assertThrows(
                ArgumentException.class,
                () -> WindowGrid.of(new long[] {1L << 40, 8}, new long[] {1, 8}, 0.5),
                "more windows than can be counted");
    }
}
