package io.mdnc4j.blocks.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** No address of a closed array, of another type or of too few elements leaves Java. */
class MemoryTest {
    private static final double EPS = 1e-5;
    private static final long[] X = {2, 3, 4, 4};
    private static final long[] C = {3};

    private interface Kernel {
        void run(INDArray... arrays);
    }

    private static Arguments kernel(String name, Kernel kernel, long[]... shapes) {
        return Arguments.of(name, kernel, List.of(shapes));
    }

    static Stream<Arguments> kernels() {
        Kernels host = HostKernels.INSTANCE;
        Statistics own = Statistics.of(6);
        Stream<Arguments> loops = Stream.of(
                kernel("statistics", a -> host.statistics(a[0], Grouping.INSTANCE, EPS), X),
                kernel("normalize", a -> host.normalize(a[0], Grouping.INSTANCE, own, a[1], a[2], a[3]), X, C, C, X),
                kernel(
                        "normalizeByOwn",
                        a -> host.normalizeByOwn(a[0], Grouping.BATCH, EPS, a[1], a[2], a[3]),
                        X,
                        C,
                        C,
                        X),
                kernel(
                        "normalizeBackward",
                        a -> host.normalizeBackward(a[0], a[1], Grouping.INSTANCE, own, true, a[2], a[3], a[4], a[5]),
                        X,
                        X,
                        C,
                        X,
                        C,
                        C),
                kernel("prelu", a -> host.prelu(a[0], a[1], a[2]), X, C, X),
                kernel("preluBackward", a -> host.preluBackward(a[0], false, a[1], a[2], a[3], a[4]), X, X, C, X, C),
                kernel("least", a -> host.least(a[0]), X),
                kernel("interpolate", a -> host.interpolate(a[0], a[1]), X, new long[] {2, 3, 7, 8}),
                kernel("interpolateBackward", a -> host.interpolateBackward(a[1], a[0]), X, new long[] {2, 3, 7, 8}));
        // by primitives for convolutions, by products for each sample, and by products with a matrix of columns
        Stream<Arguments> convolutions = Stream.of(
                        convolution(3, new long[] {2, 3, 6, 6}, new long[] {4, 3, 3, 3}),
                        convolution(1, new long[] {2, 3, 6, 6}, new long[] {4, 3, 1, 1}),
                        convolution(3, new long[] {1, 128, 3, 3}, new long[] {512, 128, 3, 3}),
                        convolution(3, new long[] {2, 128, 3, 3}, new long[] {512, 128, 3, 3}))
                .flatMap(both -> both);
        return Stream.concat(loops, convolutions);
    }

    private static Stream<Arguments> convolution(int kernel, long[] x, long[] weight) {
        int pad = kernel / 2;
        Convolutions convolution = new Convolutions(new int[] {kernel, kernel}, new int[] {1, 1}, new int[] {pad, pad});
        long[] y = {x[0], weight[0], x[2], x[3]};
        long[] bias = {weight[0]};
        String name = "convolution " + Arrays.toString(x) + " " + kernel;
        return Stream.of(
                kernel(name, a -> convolution.forward(a[0], a[1], a[2], a[3]), x, weight, bias, y),
                kernel(
                        name + " backward",
                        a -> convolution.backward(a[0], a[1], a[6], a[2], a[3], a[4], a[5]),
                        x,
                        weight,
                        y,
                        x,
                        weight,
                        bias));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kernels")
    void closedArraysAreRefused(String name, Kernel kernel, List<long[]> shapes) {
        // the bias of a backward pass is not read
        INDArray further = Nd4j.zeros(DataType.FLOAT, shapes.get(shapes.size() - 1));
        kernel.run(arrays(shapes, further));
        for (int closed : IntStream.range(0, shapes.size()).toArray()) {
            INDArray[] arrays = arrays(shapes, further);
            arrays[closed].close();
            assertThrows(ArgumentException.class, () -> kernel.run(arrays), name + ", array " + closed);
        }
    }

    private static INDArray[] arrays(List<long[]> shapes, INDArray further) {
        return Stream.concat(shapes.stream().map(shape -> Nd4j.rand(DataType.FLOAT, shape)), Stream.of(further))
                .toArray(INDArray[]::new);
    }

    @Test
    void viewsOfClosedArraysAreRefused() {
        INDArray whole = Nd4j.rand(DataType.FLOAT, 4, 6);
        INDArray view = whole.getRow(1).reshape(6);
        whole.close();
        assertThrows(ArgumentException.class, () -> Rows.of(view));
    }

    @Test
    void otherTypesAndLengthsAreRefused() {
        INDArray floats = Nd4j.rand(DataType.FLOAT, 4, 6);
        assertThrows(IllegalArgumentException.class, () -> Rows.memory(floats, 25));
        assertThrows(IllegalArgumentException.class, () -> Rows.of(floats.castTo(DataType.DOUBLE)));
    }
}
