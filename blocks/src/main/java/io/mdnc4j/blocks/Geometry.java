package io.mdnc4j.blocks;

import java.util.Arrays;

/**
 * Kernel and scaling of a block, one number an axis.
 *
 * @param kernel kernel size, at least 1
 * @param stride the factor by which the size shrinks or grows; whole numbers when scaling down
 * @param padding zeros added on both sides by the convolution
 * @param scaler the direction of the scaling
 * @param outputSize the size to upsample to instead of by {@code stride}; {@code null} for none, and only with
 *     {@link Scaler#UP}
 */
public record Geometry(int[] kernel, double[] stride, int[] padding, Scaler scaler, long[] outputSize) {
    /**
     * Checks every argument.
     *
     * @throws IllegalArgumentException if one is out of range, naming it
     */
    public Geometry {
        SpatialDims dims = SpatialDims.of(kernel.length);
        requireAxes(dims, "stride", stride.length);
        requireAxes(dims, "padding", padding.length);
        require(Arrays.stream(kernel).allMatch(k -> k >= 1), "kernel size", Arrays.toString(kernel), "at least 1");
        require(Arrays.stream(padding).allMatch(p -> p >= 0), "padding", Arrays.toString(padding), "at least 0");
        if (scaler == Scaler.DOWN) {
            require(
                    Arrays.stream(stride).allMatch(s -> s >= 1 && s == Math.rint(s)),
                    "stride",
                    Arrays.toString(stride),
                    "whole numbers of at least 1 to scale down");
            require(outputSize == null, "output size", Arrays.toString(outputSize), "it with scaler up only");
        } else {
            require(Arrays.stream(stride).allMatch(s -> s > 0), "stride", Arrays.toString(stride), "above 0");
        }
        if (outputSize != null) {
            requireAxes(dims, "output size", outputSize.length);
            require(
                    Arrays.stream(outputSize).allMatch(s -> s >= 1),
                    "output size",
                    Arrays.toString(outputSize),
                    "at least 1");
        }
    }

    private static void requireAxes(SpatialDims dims, String argument, int length) {
        if (length != dims.count()) {
            throw new IllegalArgumentException(argument + ": " + length + " numbers, the kernel size has "
                    + dims.count() + "; give one number an axis");
        }
    }

    private static void require(boolean condition, String argument, String value, String remedy) {
        if (!condition) {
            throw new IllegalArgumentException(argument + ": " + value + "; use " + remedy);
        }
    }

    /** A convolution with that kernel that keeps the size: padding {@code k / 2}. */
    public static Geometry keeping(int... kernel) {
        double[] ones = new double[kernel.length];
        Arrays.fill(ones, 1);
        return new Geometry(kernel, ones, half(kernel), Scaler.DOWN, null);
    }

    /** Scaling by 2 along the axes whose kernel is larger than 1; the others never scale. */
    public static Geometry scaling(Scaler scaler, int... kernel) {
        double[] stride = Arrays.stream(kernel).mapToDouble(k -> k > 1 ? 2 : 1).toArray();
        return new Geometry(kernel, stride, half(kernel), scaler, null);
    }

    /** Kernel of a network's outermost convolutions: two larger where larger than 1. */
    public static int[] edge(int... kernel) {
        return Arrays.stream(kernel).map(k -> k > 1 ? k + 2 : k).toArray();
    }

    private static int[] half(int[] kernel) {
        return Arrays.stream(kernel).map(k -> k / 2).toArray();
    }

    /** Whether the size changes, as far as the arguments tell. */
    boolean scales() {
        return outputSize != null || Arrays.stream(stride).anyMatch(s -> s != 1);
    }

    /** The convolution's stride: 1 when scaling up. */
    int[] convolutionStride() {
        return Arrays.stream(stride)
                .mapToInt(s -> scaler == Scaler.DOWN ? (int) s : 1)
                .toArray();
    }

    /** The same kernel without scaling. */
    Geometry unscaled() {
        double[] ones = new double[kernel.length];
        Arrays.fill(ones, 1);
        return new Geometry(kernel, ones, padding, Scaler.DOWN, null);
    }

    /** The same scaling with a kernel of 1. */
    Geometry pointwise() {
        int[] ones = new int[kernel.length];
        Arrays.fill(ones, 1);
        return new Geometry(ones, stride, new int[kernel.length], scaler, outputSize);
    }

    /** Refuses paddings with which the convolution alone would change the size, so that a sum with a shortcut fits. */
    void requireSizeKept() {
        for (int i = 0; i < kernel.length; i++) {
            if (2 * padding[i] != kernel[i] - 1) {
                throw new IllegalArgumentException("padding: " + Arrays.toString(padding) + " with kernel size "
                        + Arrays.toString(kernel) + " changes the size of a residual block's main branch;"
                        + " use odd kernel sizes k with padding (k - 1) / 2");
            }
        }
    }
}
