package io.mdnc4j.blocks.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Convolutions of floats, which oneDNN computes, against those of doubles, which it does not. */
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
        for (int i = 0; i < results[0].length; i++) {
            INDArray expected = results[1][i];
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
