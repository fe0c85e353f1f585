package io.mdnc4j.training.task;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.data.AffineWarp;
import io.mdnc4j.training.data.DataSplit;
import io.mdnc4j.training.data.Fingerprint;
import io.mdnc4j.training.data.Resources;
import io.mdnc4j.training.data.Sampler;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The task of telling 1,797 handwritten digits apart, images of 8 x 8 pixels with values 0 to 16. The first 1,297 train, the
 * last {@value #VALIDATION} of them validate; the last 500, by other writers, are the test part. Each training image is turned,
 * stretched, slanted and shifted a little, anew in every epoch.
 */
public final class Digits {
    /** Name of the data. */
    public static final String NAME = "digits";

    static final int TRAINING = 1297;
    static final int VALIDATION = 200;

    private static final String FILE = "digits.csv.gz";
    private static final int SIZE = 8;
    private static final int PIXELS = SIZE * SIZE;
    private static final int CLASSES = 10;

    private static final Recipe RECIPE = new Recipe(32, new int[] {2, 2}, BlockKind.PLAIN, 3, 64, 3e-3, 1.5);

    private Digits() {}

    /** {@return the data: samples {@code [1, 8, 8]}, classes 0 to 9} */
    public static TrainingData data() {
        byte[] bytes = Resources.read(FILE);
        List<Example> digits = parse(bytes);
        return data(
                bytes,
                digits.subList(0, TRAINING - VALIDATION),
                digits.subList(TRAINING - VALIDATION, TRAINING),
                digits.subList(TRAINING, digits.size()));
    }

    /**
     * The data in folds of images one after the other, as they come, since neighbours are often by one writer; of what a fold does
     * not test, the next {@value DataSplit#SHARE} validates.
     *
     * @param count folds, 2 or more
     * @return the folds
     * @throws ArgumentException if there are fewer, or more than images
     */
    public static DataFolds folds(int count) {
        byte[] bytes = Resources.read(FILE);
        List<Example> digits = parse(bytes);
        DataSplit.requireFolds(count, digits.size(), "images");
        return new DataFolds(count, fold -> {
            DataFolds.Stretch parts = DataFolds.stretch(fold, count, digits.size(), DataSplit.SHARE);
            return data(bytes, at(digits, parts.trained()), at(digits, parts.validated()), at(digits, parts.tested()));
        });
    }

    private static List<Example> at(List<Example> digits, int... places) {
        return Arrays.stream(places).mapToObj(digits::get).toList();
    }

    private static TrainingData data(
            byte[] bytes, List<Example> training, List<Example> validation, List<Example> test) {
        List<String> classes =
                IntStream.range(0, CLASSES).mapToObj(String::valueOf).toList();
        ModelDescription description = new ModelDescription(
                        null,
                        Task.CLASSIFICATION.code(),
                        List.of(1L, (long) SIZE, (long) SIZE),
                        normalization(training),
                        classes,
                        null,
                        null,
                        List.of(),
                        Map.of())
                .with(TrainingStatistics.of(training));
        List<Example> known =
                Stream.concat(training.stream(), validation.stream()).toList();
        return new TrainingData(
                NAME,
                Task.CLASSIFICATION,
                description,
                new Jittered(training),
                Examples.of(validation),
                Examples.of(test),
                List.of(new Baseline("baseline", examples -> nearest(known))),
                model -> RECIPE,
                new Fingerprint().add(bytes).hex());
    }

    private static List<Example> parse(byte[] bytes) {
        double[][] columns = Resources.parse(FILE, bytes, ArrayFiles::read)
                .values()
                .castTo(DataType.DOUBLE)
                .toDoubleMatrix();
        List<Example> digits = new ArrayList<>();
        for (int line = 0; line < columns[0].length; line++) {
            float[] pixels = new float[PIXELS];
            for (int i = 0; i < PIXELS; i++) {
                pixels[i] = (float) columns[i][line];
            }
            digits.add(new Example(
                    "line " + (line + 1), image(pixels), Nd4j.createFromArray((float) columns[PIXELS][line])));
        }
        return digits;
    }

    private static INDArray image(float[] pixels) {
        return Nd4j.createFromArray(pixels).reshape('c', 1, SIZE, SIZE);
    }

    private static Normalization normalization(List<Example> training) {
        SummaryStatistics pixels = new SummaryStatistics();
        for (Example example : training) {
            for (float pixel : example.input().data().asFloat()) {
                pixels.addValue(pixel);
            }
        }
        return new Normalization(
                Normalization.By.SET,
                List.of(pixels.getMean()),
                List.of(Math.sqrt(pixels.getPopulationVariance())),
                false);
    }

    /** The class of the training image with the smallest squared distance. */
    private static Baseline.Method nearest(List<Example> training) {
        float[][] known = training.stream()
                .map(example -> example.input().data().asFloat())
                .toArray(float[][]::new);
        return new Baseline.Method("nearest training image", Map.of(), example -> {
            float[] image = OnHeap.floats(example.input());
            int nearest = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int n = 0; n < known.length; n++) {
                double distance = 0;
                for (int i = 0; i < PIXELS; i++) {
                    distance += (image[i] - known[n][i]) * (image[i] - known[n][i]);
                }
                if (distance < least) {
                    least = distance;
                    nearest = n;
                }
            }
            INDArray answer = Nd4j.zeros(CLASSES);
            return answer.putScalar(training.get(nearest).target().getInt(0), 1);
        });
    }

    /** Images after a random warp about their middle and a shift, both small, 0 outside, with other ink and noise. */
    private record Jittered(List<Example> images) implements Sampler {
        private static final AffineWarp.Range RANGE = new AffineWarp.Range(0.25, 0.15, 0.2);

        /** Pixels. */
        private static final double SHIFT = 1;

        /** Of the brightness. */
        private static final double GAIN = 0.25;

        /** Standard deviation in units of the pixels. */
        private static final double NOISE = 1.5;

        private static final double BRIGHTEST = 16;

        @Override
        public int size() {
            return images.size();
        }

        @Override
        public Example draw(int index, RandomGenerator random) {
            Example image = images.get(index);
            double middle = (SIZE - 1) / 2.0;
            AffineWarp warp = AffineWarp.random(
                    RANGE,
                    random,
                    middle + AffineWarp.symmetric(random, SHIFT),
                    middle + AffineWarp.symmetric(random, SHIFT));
            long[] size = {SIZE, SIZE};
            float[] pixels = warp.linear(image.input().data().asFloat(), size, size, 0);
            double gain = 1 + AffineWarp.symmetric(random, GAIN);
            for (int i = 0; i < pixels.length; i++) {
                double pixel = gain * pixels[i] + NOISE * random.nextGaussian();
                pixels[i] = (float) Math.max(0, Math.min(BRIGHTEST, pixel));
            }
            return new Example(image.name(), image(pixels), image.target());
        }
    }
}
