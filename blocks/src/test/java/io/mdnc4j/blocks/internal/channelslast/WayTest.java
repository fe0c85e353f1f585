package io.mdnc4j.blocks.internal.channelslast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.Alone;
import io.mdnc4j.blocks.internal.kernels.Convolutions;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** All ways of a convolution against ND4J's operations in double precision, and so against each other. */
class WayTest {
    private final Set<Way> seen = EnumSet.noneOf(Way.class);

    @Property(tries = 60)
    void candidatesAgree(
            @ForAll @IntRange(min = 1, max = 3) int axes,
            @ForAll @IntRange(min = 1, max = 40) int in,
            @ForAll @IntRange(min = 1, max = 70) int out,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @Size(3) List<@IntRange(min = 1, max = 9) Integer> size,
            @ForAll @Size(3) List<@IntRange(min = 0, max = 2) Integer> halfKernel,
            @ForAll @Size(3) List<@IntRange(min = 1, max = 2) Integer> stride,
            @ForAll boolean bias,
            @ForAll boolean add) {
        int[] padding = ints(halfKernel, axes);
        int[] kernel = Arrays.stream(padding).map(p -> 2 * p + 1).toArray();
        agree(new Convolutions(kernel, ints(stride, axes), padding), in, out, batch, ints(size, axes), bias, add);
    }

    /** Channels that fill oneDNN's blocks, few positions, kernels of 1: each way is there at least once. */
    @Example
    void everyWayIsACandidate() {
        int[] one = {1, 1};
        for (boolean bias : new boolean[] {true, false}) {
            agree(new Convolutions(one, one, new int[2]), 64, 64, 2, new int[] {8, 8}, bias, true);
            agree(new Convolutions(new int[] {3, 3}, one, one), 64, 64, 2, new int[] {4, 4}, bias, true);
            agree(new Convolutions(one, new int[] {2, 2}, new int[2]), 33, 64, 2, new int[] {8, 8}, bias, false);
            agree(new Convolutions(new int[] {3, 3}, one, one), 128, 128, 1, new int[] {9, 9}, bias, false);
        }
        assertEquals(EnumSet.allOf(Way.class), seen);
    }

    /** Of one channel and a width of at most the stride; oneDNN 3.8.1 has a kernel for AVX-512 that reads something else. */
    @Example
    void narrowMapsOfOneChannel() {
        for (int width = 1; width <= 4; width++) {
            for (int out : new int[] {1, 2, 16, 33}) {
                int[] size = {5, width};
                agree(
                        new Convolutions(new int[] {1, 3}, new int[] {1, 3}, new int[] {0, 1}),
                        1,
                        out,
                        2,
                        size,
                        true,
                        true);
                agree(
                        new Convolutions(new int[] {3, 5}, new int[] {1, 2}, new int[] {1, 2}),
                        1,
                        out,
                        1,
                        size,
                        false,
                        true);
            }
        }
    }

    /** Maps of several blocks, the last of which are not full; paddings of all sizes; by several threads, and by one alone. */
    @Example
    void tilesOfAllShapes() {
        int[][][] shapes = { // size, kernel, padding; channels and samples
            {{13, 30}, {3, 3}, {0, 2}, {17, 70, 3}},
            {{8, 9}, {3, 3}, {1, 1}, {300, 2, 1}},
            {{4, 9, 7}, {3, 3, 3}, {1, 1, 1}, {3, 5, 1}},
            {{30, 5, 6}, {3, 3, 3}, {1, 1, 1}, {5, 3, 2}},
            {{5, 12, 9}, {1, 3, 3}, {0, 1, 1}, {33, 8, 2}},
            {{6, 5, 5}, {3, 3, 3}, {2, 0, 1}, {8, 8, 1}},
            {{7, 3, 3}, {5, 3, 3}, {2, 1, 1}, {4, 3, 1}},
            {{1, 2, 3}, {3, 3, 3}, {1, 1, 1}, {1000, 64, 1}}, // output channels in two groups
        };
        for (int[][] shape : shapes) {
            int[] ones = new int[shape[1].length];
            Arrays.fill(ones, 1);
            Convolutions convolution = new Convolutions(shape[1], ones, shape[2]);
            int[] channels = shape[3];
            Runnable work = () -> agree(convolution, channels[0], channels[1], channels[2], shape[0], true, true);
            work.run();
            Alone.run(work);
        }
        assertTrue(seen.contains(Way.WINOGRAD));
    }

