package io.mdnc4j.blocks.internal.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution of float arrays of certain shapes, {@code [N, C, size...]}, in the way that is fastest for them. It goes by
 * where the arrays lie; that a 1D convolution is one of images here concerns their shapes alone.
 */
sealed interface HostConvolution permits ConvolutionPlan, MatrixConvolution {
    /** {@code y = conv(x, weight) + bias}; {@code bias} is {@code null} where there is none. */
    void forward(INDArray x, INDArray weight, INDArray bias, INDArray y);

    /** Whether oneDNN has the primitives of {@link #backward}, which it then creates. */
    boolean canGoBackward();

    /** Gradients of {@link #forward}, overwriting {@code dx}, {@code dWeight} and {@code dBias}. */
    void backward(INDArray x, INDArray weight, INDArray dy, INDArray dx, INDArray dWeight, INDArray dBias);

    /** Frees its native objects; it cannot compute any more. */
    void free();

    /**
     * The calling thread's, which it keeps as long as {@link OneDnn} has room for it: to be used at once, not to be held.
     *
     * @return empty where oneDNN is missing or cannot do it
     */
    static Optional<HostConvolution> of(
            Convolutions convolution, long[] xShape, long[] weightShape, long[] yShape, boolean bias) {
        if (!OneDnn.AVAILABLE) {
            return Optional.empty();
        }
        OneDnn oneDnn = OneDnn.ofThread();
        List<?> description = List.of(
                LongStream.of(xShape).boxed().toList(),
                LongStream.of(weightShape).boxed().toList(),
                Arrays.stream(convolution.stride()).boxed().toList(),
                Arrays.stream(convolution.padding()).boxed().toList(),
                bias);
        ColumnMatrix columns = new ColumnMatrix(convolution, xShape, yShape);
        Supplier<HostConvolution> plan =
                () -> new ConvolutionPlan(oneDnn, convolution, xShape, weightShape, yShape, bias);
        return oneDnn.convolution(
                description,
                MatrixConvolution.suits(columns, weightShape)
                        ? List.of(() -> new MatrixConvolution(oneDnn, columns, weightShape, bias), plan)
                        : List.of(plan));
    }
}
