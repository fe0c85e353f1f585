package io.mdnc4j.training.metrics;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.OnHeap;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The two filters that noise is usually taken out of images with: means with weights of a normal distribution, and medians.
 * Each channel is filtered by itself, over all axes; beyond its ends an axis is mirrored with its last element repeated
 * ({@code d c b a | a b c d | d c b a}). Values are those of SciPy's {@code gaussian_filter} and {@code median_filter}.
 */
public sealed interface SmoothingFilter {
    /**
     * The filtered array.
     *
     * @param array {@code [C, size...]}
     * @return a new array of that shape and type
     */
    default INDArray filter(INDArray array) {
        int channels = (int) array.size(0);
        long[] size = Axes.size(array);
        float[] values = OnHeap.floats(array);
        int length = values.length / channels;
        for (int c = 0; c < channels; c++) {
            float[] channel = Arrays.copyOfRange(values, c * length, (c + 1) * length);
            System.arraycopy(filter(channel, size), 0, values, c * length, length);
        }
        return Nd4j.createFromArray(values).reshape('c', array.shape()).castTo(array.dataType());
    }

    /**
     * The filtered values of one channel.
     *
     * @param values the last axis fastest; may be changed
     * @param size of each axis
     * @return as many values
     */
    float[] filter(float[] values, long... size);

    /** 0 0 1 2 2 1 0 0 1 ... for an axis of three. */
    private static int reflected(int place, int length) {
        int at = Math.floorMod(place, 2 * length);
        return at < length ? at : 2 * length - 1 - at;
    }

    /**
     * Means with weights of a normal distribution, up to four deviations away.
     *
     * @param sigma its standard deviation in elements, more than 0
     */
    record Gaussian(double sigma) implements SmoothingFilter {
        private static final double TRUNCATE = 4;

        /**
         * Checks the deviation.
         *
         * @param sigma more than 0, finite
         * @throws ArgumentException if it is not
         */
        public Gaussian {
            ArgumentException.require(
                    sigma > 0 && Double.isFinite(sigma), "sigma", sigma, "give more than 0, in elements");
        }

        @Override
        public float[] filter(float[] values, long... size) {
            int radius = (int) (TRUNCATE * sigma + 0.5);
            double[] weights = new double[2 * radius + 1];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = Math.exp(-0.5 * (i - radius) * (i - radius) / (sigma * sigma));
            }
            double sum = Arrays.stream(weights).sum();
            Arrays.setAll(weights, i -> weights[i] / sum);
            float[] result = values;
            int stride = values.length;
            for (long axis : size) {
                stride /= (int) axis;
                result = along((int) axis, stride, weights, result);
            }
            return result;
        }

        private static float[] along(int length, int stride, double[] weights, float... values) {
            int radius = weights.length / 2;
            float[] result = new float[values.length];
            IntStream.range(0, values.length / length).parallel().forEach(line -> {
                int first = line / stride * stride * length + line % stride;
                for (int i = 0; i < length; i++) {
                    double sum = 0;
                    for (int k = -radius; k <= radius; k++) {
                        sum += weights[k + radius] * values[first + reflected(i + k, length) * stride];
                    }
                    result[first + i * stride] = (float) sum;
                }
            });
            return result;
        }
    }

    /**
     * Medians of boxes.
     *
     * @param width of the boxes in elements, odd
     */
    record Median(int width) implements SmoothingFilter {
        /**
         * Checks the width.
         *
         * @param width odd, at least 1
         * @throws ArgumentException if it is not
         */
        public Median {
            ArgumentException.require(width > 0 && width % 2 == 1, "width", width, "give an odd number of elements");
        }

        @Override
        public float[] filter(float[] values, long... size) {
            Axes axes = new Axes(size);
            long[] box = new long[size.length];
            Arrays.fill(box, width);
            Axes offsets = new Axes(box);
            int count = offsets.length();
            long[][] offset = new long[count][];
            Arrays.setAll(offset, offsets::place);
            float[] result = new float[values.length];
            IntStream.range(0, values.length).parallel().forEach(i -> {
                long[] place = axes.place(i);
                long[] at = new long[place.length];
                float[] around = new float[count];
                for (int k = 0; k < count; k++) {
                    for (int axis = 0; axis < at.length; axis++) {
                        at[axis] = reflected((int) (place[axis] + offset[k][axis] - width / 2), (int) size[axis]);
                    }
                    around[k] = values[axes.index(at)];
                }
                Arrays.sort(around);
                result[i] = around[count / 2];
            });
            return result;
        }
    }
}
