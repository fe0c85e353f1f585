package io.mdnc4j.blocks.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Convolutions of floats, which oneDNN computes in two ways, against those of doubles, which ND4J computes. */
class ConvolutionsTest {
    /** oneDNN's own weight gradient reads beyond such inputs. */
    @Property(tries = 12)
    void flatVolumesAgreeWithDoubles(@ForAll @IntRange(min = 3, max = 5) int depth, @ForAll boolean bias) {
        floatsAgreeWithDoubles(3, 32, 32, 1, List.of(depth, 6, 5), List.of(1, 1, 1), List.of(depth - 1, 2, 2), bias);
    }

    @Property(tries = 150)
    void floatsAgreeWithDoubles(
            @ForAll @IntRange(min = 1, max = 3) int axes,
            @ForAll @IntRange(min = 1, max = 33) int in,
            @ForAll @IntRange(min = 1, max = 33) int out,
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @Size(3) List<@IntRange(min = 1, max = 9) Integer> size,
            @ForAll @Size(3) List<@IntRange(min = 0, max = 2) Integer> halfKernel,
            @ForAll @Size(3) List<@IntRange(min = 1, max = 3) Integer> stride,
            @ForAll boolean bias) {
        int[] padding = ints(halfKernel, axes);
        int[] kernel = Arrays.stream(padding).map(p -> 2 * p + 1).toArray();
        Convolutions convolution = new Convolutions(kernel, ints(stride, axes), padding);
        long[] lengths = Arrays.stream(ints(size, axes)).asLongStream().toArray();
        INDArray x = random(shape(batch, in, lengths));
        INDArray weight =
                random(shape(out, in, Arrays.stream(kernel).asLongStream().toArray()));
        INDArray biases = bias ? random(out) : null;
        INDArray dy = random(shape(batch, out, convolution.outputSize(lengths)));

        INDArray[][] results = new INDArray[2][];
        DataType[] types = {DataType.FLOAT, DataType.DOUBLE};
        for (int i = 0; i < 2; i++) {
            INDArray y = Nd4j.create(types[i], dy.shape());
            INDArray dx = Nd4j.create(types[i], x.shape());
            INDArray dWeight = Nd4j.create(types[i], weight.shape());
            INDArray dBias = bias ? Nd4j.create(types[i], (long) out) : null;
            INDArray typedBias = bias ? biases.castTo(types[i]) : null;
            convolution.forward(x.castTo(types[i]), weight.castTo(types[i]), typedBias, y);
            convolution.backward(
                    x.castTo(types[i]), weight.castTo(types[i]), typedBias, dy.castTo(types[i]), dx, dWeight, dBias);
            results[i] = bias ? new INDArray[] {y, dx, dWeight, dBias} : new INDArray[] {y, dx, dWeight};
        }
        assertClose(results);
    }

    /** Both ways of the host, whichever of them would be chosen, in one order of the arguments and the other. */
    @Property(tries = 100)
    void matricesAgreeWithPrimitives(
            @ForAll @IntRange(min = 1, max = 3) int axes,
            @ForAll @IntRange(min = 1, max = 40) int in,
            @ForAll @IntRange(min = 1, max = 40) int out,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @Size(3) List<@IntRange(min = 1, max = 9) Integer> size,
            @ForAll @Size(3) List<@IntRange(min = 0, max = 1) Integer> halfKernel,
            @ForAll @Size(3) List<@IntRange(min = 1, max = 2) Integer> stride,
            @ForAll boolean bias) {
        Assume.that(OneDnn.AVAILABLE);
        int spatial = Math.max(2, axes);
        int[] padding = ints(halfKernel, spatial);
        int[] kernel = Arrays.stream(padding).map(p -> 2 * p + 1).toArray();
        Convolutions convolution = new Convolutions(kernel, ints(stride, spatial), padding);
        long[] lengths = Arrays.stream(ints(size, spatial)).asLongStream().toArray();
        INDArray x = random(shape(batch, in, lengths));
        INDArray weight =
                random(shape(out, in, Arrays.stream(kernel).asLongStream().toArray()));
        INDArray biases = bias ? random(out) : null;
        INDArray dy = random(shape(batch, out, convolution.outputSize(lengths)));
        OneDnn oneDnn = OneDnn.ofThread();
        HostConvolution[] ways = {
            new MatrixConvolution(oneDnn, new ColumnMatrix(convolution, x.shape(), dy.shape()), weight.shape(), bias),
            new ConvolutionPlan(oneDnn, convolution, x.shape(), weight.shape(), dy.shape(), bias)
        };
        INDArray[][] results = new INDArray[2][];
        for (int i = 0; i < 2; i++) {
            INDArray y = dy.like();
            INDArray dWeight = weight.like();
            INDArray dBias = bias ? biases.like() : null;
            INDArray dx = x.like();
            ways[i].forward(x, weight, biases, y);
            results[i] = bias ? new INDArray[] {y, dWeight, dx, dBias} : new INDArray[] {y, dWeight, dx};
            assertTrue(ways[i].canGoBackward());
            if (spatial < 3) { // see flatVolumesAgreeWithDoubles
                ways[i].backward(x, weight, dy, dx, dWeight, dBias);
            }
        }
        assertClose(results);
    }

