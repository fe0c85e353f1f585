package io.mdnc4j.training.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How often samples of some size are halved along each axis, and with which kernels, from full size to the smallest maps. The
 * rules are nnU-Net's (Isensee et al., doi:10.1038/s41592-020-01008-z, Methods, "network topology"): axes are halved while enough
 * elements are left, those of which elements lie closest together first, until distances differ by less than a factor of two;
 * until then, kernels have one element along the axes with the larger distances.
 *
 * @param strides 1 or 2 along each axis, for each stage; 1 for the first, of full size
 * @param kernels 1 or the wanted size along each axis, for each stage
 */
record StagePlan(List<List<Integer>> strides, List<List<Integer>> kernels) {
    /** Distances that differ by less are alike. */
    private static final double ALIKE = 2;

    /** Times the least elements that an axis must have to be halved alone. */
    private static final int ALONE = 3;

    /**
     * Plans stages.
     *
     * @param size of samples on each axis
     * @param spacing distance of elements on each axis; empty if all are alike
     * @param kernel size along all axes that are alike
     * @param least elements along an axis that the smallest maps have, unless samples have fewer
     * @param most halvings
     * @param exact whether only what can be divided by two is halved
     */
    static StagePlan of(List<Long> size, List<Double> spacing, int kernel, int least, int most, boolean exact) {
        int axes = size.size();
        long[] rest = size.stream().mapToLong(Long::longValue).toArray();
        double[] distance = IntStream.range(0, axes)
                .mapToDouble(axis -> spacing.isEmpty() ? 1 : spacing.get(axis))
                .toArray();
        boolean[] wide = new boolean[axes];
        List<List<Integer>> strides = new ArrayList<>();
        List<List<Integer>> kernels = new ArrayList<>();
        strides.add(IntStream.range(0, axes).mapToObj(axis -> 1).toList());
        while (true) {
            double closest = Arrays.stream(distance).min().orElseThrow();
            for (int axis = 0; axis < axes; axis++) {
                wide[axis] |= distance[axis] < ALIKE * closest && rest[axis] > 1;
            }
            kernels.add(IntStream.range(0, axes)
                    .mapToObj(axis -> wide[axis] ? kernel : 1)
                    .toList());
            boolean[] enough = new boolean[axes];
            for (int axis = 0; axis < axes; axis++) {
                enough[axis] = rest[axis] >= 2L * least && !(exact && rest[axis] % 2 > 0);
            }
            double closestOfThose = IntStream.range(0, axes)
                    .filter(axis -> enough[axis])
                    .mapToDouble(axis -> distance[axis])
                    .min()
                    .orElse(0);
            List<Integer> stride = new ArrayList<>();
            boolean alone =
                    IntStream.range(0, axes).filter(axis -> enough[axis]).count() == 1 && axes > 1;
            for (int axis = 0; axis < axes; axis++) {
                boolean halved = enough[axis]
                        && distance[axis] < ALIKE * closestOfThose
                        && (!alone || rest[axis] >= (long) ALONE * least);
                rest[axis] /= halved ? 2 : 1;
                distance[axis] *= halved ? 2 : 1;
                stride.add(halved ? 2 : 1);
            }
            if (!stride.contains(2) || strides.size() > most) {
                return new StagePlan(List.copyOf(strides), List.copyOf(kernels));
            }
            strides.add(List.copyOf(stride));
        }
    }

    /** How often each axis is halved. */
    int[] halvings() {
        return IntStream.range(0, strides.get(0).size())
                .map(axis -> (int)
                        strides.stream().filter(stride -> stride.get(axis) == 2).count())
                .toArray();
    }

    /** Whether one kernel serves all stages and axes, and axes are halved about as often as each other. */
    boolean isEven() {
        int[] halvings = halvings();
        int most = Arrays.stream(halvings).max().orElseThrow();
        int fewest = Arrays.stream(halvings).min().orElseThrow();
        boolean oneKernel = kernels.stream().flatMap(List::stream).distinct().count() == 1;
        return oneKernel && most - fewest <= 1;
    }

    /** The size less what cannot be halved as often as planned. */
    List<Long> divisible(List<Long> size) {
        int[] halvings = halvings();
        return IntStream.range(0, halvings.length)
                .mapToObj(axis -> size.get(axis) >> halvings[axis] << halvings[axis])
                .toList();
    }
}