    private static int[] ints(List<Integer> values, int count) {
        return values.subList(0, count).stream().mapToInt(Integer::intValue).toArray();
    }

    private static INDArray random(long... shape) {
        return Nd4j.randn(DataType.FLOAT, shape);
    }

    private static long[] shape(long first, long second, int... rest) {
        return IntStream.range(0, rest.length + 2)
                .mapToLong(i -> i == 0 ? first : i == 1 ? second : rest[i - 2])
                .toArray();
    }

    private static Slot slot(long elements) {
        Slot slot = new Slot(elements, 0, 0);
        slot.offset = 0;
        slot.bind(new FloatPointer(elements + 16)); // kernels may want some alignment, and get that of the heap here
        return slot;
    }

    /** With the channels of each position side by side. */
    private static INDArray last(INDArray maps) {
        int[] order = IntStream.range(0, maps.rank())
                .map(axis -> axis == 0 ? 0 : axis == maps.rank() - 1 ? 1 : axis + 1)
                .toArray();
        return maps.permute(order).dup('c');
    }

    private static Slot slot(INDArray array) {
        Slot slot = slot(array.length());
        slot.buffer().put(0, array.dup('c').data().asFloat());
        return slot;
    }

    private static void close(INDArray expected, Slot actual, Object what) {
        float[] values = new float[(int) expected.length()];
        actual.buffer().get(0, values);
        double[] wanted = expected.data().asDouble();
        double largest = Math.max(1, expected.amaxNumber().doubleValue());
        for (int i = 0; i < values.length; i++) {
            assertEquals(wanted[i], values[i], 3e-6 * largest * Math.sqrt(values.length + 100), () -> what.toString());
        }
    }

    private void agree(Convolutions convolution, int in, int out, int batch, int[] size, boolean bias, boolean add) {
        Assume.that(OneDnn.AVAILABLE);
        INDArray x = random(shape(batch, in, size));
        INDArray weight = random(shape(out, in, convolution.kernel()));
        INDArray biases = bias ? random(out) : null;
        long[] outer = convolution.outputSize(Arrays.stream(size).asLongStream().toArray());
        INDArray dy = random(shape(
                batch, out, Arrays.stream(outer).mapToInt(Math::toIntExact).toArray()));
        INDArray y = dy.like().castTo(DataType.DOUBLE);
        INDArray dx = x.like().castTo(DataType.DOUBLE);
        INDArray dWeight = weight.like().castTo(DataType.DOUBLE);
        INDArray dBias = bias ? Nd4j.create(DataType.DOUBLE, out) : null;
        INDArray doubles = bias ? biases.castTo(DataType.DOUBLE) : null;
        INDArray xd = x.castTo(DataType.DOUBLE);
        INDArray wd = weight.castTo(DataType.DOUBLE);
        convolution.forward(xd, wd, doubles, y);
        convolution.backward(xd, wd, doubles, dy.castTo(DataType.DOUBLE), dx, dWeight, dBias);

        Maps inner = new Maps(batch, in, Arrays.copyOfRange(x.shape(), 2, x.rank()));
        Convolved of = new Convolved(convolution, bias, InferencePrecision.FLOAT, inner, new Maps(batch, out, outer));
        for (Pass pass : Pass.values()) {
            Set<Way> ways = EnumSet.of(Way.rule(pass, of));
            ways.addAll(Way.candidates(pass, of));
            seen.addAll(ways);
            for (Way way : ways) {
                String what = pass + " " + way + " " + of + " bias " + bias + " add " + add;
                Kernel kernel = way.create(pass, of);
                boolean adds = add && pass == Pass.DATA;
                Slot scratch = slot(Math.max(1, kernel.scratch(adds)));
                Slot xs = slot(last(x));
                Slot weights = slot(weight);
                Slot ofBias = bias ? slot(biases) : null;
                Slot ys = slot(last(dy));
                kernel.run(
                        OneDnn.ofThread(),
                        new Kernel.Operands(
                                xs,
                                weights.pointer(),
                                bias && pass != Pass.DATA ? ofBias.pointer() : null,
                                ys,
                                scratch,
                                adds));
                kernel.free();
                switch (pass) {
                    case FORWARD -> close(last(y), ys, what);
                    case DATA -> close(last(adds ? dx.add(xd) : dx), xs, what);
                    case WEIGHTS -> {
                        close(dWeight, weights, what);
                        if (bias) {
                            close(dBias, ofBias, what);
                        }
                    }
                }
            }
        }
        of.free();
    }
}