    /** Shapes for which the rules choose matrices with samples side by side. */
    @Example
    void manyWeightsAgreeWithDoubles() {
        floatsAgreeWithDoubles(1, 400, 512, 8, List.of(16, 1, 1), List.of(1, 0, 0), List.of(1, 1, 1), true);
        floatsAgreeWithDoubles(2, 400, 640, 3, List.of(4, 6, 1), List.of(1, 1, 0), List.of(2, 1, 1), false);
        floatsAgreeWithDoubles(3, 130, 512, 2, List.of(4, 4, 3), List.of(1, 1, 1), List.of(1, 1, 1), true);
    }

    /** The refusals are oneDNN's own: an output that is not the convolution's, a matrix of less than no rows. */
    @Example
    void whatOneDnnRefusesConcernsThatShapeAlone() {
        Assume.that(OneDnn.AVAILABLE);
        OneDnn oneDnn = OneDnn.ofThread();
        Convolutions convolution = new Convolutions(new int[] {3, 3}, new int[] {1, 1}, new int[] {1, 1});
        long[] x = {1, 2, 5, 5};
        long[] weight = {4, 2, 3, 3};
        long[] y = {1, 4, 5, 5};
        Supplier<HostConvolution> right = () -> new ConvolutionPlan(oneDnn, convolution, x, weight, y, false);
        Supplier<HostConvolution> wrong =
                () -> new ConvolutionPlan(oneDnn, convolution, x, weight, new long[] {1, 4, 9, 9}, false);
        Supplier<HostConvolution> product = () -> {
            throw new AssertionError(
                    new MatrixProduct(oneDnn, new Natives(), new MatrixProduct.Form(-1, 2, 3, false, false, false)));
        };
        assertTrue(oneDnn.convolution(List.of("wrong"), List.of(wrong)).isEmpty());
        assertTrue(oneDnn.convolution(List.of("right"), List.of(right)).isPresent());
        assertTrue(
                oneDnn.convolution(List.of("product"), List.of(product, right)).get() instanceof ConvolutionPlan);
        // a fault is no refusal, and is not kept as one
        assertThrows(
                IllegalStateException.class,
                () -> oneDnn.convolution(List.of("fault"), List.of(() -> {
                    throw new IllegalStateException("a fault");
                })));
        assertTrue(oneDnn.convolution(List.of("fault"), List.of(right)).isPresent());
    }

    private static void assertClose(INDArray[][] results) {
        for (int i = 0; i < results[0].length; i++) {
            INDArray expected = results[1][i].castTo(DataType.DOUBLE);
            double error = results[0][i]
                    .castTo(DataType.DOUBLE)
                    .sub(expected)
                    .amaxNumber()
                    .doubleValue();
            double scale = Math.max(1, expected.amaxNumber().doubleValue());
            assertTrue(error <= 1e-4 * scale, "result " + i + " differs by " + error + " at scale " + scale);
        }
    }

    private static long[] shape(long first, long second, long[] rest) {
        long[] shape = new long[rest.length + 2];
        shape[0] = first;
        shape[1] = second;
        System.arraycopy(rest, 0, shape, 2, rest.length);
        return shape;
    }

    private static int[] ints(List<Integer> values, int count) {
        return values.stream().limit(count).mapToInt(Integer::intValue).toArray();
    }

    private static INDArray random(long... shape) {
        return Nd4j.randn(DataType.FLOAT, shape);
    }
}
