package io.mdnc4j.training.metrics;

import java.util.Arrays;

/**
 * Squared Euclidean distances to the nearest element of a mask, exact, in time proportional to the number of elements:
 * lower envelopes of parabolas along one axis after the other; Felzenszwalb and Huttenlocher, Theory Comput. 8:415, 2012.
 */
final class DistanceTransform {
    private DistanceTransform() {}

    /**
     * The squared distance of each element; infinite where the mask is empty.
     *
     * @param mask the last axis varies fastest
     * @param spacing distance of neighbours on each axis
     * @param size elements of each axis
     */
    static double[] squared(boolean[] mask, double[] spacing, long... size) {
        double[] distances = new double[mask.length];
        for (int i = 0; i < mask.length; i++) {
            distances[i] = mask[i] ? 0 : Double.POSITIVE_INFINITY;
        }
        int stride = 1;
        for (int axis = size.length - 1; axis >= 0; axis--) {
            int length = (int) size[axis];
            double[] line = new double[length];
            Envelope envelope = new Envelope(length, spacing[axis]);
            for (int i = 0; i < mask.length; i++) {
                if (i / stride % length == 0) {
                    for (int place = 0; place < length; place++) {
                        line[place] = distances[i + place * stride];
                    }
                    envelope.below(line);
                    for (int place = 0; place < length; place++) {
                        distances[i + place * stride] = line[place];
                    }
                }
            }
            stride *= length;
        }
        return distances;
    }

    /** The lowest of parabolas over the places of a line. */
    private static final class Envelope {
        private final double spacing;
        private final int[] roots;
        private final double[] starts;
        private final double[] heights;

        Envelope(int length, double spacing) {
            this.spacing = spacing;
            roots = new int[length];
            starts = new double[length];
            heights = new double[length];
        }

        /** Replaces the heights of parabolas, one a place, by their minimum at each place. */
        void below(double... line) {
            int count = 0;
            for (int place = 0; place < line.length; place++) {
                if (line[place] == Double.POSITIVE_INFINITY) {
                    continue;
                }
                while (count > 0 && crossing(place, line[place], count - 1) <= starts[count - 1]) {
                    count--;
                }
                starts[count] = count == 0 ? Double.NEGATIVE_INFINITY : crossing(place, line[place], count - 1);
                roots[count] = place;
                heights[count] = line[place];
                count++;
            }
            if (count == 0) {
                Arrays.fill(line, Double.POSITIVE_INFINITY);
                return;
            }
            int present = 0;
            for (int place = 0; place < line.length; place++) {
                while (present + 1 < count && starts[present + 1] < place) {
                    present++;
                }
                double distance = (place - roots[present]) * spacing;
                line[place] = distance * distance + heights[present];
            }
        }

        /** From which place on the parabola over {@code place} is the lower one. */
        private double crossing(int place, double height, int other) {
            double q = (double) place * place;
            double r = (double) roots[other] * roots[other];
            return ((height - heights[other]) / (spacing * spacing) + q - r) / (2.0 * (place - roots[other]));
        }
    }
}
