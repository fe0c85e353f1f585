package io.mdnc4j.blocks.internal.kernels;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Convolutions as ND4J's native operations with PyTorch's weight layout, {@code [out, in, k...]}. With oneDNN they run at
 * the speed of its kernels; a 1D convolution is a 2D one of height 1.
 *
 * @param kernel kernel size, one number an axis
 * @param stride stride, one number an axis
 * @param padding zeros added on both sides, one number an axis
 */
public record Convolutions(int[] kernel, int[] stride, int[] padding) {
    private static final int PADDING_GIVEN = 0;
    private static final int CHANNELS_FIRST = 0;
    private static final int WEIGHTS_OUT_IN_KERNEL = 1;

    /** {@code y = conv(x, weight) + bias}; {@code bias} may be {@code null}. */
    public void forward(INDArray x, INDArray weight, INDArray bias, INDArray y) {
        Optional<HostConvolution> plan = plan(x, weight, bias, y);
        if (plan.isPresent()) {
            plan.get().forward(x, weight, bias, y);
            return;
        }
        run("", given(images(x), images(weight), bias), images(y));
    }

    /** Gradients of {@link #forward}, overwriting {@code dx}, {@code dWeight} and {@code dBias}. */
    public void backward(
            INDArray x, INDArray weight, INDArray bias, INDArray dy, INDArray dx, INDArray dWeight, INDArray dBias) {
        if (readsBeyondDepth(x)) {
            backwardPadded(x, weight, bias, dy, dx, dWeight, dBias);
            return;
        }
        backwardAsIs(x, weight, bias, dy, dx, dWeight, dBias);
    }

    private void backwardAsIs(
            INDArray x, INDArray weight, INDArray bias, INDArray dy, INDArray dx, INDArray dWeight, INDArray dBias) {
        Optional<HostConvolution> plan = plan(x, weight, bias, dy, dx, dWeight, dBias);
        if (plan.isPresent() && plan.get().canGoBackward()) {
            plan.get().backward(x, weight, dy, dx, dWeight, dBias);
        } else {
            run("_bp", given(images(x), images(weight), bias, images(dy)), given(images(dx), images(dWeight), dBias));
        }
    }

    /** How oneDNN's own primitives compute it; empty where they cannot. */
    private Optional<HostConvolution> plan(INDArray x, INDArray weight, INDArray bias, INDArray y, INDArray... others) {
        return Rows.serve(x, weight, bias, y) && Rows.serve(others)
                ? HostConvolution.of(
                        asImages(),
                        imageShape(x.shape()),
                        imageShape(weight.shape()),
                        imageShape(y.shape()),
                        bias != null)
                : Optional.empty();
    }

    /**
     * Where a strided 3D kernel reaches over both ends of a flat volume, oneDNN's weight gradient (as of ND4J M2.1) reads
     * beyond the input: seen at depth 3 with kernel 3 and stride 2, and alike for larger kernels. With the padding stored
     * in the input it is right.
     */
    private boolean readsBeyondDepth(INDArray x) {
        return kernel.length == 3 && stride[0] > 1 && padding[0] > 0 && x.size(2) < 2L * kernel[0];
    }

    private void backwardPadded(
            INDArray x, INDArray weight, INDArray bias, INDArray dy, INDArray dx, INDArray dWeight, INDArray dBias) {
        long depth = x.size(2);
        INDArray padded =
                Nd4j.create(x.dataType(), x.size(0), x.size(1), depth + 2L * padding[0], x.size(3), x.size(4));
        INDArrayIndex[] inner = new INDArrayIndex[5];
        Arrays.fill(inner, NDArrayIndex.all());
        inner[2] = NDArrayIndex.interval(padding[0], padding[0] + depth);
        padded.get(inner).assign(x);
        INDArray dPadded = Nd4j.createUninitialized(x.dataType(), padded.shape());
        Convolutions unpadded = new Convolutions(kernel, stride, new int[] {0, padding[1], padding[2]});
        unpadded.backwardAsIs(padded, weight, bias, dy, dPadded, dWeight, dBias);
        dx.assign(dPadded.get(inner));
    }

    private static INDArray[] given(INDArray... arrays) {
        return Arrays.stream(arrays).filter(Objects::nonNull).toArray(INDArray[]::new);
    }

    /** The size of the output for inputs of that size, {@code floor((size + 2 padding - kernel) / stride) + 1}. */
    public long[] outputSize(long[] size) {
        long[] result = new long[size.length];
        for (int i = 0; i < size.length; i++) {
            result[i] = size[i] < 0 ? size[i] : (size[i] + 2L * padding[i] - kernel[i]) / stride[i] + 1;
        }
        return result;
    }

    private void run(String suffix, INDArray[] inputs, INDArray... outputs) {
        String name = kernel.length == 3 ? "conv3dnew" : "conv2d";
        Nd4j.exec(DynamicCustomOp.builder(name + suffix)
                .addInputs(inputs)
                .addOutputs(outputs)
                .addIntegerArguments(arguments())
                .build());
    }

    private int[] arguments() {
        int axes = Math.max(2, kernel.length);
        int[] arguments = new int[4 * axes + 3];
        Arrays.fill(arguments, 0, 2 * axes, 1);
        Arrays.fill(arguments, 3 * axes, 4 * axes, 1); // dilation
        int first = axes - kernel.length;
        System.arraycopy(kernel, 0, arguments, first, kernel.length);
        System.arraycopy(stride, 0, arguments, axes + first, kernel.length);
        System.arraycopy(padding, 0, arguments, 2 * axes + first, kernel.length);
        arguments[4 * axes] = PADDING_GIVEN;
        arguments[4 * axes + 1] = CHANNELS_FIRST;
        arguments[4 * axes + 2] = WEIGHTS_OUT_IN_KERNEL;
        return arguments;
    }

    /** A 1D convolution as a 2D one of height 1; others as they are. */
    private Convolutions asImages() {
        return kernel.length == 1
                ? new Convolutions(new int[] {1, kernel[0]}, new int[] {1, stride[0]}, new int[] {0, padding[0]})
                : this;
    }

    /** {@code [a, b, L]} as {@code [a, b, 1, L]}; others as they are. */
    private static INDArray images(INDArray array) {
        return array.rank() == 3 ? array.reshape('c', imageShape(array.shape())) : array;
    }

    private static long[] imageShape(long[] shape) {
        return shape.length == 3 ? new long[] {shape[0], shape[1], 1, shape[2]} : shape;
    }
}
