package io.mdnc4j.blocks.internal.kernels;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Linear, bilinear and trilinear interpolation on the host. A {@code [sample, channel]} map is one task; an output line
 * is the interpolation, along the last axis, of the weighted sum of up to four source lines.
 */
public final class HostInterpolation {
    private HostInterpolation() {}

    static void forward(INDArray x, INDArray y) {
        Maps maps = new Maps(x, y);
        FloatBuffer source = Rows.of(x);
        FloatBuffer target = Rows.of(y);
        Rows.forEach(maps.count, y.length(), (map, scratch) -> {
            Lines lines = Lines.ofThread(maps);
            source.get(map * maps.small, lines.map, 0, maps.small);
            for (int d = 0; d < maps.depth.out; d++) {
                for (int h = 0; h < maps.height.out; h++) {
                    Arrays.fill(lines.mixed, 0, maps.width.in, 0);
                    maps.forEachSourceLine(d, h, (offset, weight) -> {
                        for (int i = 0; i < maps.width.in; i++) {
                            lines.mixed[i] += weight * lines.map[offset + i];
                        }
                    });
                    maps.width.gather(lines.mixed, lines.line);
                    target.put(
                            map * maps.large + (d * maps.height.out + h) * maps.width.out,
                            lines.line,
                            0,
                            maps.width.out);
                }
            }
        });
    }

    static void backward(INDArray dy, INDArray dx) {
        Maps maps = new Maps(dx, dy);
        FloatBuffer gradient = Rows.of(dy);
        FloatBuffer target = Rows.of(dx);
        Rows.forEach(maps.count, dy.length(), (map, scratch) -> {
            Lines lines = Lines.ofThread(maps);
            Arrays.fill(lines.map, 0, maps.small, 0);
            for (int d = 0; d < maps.depth.out; d++) {
                for (int h = 0; h < maps.height.out; h++) {
                    gradient.get(
                            map * maps.large + (d * maps.height.out + h) * maps.width.out,
                            lines.line,
                            0,
                            maps.width.out);
                    Arrays.fill(lines.mixed, 0, maps.width.in, 0);
                    maps.width.scatter(lines.line, lines.mixed);
                    maps.forEachSourceLine(d, h, (offset, weight) -> {
                        for (int i = 0; i < maps.width.in; i++) {
                            lines.map[offset + i] += weight * lines.mixed[i];
                        }
                    });
                }
            }
            target.put(map * maps.small, lines.map, 0, maps.small);
        });
    }

    /** The sizes of the maps on both sides, missing leading axes counted as 1. */
    private static final class Maps {
        final int count;
        final int small;
        final int large;
        final Axis depth;
        final Axis height;
        final Axis width;

        Maps(INDArray small, INDArray large) {
            count = (int) (small.size(0) * small.size(1));
            this.small = (int) (small.length() / count);
            this.large = (int) (large.length() / count);
            depth = axis(small, large, 3);
            height = axis(small, large, 2);
            width = axis(small, large, 1);
        }

        private static Axis axis(INDArray small, INDArray large, int fromLast) {
            int axis = small.rank() - fromLast;
            return axis < 2 ? Axis.of(1, 1) : Axis.of(small.size(axis), large.size(axis));
        }

        void forEachSourceLine(int d, int h, LineConsumer consumer) {
            for (int dd = 0; dd < 2; dd++) {
                for (int hh = 0; hh < 2; hh++) {
                    float weight = depth.weight(d, dd) * height.weight(h, hh);
                    if (weight != 0) {
                        int line = depth.source(d, dd) * height.in + height.source(h, hh);
                        consumer.accept(line * width.in, weight);
                    }
                }
            }
        }
    }

    @FunctionalInterface
    private interface LineConsumer {
        void accept(int offset, float weight);
    }

    /** For each element of the output of one axis: its lower source element and the weight of the one above. */
    public record Axis(int in, int out, int[] lower, float[] upperWeight) {
        public static Axis of(long in, long out) {
            int[] lower = new int[(int) out];
            float[] upperWeight = new float[(int) out];
            for (int i = 0; i < out; i++) {
                double position = out == 1 ? 0 : (double) i * (in - 1) / (out - 1);
                lower[i] = (int) Math.min((long) position, in - 1);
                upperWeight[i] = (float) (position - lower[i]);
            }
            return new Axis((int) in, (int) out, lower, upperWeight);
        }

        public int source(int i, int upper) {
            return Math.min(lower[i] + upper, in - 1);
        }

        public float weight(int i, int upper) {
            return upper == 1 ? upperWeight[i] : 1 - upperWeight[i];
        }

        void gather(float[] source, float[] target) {
            for (int i = 0; i < out; i++) {
                float low = source[lower[i]];
                target[i] = low + upperWeight[i] * (source[source(i, 1)] - low);
            }
        }

        void scatter(float[] gradient, float[] source) {
            for (int i = 0; i < out; i++) {
                source[lower[i]] += weight(i, 0) * gradient[i];
                source[source(i, 1)] += weight(i, 1) * gradient[i];
            }
        }
    }

    /** Reused memory of a thread: the smaller map, one of its lines and one line of the larger map. */
    private static final class Lines {
        private static final ThreadLocal<Lines> LOCAL = ThreadLocal.withInitial(Lines::new);

        float[] map = {};
        float[] mixed = {};
        float[] line = {};

        static Lines ofThread(Maps maps) {
            Lines lines = LOCAL.get();
            lines.map = atLeast(lines.map, maps.small);
            lines.mixed = atLeast(lines.mixed, maps.width.in);
            lines.line = atLeast(lines.line, maps.width.out);
            return lines;
        }

        private static float[] atLeast(float[] array, int length) {
            return array.length >= length ? array : new float[length];
        }
    }
}
