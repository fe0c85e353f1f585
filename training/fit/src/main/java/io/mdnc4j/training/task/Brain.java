package io.mdnc4j.training.task;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.data.AffineWarp;
import io.mdnc4j.training.data.DataSplit;
import io.mdnc4j.training.data.Fingerprint;
import io.mdnc4j.training.data.Resources;
import io.mdnc4j.training.data.Sampler;
import io.mdnc4j.training.files.NiftiFormat;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.metrics.ClassMeasures;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.objects.Morphology;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The task of finding the brain in a magnetic resonance image of a head. The left half (x below {@value #MIDDLE}) trains, less
 * the classes in a slab (y from {@value #SLAB_START}, below {@value #SLAB_END}) that validate; the right half is the test part.
 *
 * <p>Arrays are {@code [1, z, y, x]}.
 */
public final class Brain {
    /** Name of the data. */
    public static final String NAME = "brain";

    private static final String IMAGE = "colin27-t1-2mm.nii.gz";
    private static final String MASK = "colin27-brain-mask-2mm.nii.gz";
    private static final long[] SIZE = {1, 90, 108, 90};
    private static final int MIDDLE = 45;
    private static final int SLAB_START = 54;
    private static final int SLAB_END = 64;

    /** How far what the network sees of the validation slab reaches beyond it. */
    private static final int CONTEXT = 19;

    private static final long[] PATCH = {56, 48, 40};
    private static final int PATCHES_PER_EPOCH = 64;
    private static final int MIN_THRESHOLD = 40;
    private static final int MAX_THRESHOLD = 110;
    private static final List<String> CLASSES = List.of("background", "brain");
    private static final Recipe RECIPE = new Recipe(8, new int[] {1, 1, 1, 1}, BlockKind.PLAIN, 3, 2, 5e-3, 8);

    private Brain() {}

    /** {@return the data: one image of 2 mm voxels, training samples {@code [1, 56, 48, 40]}, classes background and brain} */
    public static TrainingData data() {
        Example head = head();
        Example left = part(head, "left half", 0, (int) SIZE[2], 0, MIDDLE);
        Slab validation = new Slab(SLAB_START, SLAB_END);
        return data(
                head,
                left,
                Slab.outside(left, validation),
                new Example("left half, slab", left.input(), validation.alone(left), left.grid()),
                validation,
                part(head, "right half", 0, (int) SIZE[2], MIDDLE, (int) SIZE[3]));
    }

    /**
     * The data in folds: slabs of coronal slices through the whole head, each with as much of the length of the brain as the
     * others. A fold is tested on one of them; the ten slices in the middle of the next, behind the last of the first, validate;
     * all others train. What a network sees at the border of the classes of one is not held back from it.
     *
     * @param count folds, 2 or more
     * @return the folds
     * @throws ArgumentException if there are fewer, or slabs would have less than ten slices
     */
    public static DataFolds folds(int count) {
        Example head = head();
        int[] rows = rows(head.target());
        DataSplit.requireFolds(
                count, (rows[1] - rows[0]) / (SLAB_END - SLAB_START), "slabs of ten slices, which the brain has");
        return new DataFolds(count, fold -> {
            Slab tested = slab(fold, count, rows);
            Slab next = slab((fold + 1) % count, count, rows);
            int middle = (Math.max(next.start, rows[0]) + Math.min(next.end, rows[1]) - SLAB_END + SLAB_START) / 2;
            Slab validation = new Slab(middle, middle + SLAB_END - SLAB_START);
            return data(
                    head,
                    head,
                    Slab.outside(head, tested, validation),
                    new Example("slices " + validation, head.input(), validation.alone(head), head.grid()),
                    validation,
                    new Example("slices " + tested, head.input(), tested.alone(head), head.grid()));
        });
    }

    /** The first and last reach to the borders of the image. */
    private static Slab slab(int fold, int count, int... rows) {
        int length = rows[1] - rows[0];
        return new Slab(
                fold == 0 ? 0 : rows[0] + length * fold / count,
                fold == count - 1 ? (int) SIZE[2] : rows[0] + length * (fold + 1) / count);
    }

    /** The first coronal slice with brain, and the one after the last. */
    private static int[] rows(INDArray mask) {
        int[] rows = {(int) SIZE[2], 0};
        for (int y = 0; y < SIZE[2]; y++) {
            INDArray slice =
                    mask.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(y), NDArrayIndex.all());
            if (slice.maxNumber().intValue() > 0) {
                rows[0] = Math.min(rows[0], y);
                rows[1] = y + 1;
            }
        }
        return rows;
    }

    private static Example head() {
        StoredArray scan = volume(Resources.read(IMAGE));
        return new Example(
                NAME,
                scan.withDimensions(SIZE.length - 1),
                volume(Resources.read(MASK)).withDimensions(SIZE.length - 1),
                scan.grid());
    }

    /**
     * The data in parts.
     *
     * @param training whose input trains
     * @param trained its classes, unlabelled where they do not train
     * @param validation the same input with the classes that validate alone
     * @param slab where those are
     */
    private static TrainingData data(
            Example head, Example training, INDArray trained, Example validation, Slab slab, Example test) {
        Grid grid = head.grid();
        ModelDescription description = new ModelDescription(
                        null,
                        Task.SEGMENTATION.code(),
                        List.of(1L, PATCH[0], PATCH[1], PATCH[2]),
                        new Normalization(
                                Normalization.By.SET,
                                List.of(training.input().meanNumber().doubleValue()),
                                List.of(training.input().stdNumber(false).doubleValue()),
                                false),
                        CLASSES,
                        null,
                        null,
                        grid.spacing(),
                        Map.of())
                .with(TrainingStatistics.of(List.of(training)));
        return new TrainingData(
                        NAME,
                        Task.SEGMENTATION,
                        description.withGrid(null, grid.spacing(), grid.orientation()),
                        new Patches(
                                training.input().data().asFloat(),
                                trained.data().asFloat(),
                                Axes.size(training.input())),
                        Examples.of(patches(validation, slab)),
                        Examples.of(List.of(test)),
                        List.of(new Baseline("baseline", examples -> bestThreshold(head.input(), examples.get(0)))),
                        model -> RECIPE,
                        new Fingerprint()
                                .add(Resources.read(IMAGE))
                                .add(Resources.read(MASK))
                                .hex())
                .withWholeValidation(Examples.of(List.of(validation)));
    }

    /** Coronal slices of the head, from {@code start} to before {@code end}. */
    private record Slab(int start, int end) {
        private INDArrayIndex[] place() {
            return new INDArrayIndex[] {
                NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(start, end), NDArrayIndex.all()
            };
        }

        /** The classes in it; what is elsewhere is unlabelled. */
        INDArray alone(Example example) {
            INDArray classes = example.target().dup('c').assign(Example.UNLABELLED);
            classes.get(place()).assign(example.target().get(place()));
            return classes;
        }

        /** The classes outside of slabs; what is within is unlabelled. */
        static INDArray outside(Example example, Slab... slabs) {
            INDArray classes = example.target().dup('c');
            for (Slab slab : slabs) {
                classes.get(slab.place()).assign(Example.UNLABELLED);
            }
            return classes;
        }

        @Override
        public String toString() {
            return start + " to " + (end - 1);
        }
    }

    private static StoredArray volume(byte[] gzipped) {
        try (InputStream in = new ByteArrayInputStream(gzipped)) {
            return NiftiFormat.read(in, gzipped.length);
        } catch (IOException e) {
            throw new UncheckedIOException(IMAGE, e);
        }
    }

    /** Patches that cover the slab and its surroundings, of which only the slab is labelled. */
    private static List<Example> patches(Example whole, Slab slab) {
        int width = (int) whole.input().size(SIZE.length - 1);
        int start = Math.max(0, Math.min(slab.start - CONTEXT, (int) (SIZE[2] - PATCH[1])));
        List<Example> patches = new ArrayList<>();
        for (int z : new int[] {0, (int) (SIZE[1] - PATCH[0]) / 2, (int) (SIZE[1] - PATCH[0])}) {
            for (int x : places(width, (int) PATCH[2])) {
                INDArrayIndex[] place = {
                    NDArrayIndex.all(),
                    NDArrayIndex.interval(z, z + PATCH[0]),
                    NDArrayIndex.interval(start, start + PATCH[1]),
                    NDArrayIndex.interval(x, x + PATCH[2])
                };
                patches.add(new Example(
                        whole.name(),
                        whole.input().get(place).dup('c'),
                        whole.target().get(place).dup('c'),
                        whole.grid()));
            }
        }
        return patches;
    }

    /** Where as few windows as cover an axis begin, spread evenly. */
    private static int[] places(int size, int window) {
        int count = (size + window - 1) / window;
        return IntStream.range(0, count)
                .map(i -> count == 1 ? 0 : (size - window) * i / (count - 1))
                .toArray();
    }

    private static Example part(Example head, String name, int y0, int y1, int x0, int x1) {
        return new Example(name, part(head.input(), y0, y1, x0, x1), part(head.target(), y0, y1, x0, x1), head.grid());
    }

    private static INDArray part(INDArray whole, int y0, int y1, int x0, int x1) {
        return whole.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(y0, y1),
                        NDArrayIndex.interval(x0, x1))
                .dup('c');
    }

    /** Patches at random places, turned, stretched and mirrored at random, with other contrast, gain and noise. */
    private record Patches(float[] image, float[] target, long... all) implements Sampler {
        private static final AffineWarp.Range WARP = new AffineWarp.Range(0.3, 0.2, 0);
        private static final double CONTRAST = 0.3;
        private static final double GAIN = 0.2;
        private static final double NOISE = 4;
        private static final double BRIGHTEST = 255;

        @Override
        public int size() {
            return PATCHES_PER_EPOCH;
        }

        @Override
        public Example draw(int index, RandomGenerator random) {
            double[] centre = new double[all.length];
            for (int axis = 0; axis < centre.length; axis++) {
                centre[axis] = (PATCH[axis] - 1) / 2.0 + random.nextInt((int) (all[axis] - PATCH[axis] + 1));
            }
            AffineWarp warp = AffineWarp.random(WARP, random, centre);
            if (random.nextBoolean()) {
                for (double[] row : warp.matrix()) {
                    row[row.length - 1] = -row[row.length - 1];
                }
            }
            float[] values = warp.linear(image, all, PATCH, 0);
            double gamma = Math.exp(AffineWarp.symmetric(random, CONTRAST));
            double gain = 1 + AffineWarp.symmetric(random, GAIN);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float)
                        (gain * BRIGHTEST * Math.pow(values[i] / BRIGHTEST, gamma) + NOISE * random.nextGaussian());
            }
            return new Example(NAME, patch(values), patch(warp.nearest(target, all, PATCH, Example.UNLABELLED)));
        }

        private static INDArray patch(float[] values) {
            return Nd4j.createFromArray(values).reshape('c', 1, PATCH[0], PATCH[1], PATCH[2]);
        }
    }

    /**
     * The threshold with the highest Dice coefficient, chosen on the test targets themselves. The method sees the whole head,
     * of which what is labelled counts.
     */
    private static Baseline.Method bestThreshold(INDArray head, Example test) {
        boolean half = test.input().size(SIZE.length - 1) < SIZE[3];
        Measures measures = new ClassMeasures(CLASSES, true);
        Baseline.Method best = null;
        double highest = -1;
        for (int threshold = MIN_THRESHOLD; threshold <= MAX_THRESHOLD; threshold += 2) {
            INDArray all = thresholded(head, threshold);
            INDArray found = half ? part(all, 0, (int) SIZE[2], MIDDLE, (int) SIZE[3]) : all;
            double dice = measures.metrics(measures.count(test.target(), found)).get("dice");
            if (dice > highest) {
                highest = dice;
                best = new Baseline.Method(
                        "threshold, erosion, largest component, dilation, holes filled",
                        Map.of("threshold", threshold),
                        example -> found);
            }
        }
        return best;
    }

    /** One-hot classes: above the threshold, eroded by 1, the largest component of it, dilated by 2, with its holes filled. */
    private static INDArray thresholded(INDArray image, int threshold) {
        float[] values = OnHeap.floats(image);
        boolean[] bright = new boolean[values.length];
        for (int i = 0; i < bright.length; i++) {
            bright[i] = values[i] > threshold;
        }
        long[] shape = image.shape().clone();
        boolean[] mask = new Morphology(bright, Arrays.copyOfRange(shape, 1, shape.length))
                .erode()
                .largest()
                .dilate()
                .dilate()
                .filled()
                .mask();
        float[] classes = new float[2 * mask.length];
        for (int i = 0; i < mask.length; i++) {
            classes[mask[i] ? mask.length + i : i] = 1;
        }
        shape[0] = 2;
        return Nd4j.createFromArray(classes).reshape('c', shape);
    }
}
