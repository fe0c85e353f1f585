package io.mdnc4j.training.metrics;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.objects.Morphology;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Probabilities;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How far the borders of classes of positions are apart: {@code hd95}, the Hausdorff distance without the farthest 5%: the larger
 * of both 95th percentiles of the distances of one border's elements to the other border (Huttenlocher et al., IEEE Trans.
 * Pattern Anal. 15:850, 1993). The mean over examples and over classes but the first, where target and output have the class;
 * positions of class -1 are left out. An element is of the border if a neighbour on an axis is not of the class, or outside.
 *
 * @param classes number of classes
 * @param spacing distance of neighbours on each axis, the unit of the result; empty for 1
 */
public record SurfaceMeasures(int classes, List<Double> spacing) implements Measures {
    private static final double PART = 95;

    @Override
    public double[] count(Example example, INDArray output) {
        int axes = example.input().rank() - 1;
        List<Double> own = example.grid().withAxes(axes).spacing();
        SurfaceMeasures there = own.size() == axes ? new SurfaceMeasures(classes, own) : this;
        return there.count(example.target(), output);
    }

    @Override
    public double[] count(INDArray target, INDArray output) {
        int[] wanted = OnHeap.ints(target);
        int[] found = Probabilities.mostProbable(output);
        long[] size = Axes.size(target);
        double[] step = new double[size.length];
        for (int axis = 0; axis < step.length; axis++) {
            step[axis] = axis < spacing.size() ? spacing.get(axis) : 1;
        }
        double[] counts = new double[counts()];
        for (int c = 1; c < classes; c++) {
            boolean[] ofTarget = new boolean[wanted.length];
            boolean[] ofOutput = new boolean[wanted.length];
            for (int i = 0; i < wanted.length; i++) {
                ofTarget[i] = wanted[i] == c;
                ofOutput[i] = found[i] == c && wanted[i] != -1;
            }
            double distance = hausdorff(ofTarget, ofOutput, step, size);
            if (!Double.isNaN(distance)) {
                counts[0] += distance;
                counts[1]++;
            }
        }
        return counts;
    }

    @Override
    public int counts() {
        return 2;
    }

    @Override
    public Map<String, Double> metrics(double[] sums) {
        return Map.of("hd95", sums[0] / sums[1]);
    }

    /** The distance of two masks, NaN where one is empty. */
    static double hausdorff(boolean[] first, boolean[] second, double[] spacing, long... size) {
        // all borders lie in the box around both masks, usually a small part of a volume
        Box box = Box.around(first, second, size);
        boolean[] one = border(box.cut(first, size), box.size);
        boolean[] other = border(box.cut(second, size), box.size);
        return Math.max(percentile(one, other, spacing, box.size), percentile(other, one, spacing, box.size));
    }

    /** Where a part of an array begins, and its size. */
    private record Box(long[] start, long[] size) {
        /** The smallest that holds all of both masks; of size 0 if they are empty. */
        static Box around(boolean[] first, boolean[] second, long... size) {
            long[] low = size.clone();
            long[] high = new long[size.length];
            Axes axes = new Axes(size);
            long[] place = new long[size.length];
            for (int i = 0; i < first.length; i++) {
                if (first[i] || second[i]) {
                    axes.place(i, place);
                    for (int axis = 0; axis < place.length; axis++) {
                        low[axis] = Math.min(low[axis], place[axis]);
                        high[axis] = Math.max(high[axis], place[axis] + 1);
                    }
                }
            }
            long[] part = new long[size.length];
            for (int axis = 0; axis < part.length; axis++) {
                part[axis] = Math.max(0, high[axis] - low[axis]);
            }
            return new Box(low, part);
        }

        boolean[] cut(boolean[] mask, long... whole) {
            Axes from = new Axes(whole);
            Axes to = new Axes(size);
            boolean[] part = new boolean[to.length()];
            long[] place = new long[size.length];
            for (int i = 0; i < part.length; i++) {
                to.place(i, place);
                for (int axis = 0; axis < place.length; axis++) {
                    place[axis] += start[axis];
                }
                part[i] = mask[from.index(place)];
            }
            return part;
        }
    }

    private static boolean[] border(boolean[] mask, long... size) {
        boolean[] inside = new Morphology(mask, size).erode().mask();
        boolean[] border = new boolean[mask.length];
        for (int i = 0; i < border.length; i++) {
            border[i] = mask[i] && !inside[i];
        }
        return border;
    }

    private static double percentile(boolean[] from, boolean[] to, double[] spacing, long... size) {
        double[] squares = DistanceTransform.squared(to, spacing, size);
        double[] distances = new double[squares.length];
        int count = 0;
        for (int i = 0; i < squares.length; i++) {
            if (from[i]) {
                distances[count++] = Math.sqrt(squares[i]);
            }
        }
        if (count == 0 || Double.isInfinite(distances[0])) {
            return Double.NaN;
        }
        return new Percentile(PART).withEstimationType(EstimationType.R_7).evaluate(Arrays.copyOf(distances, count));
    }
}
