package io.mdnc4j.training.task;

import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.data.AffineWarp;
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
        byte[] image = Resources.read(IMAGE);
        byte[] mask = Resources.read(MASK);
        StoredArray scan = volume(image);
        Grid grid = scan.grid();
        Example head = new Example(
                NAME, scan.withDimensions(SIZE.length - 1), volume(mask).withDimensions(SIZE.length - 1), grid);
        Example left = part(head, "left half", 0, (int) SIZE[2], 0, MIDDLE);
        ModelDescription description = new ModelDescription(
                        null,
                        Task.SEGMENTATION.code(),
                        List.of(1L, PATCH[0], PATCH[1], PATCH[2]),
                        new Normalization(
                                Normalization.By.SET,
                                List.of(left.input().meanNumber().doubleValue()),
                                List.of(left.input().stdNumber(false).doubleValue()),
                                false),
                        CLASSES,
                        null,
                        null,
                        grid.spacing(),
                        Map.of())
                .with(TrainingStatistics.of(List.of(left)));
        return new TrainingData(
                NAME,
                Task.SEGMENTATION,
                description.withGrid(null, grid.spacing(), grid.orientation()),
                new Patches(
                        left.input().data().asFloat(),
                        inSlab(left, false).data().asFloat()),
                Examples.of(slab(left)),
                Examples.of(List.of(part(head, "right half", 0, (int) SIZE[2], MIDDLE, (int) SIZE[3]))),
                List.of(new Baseline("baseline", test -> bestThreshold(head.input(), test.get(0)))),
                model -> RECIPE,
                        new Fingerprint().add(image).add(mask).hex())
                .withWholeValidation(Examples.of(
                        List.of(new Example("left half, slab", left.input(), inSlab(left, true), left.grid()))));
    }

    private static StoredArray volume(byte[] gzipped) {
        try (InputStream in = new ByteArrayInputStream(gzipped)) {
            return NiftiFormat.read(in, gzipped.length);
        } catch (IOException e) {
            throw new UncheckedIOException(IMAGE, e);
        }
    }

    /** The classes in the validation slab alone, or everywhere else; what is left out is unlabelled. */
    private static INDArray inSlab(Example left, boolean slab) {
        INDArray target = left.target().dup('c');
        int[][] unlabelled =
                slab ? new int[][] {{0, SLAB_START}, {SLAB_END, (int) SIZE[2]}} : new int[][] {{SLAB_START, SLAB_END}};
        for (int[] range : unlabelled) {
            target.get(
                            NDArrayIndex.all(),
                            NDArrayIndex.all(),
                            NDArrayIndex.interval(range[0], range[1]),
                            NDArrayIndex.all())
                    .assign(Example.UNLABELLED);
        }
        return target;
    }

    /** Patches that cover the slab and its surroundings, of which only the slab is labelled. */
    private static List<Example> slab(Example left) {
        INDArray target = inSlab(left, true);
        List<Example> patches = new ArrayList<>();
        for (int z : new int[] {0, (int) (SIZE[1] - PATCH[0]) / 2, (int) (SIZE[1] - PATCH[0])}) {
            for (int x : new int[] {0, (int) (MIDDLE - PATCH[2])}) {
                INDArrayIndex[] place = {
                    NDArrayIndex.all(),
                    NDArrayIndex.interval(z, z + PATCH[0]),
                    NDArrayIndex.interval(SLAB_START - CONTEXT, SLAB_START - CONTEXT + PATCH[1]),
                    NDArrayIndex.interval(x, x + PATCH[2])
                };
                patches.add(new Example(
                        "left half, slab",
                        left.input().get(place).dup('c'),
                        target.get(place).dup('c'),
                        left.grid()));
            }
        }
        return patches;
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
    private record Patches(float[] image, float[] target) implements Sampler {
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
            long[] size = {SIZE[1], SIZE[2], MIDDLE};
            double[] centre = new double[size.length];
            for (int axis = 0; axis < centre.length; axis++) {
                centre[axis] = (PATCH[axis] - 1) / 2.0 + random.nextInt((int) (size[axis] - PATCH[axis] + 1));
            }
            AffineWarp warp = AffineWarp.random(WARP, random, centre);
            if (random.nextBoolean()) {
                for (double[] row : warp.matrix()) {
                    row[row.length - 1] = -row[row.length - 1];
                }
            }
            float[] values = warp.linear(image, size, PATCH, 0);
            double gamma = Math.exp(AffineWarp.symmetric(random, CONTRAST));
            double gain = 1 + AffineWarp.symmetric(random, GAIN);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float)
                        (gain * BRIGHTEST * Math.pow(values[i] / BRIGHTEST, gamma) + NOISE * random.nextGaussian());
            }
            return new Example(
                    "left half", patch(values), patch(warp.nearest(target, size, PATCH, Example.UNLABELLED)));
        }

        private static INDArray patch(float[] values) {
            return Nd4j.createFromArray(values).reshape('c', 1, PATCH[0], PATCH[1], PATCH[2]);
        }
    }

    /**
     * The threshold with the highest Dice coefficient, chosen on the test targets themselves. The method sees the whole head,
     * of which the right half counts.
     */
    private static Baseline.Method bestThreshold(INDArray head, Example right) {
        Measures measures = new ClassMeasures(CLASSES, true);
        Baseline.Method best = null;
        double highest = -1;
        for (int threshold = MIN_THRESHOLD; threshold <= MAX_THRESHOLD; threshold += 2) {
            INDArray found = part(thresholded(head, threshold), 0, (int) SIZE[2], MIDDLE, (int) SIZE[3]);
            double dice =
                    measures.metrics(measures.count(right.target(), found)).get("dice");
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
