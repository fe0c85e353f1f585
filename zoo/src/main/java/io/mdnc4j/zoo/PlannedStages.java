package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.zoo.SpecOption.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The stages of nnunet networks, given one by one as nnU-Net plans them. What is not given is what its planners take
 * (MIC-DKFZ/nnUNet, {@code default_experiment_planner.py}, {@code residual_encoder_unet_planners.py}).
 *
 * @param features channels of each stage
 * @param kernels kernel size of each stage, one number an axis
 * @param strides stride of each stage, one number an axis; those of the first are 1
 * @param layers units or residual blocks of each stage of the encoder
 * @param decoderLayers units of each stage of the decoder, the deepest first
 * @param bias whether convolutions have a bias
 */
record PlannedStages(
        List<Integer> features,
        List<List<Integer>> kernels,
        List<List<Integer>> strides,
        List<Integer> layers,
        List<Integer> decoderLayers,
        boolean bias) {
    private static final int USUAL_STAGES = 6;
    private static final int USUAL_FEATURES = 32;
    private static final int MOST_FEATURES = 512;
    private static final int MOST_FEATURES_3D = 320;

    /** Residual blocks of the first stages; later ones have as many as the last of these. */
    private static final int[] RESIDUAL_BLOCKS = {1, 3, 4, 6};

    PlannedStages(NetworkSpec spec) {
        this(
                spec.value(SpecOption.FEATURES),
                spec.value(SpecOption.KERNELS),
                spec.value(SpecOption.STRIDES),
                spec.value(SpecOption.LAYERS),
                spec.value(SpecOption.DECODER_LAYERS),
                spec.value(SpecOption.BIAS));
    }

    static boolean has(Subject subject) {
        return subject.network() != null && Network.PLANNED.contains(subject.network());
    }

    /** The number of stages, from whatever is given for each. */
    static int count(Subject subject) {
        SpecValues given = subject.given();
        for (SpecOption<?> option :
                List.of(SpecOption.LAYERS, SpecOption.FEATURES, SpecOption.STRIDES, SpecOption.KERNELS)) {
            if (given.get(option) instanceof List<?> each && each.size() > 1) {
                return each.size();
            }
        }
        List<Integer> decoder = given.get(SpecOption.DECODER_LAYERS);
        return decoder == null ? USUAL_STAGES : decoder.size() + 1;
    }

    static @Nullable List<Integer> usualLayers(Subject subject) {
        if (!has(subject)) {
            return null;
        }
        boolean residual = subject.network() == Network.RESIDUAL;
        return IntStream.range(0, count(subject))
                .map(stage -> residual ? RESIDUAL_BLOCKS[Math.min(stage, RESIDUAL_BLOCKS.length - 1)] : 2)
                .boxed()
                .toList();
    }

    static List<Integer> usualDecoderLayers(Subject subject) {
        return Collections.nCopies(count(subject) - 1, subject.network() == Network.RESIDUAL ? 1 : 2);
    }

    static List<Integer> usualFeatures(Subject subject) {
        int most = subject.dims() == SpatialDims.THREE ? MOST_FEATURES_3D : MOST_FEATURES;
        return doubling(USUAL_FEATURES, count(subject), most);
    }

    /** Channels that double from stage to stage, up to the most. */
    static List<Integer> doubling(int first, int stages, int most) {
        return IntStream.range(0, stages)
                .map(stage -> (int) Math.min((long) first << stage, most))
                .boxed()
                .toList();
    }

    /** See {@link NetworkSpec#strides}. */
    static List<List<Integer>> dividing(int stages, long... size) {
        long[] rest = size.clone();
        List<List<Integer>> strides = new ArrayList<>();
        strides.add(Collections.nCopies(size.length, 1));
        while (strides.size() < stages) {
            List<Integer> stride = new ArrayList<>();
            for (int axis = 0; axis < rest.length; axis++) {
                boolean halved = rest[axis] % 2 == 0 && rest[axis] >= 4;
                rest[axis] /= halved ? 2 : 1;
                stride.add(halved ? 2 : 1);
            }
            strides.add(List.copyOf(stride));
        }
        return strides;
    }

    static List<List<Integer>> usualStrides(Subject subject) {
        List<List<Integer>> strides = new ArrayList<>(Collections.nCopies(count(subject), List.of(2)));
        strides.set(0, List.of(1));
        return strides;
    }

    /** Refuses what does not go together, and sizes that cannot be counted. */
    static void check(NetworkSpec spec) {
        PlannedStages stages = new PlannedStages(spec);
        int count = stages.features.size();
        requireCount(SpecOption.LAYERS, stages.layers, count);
        requireCount(SpecOption.KERNELS, stages.kernels, count);
        requireCount(SpecOption.STRIDES, stages.strides, count);
        requireCount(SpecOption.DECODER_LAYERS, stages.decoderLayers, count - 1);
        ArgumentException.require(
                stages.strides.get(0).stream().allMatch(stride -> stride == 1),
                SpecOption.STRIDES.name(),
                SpecOption.STRIDES.text(stages.strides),
                "begin with 1, since the output has the size of the first stage");
        ArgumentException.require(
                stages.kernels.stream().flatMap(List::stream).allMatch(k -> k % 2 == 1),
                SpecOption.KERNELS.name(),
                SpecOption.KERNELS.text(stages.kernels),
                "use odd numbers, since even kernels change the size");
        stages.checkCounts(spec);
    }

    private static void requireCount(SpecOption<?> option, List<?> values, int wanted) {
        ArgumentException.require(
                values.size() == wanted,
                option.name(),
                values.size() + " for " + wanted,
                "give " + wanted + ", as many as there are stages in features"
                        + (option == SpecOption.DECODER_LAYERS ? ", but for the deepest" : ""));
    }

    private void checkCounts(NetworkSpec spec) {
        long in = Math.max(spec.inPlanes(), features.get(0));
        for (int stage = 0; stage < features.size(); stage++) {
            long out = features.get(stage);
            long kernel = spec.count(SpecOption.KERNELS, longs(kernels.get(stage)));
            spec.count(kernel > out ? SpecOption.KERNELS : SpecOption.FEATURES, kernel, 2 * Math.max(in, out), out);
            long cell = spec.count(SpecOption.STRIDES, longs(strides.get(stage)));
            spec.count(cell > out ? SpecOption.STRIDES : SpecOption.FEATURES, cell, in, out);
            spec.count(SpecOption.OUT_PLANES, spec.outPlanes(), out);
            in = out;
        }
        long[] multiple = new long[spec.dims().count()];
        Arrays.fill(multiple, 1);
        for (List<Integer> stride : strides) {
            for (int axis = 0; axis < multiple.length; axis++) {
                multiple[axis] *= stride.get(axis);
                ArgumentException.require(
                        multiple[axis] <= Integer.MAX_VALUE / 2,
                        SpecOption.STRIDES.name(),
                        SpecOption.STRIDES.text(strides),
                        "use less, since no input has a size that could be divided so often");
            }
        }
    }

    private static long[] longs(List<Integer> numbers) {
        return numbers.stream().mapToLong(n -> n).toArray();
    }

    int count() {
        return features.size();
    }

    int[] kernel(int stage) {
        return kernels.get(stage).stream().mapToInt(n -> n).toArray();
    }

    int[] stride(int stage) {
        return strides.get(stage).stream().mapToInt(n -> n).toArray();
    }

    /** What sizes of inputs must be multiples of, one number an axis. */
    long[] multiple() {
        long[] multiple = new long[strides.get(0).size()];
        Arrays.fill(multiple, 1);
        strides.forEach(stride -> {
            for (int axis = 0; axis < multiple.length; axis++) {
                multiple[axis] *= stride.get(axis);
            }
        });
        return multiple;
    }
}
