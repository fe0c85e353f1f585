package io.mdnc4j.blocks;

import static io.mdnc4j.blocks.ArgumentException.require;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Kernel and scaling of a block, one number an axis. It keeps copies of its arrays and hands out copies, and is equal to
 * another one with the same numbers.
 *
 * @param kernelSize kernel size, at least 1
 * @param stride the factor by which the size shrinks or grows; whole numbers when scaling down
 * @param padding zeros added on both sides by the convolution, at least 0
 * @param scaler the direction of the scaling
 * @param outputSize the size to upsample to instead of by {@code stride}; {@code null} for none, and only with
 *     {@link Scaler#UP}
 */
public record Geometry(int[] kernelSize, double[] stride, int[] padding, Scaler scaler, long @Nullable [] outputSize) {
    /**
     * Copies and checks every argument.
     *
     * @param kernelSize kernel size, at least 1
     * @param stride finite factors above 0; to scale down, whole numbers
     * @param padding at least 0
     * @param scaler the direction of the scaling
     * @param outputSize at least 1, or {@code null}; only with {@link Scaler#UP}
     * @throws ArgumentException if one is out of range, or has not one number an axis
     */
    public Geometry {
        kernelSize = kernelSize.clone();
        stride = stride.clone();
        padding = padding.clone();
        outputSize = outputSize == null ? null : outputSize.clone();
        SpatialDims dims = SpatialDims.of(kernelSize.length);
        requireAxes(dims, "stride", stride.length);
        requireAxes(dims, "padding", padding.length);
        require(Arrays.stream(kernelSize).allMatch(k -> k >= 1), "kernelSize", kernelSize, "use at least 1");
        require(Arrays.stream(padding).allMatch(p -> p >= 0), "padding", padding, "use at least 0");
        if (scaler == Scaler.DOWN) {
            require(
                    Arrays.stream(stride).allMatch(s -> s >= 1 && s == Math.rint(s) && s <= Integer.MAX_VALUE),
                    "stride",
                    stride,
                    "use whole numbers of at least 1 to scale down");
            require(outputSize == null, "outputSize", outputSize, "use it with Scaler.UP only");
        } else {
            require(
                    Arrays.stream(stride).allMatch(s -> s > 0 && Double.isFinite(s)),
                    "stride",
                    stride,
                    "use finite numbers above 0");
        }
        if (outputSize != null) {
            requireAxes(dims, "outputSize", outputSize.length);
            require(Arrays.stream(outputSize).allMatch(s -> s >= 1), "outputSize", outputSize, "use at least 1");
        }
    }

    private static void requireAxes(SpatialDims dims, String argument, int length) {
        require(
                length == dims.count(),
                argument,
                length + " numbers where kernelSize has " + dims.count(),
                "give one number an axis");
    }

    /**
     * A convolution that keeps the size of its input where the kernel is odd: padding {@code k / 2}, no scaling.
     *
     * @param kernelSize kernel size, one number an axis, at least 1
     * @return the geometry
     * @throws ArgumentException if there are not one to three numbers of at least 1
     */
    public static Geometry keeping(int... kernelSize) {
        return new Geometry(kernelSize, ones(kernelSize.length), half(kernelSize), Scaler.DOWN, null);
    }

    /**
     * Scaling by 2 along the axes whose kernel is larger than 1; the others never scale. Padding is {@code k / 2}.
     *
     * @param scaler the direction
     * @param kernelSize kernel size, one number an axis, at least 1
     * @return the geometry
     * @throws ArgumentException if there are not one to three numbers of at least 1
     */
    public static Geometry scaling(Scaler scaler, int... kernelSize) {
        double[] stride =
                Arrays.stream(kernelSize).mapToDouble(k -> k > 1 ? 2 : 1).toArray();
        return new Geometry(kernelSize, stride, half(kernelSize), scaler, null);
    }

    /**
     * The kernel of a network's outermost convolutions: two larger where larger than 1.
     *
     * @param kernelSize the network's kernel size, one number an axis
     * @return a new array
     */
    public static int[] edge(int... kernelSize) {
        return Arrays.stream(kernelSize).map(k -> k > 1 ? k + 2 : k).toArray();
    }

    private static int[] half(int[] kernelSize) {
        return Arrays.stream(kernelSize).map(k -> k / 2).toArray();
    }

    private static double[] ones(int axes) {
        double[] ones = new double[axes];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** {@return a copy of the kernel size, one number an axis} */
    @Override
    public int[] kernelSize() {
        return kernelSize.clone();
    }

    /** {@return a copy of the factors by which the size shrinks or grows, one an axis} */
    @Override
    public double[] stride() {
        return stride.clone();
    }

    /** {@return a copy of the padding, one number an axis} */
    @Override
    public int[] padding() {
        return padding.clone();
    }

    /** {@return a copy of the size to upsample to, one number an axis; {@code null} for none} */
    @Override
    public long @Nullable [] outputSize() {
        return outputSize == null ? null : outputSize.clone();
    }

    /** {@return the number of spatial dimensions} */
    public SpatialDims dims() {
        return SpatialDims.of(kernelSize.length);
    }

    /** {@return whether the size changes, as far as the arguments tell} */
    public boolean scales() {
        return outputSize != null || Arrays.stream(stride).anyMatch(s -> s != 1);
    }

    /** {@return the stride of the convolution itself, one number an axis: 1 when scaling up} */
    public int[] convolutionStride() {
        return Arrays.stream(stride)
                .mapToInt(s -> scaler == Scaler.DOWN ? (int) s : 1)
                .toArray();
    }

    /** {@return the same kernel and padding without scaling} */
    public Geometry unscaled() {
        return new Geometry(kernelSize, ones(kernelSize.length), padding, Scaler.DOWN, null);
    }

    /** {@return the same scaling with a kernel of 1 and no padding} */
    public Geometry pointwise() {
        int[] ones = new int[kernelSize.length];
        Arrays.fill(ones, 1);
        return new Geometry(ones, stride, new int[kernelSize.length], scaler, outputSize);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Geometry that
                && Arrays.equals(kernelSize, that.kernelSize)
                && Arrays.equals(stride, that.stride)
                && Arrays.equals(padding, that.padding)
                && scaler == that.scaler
                && Arrays.equals(outputSize, that.outputSize);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                Arrays.hashCode(kernelSize),
                Arrays.hashCode(stride),
                Arrays.hashCode(padding),
                scaler,
                Arrays.hashCode(outputSize));
    }

    @Override
    public String toString() {
        return "Geometry[kernelSize=" + Arrays.toString(kernelSize) + ", stride=" + Arrays.toString(stride)
                + ", padding=" + Arrays.toString(padding) + ", scaler=" + scaler + ", outputSize="
                + Arrays.toString(outputSize) + "]";
    }
}
