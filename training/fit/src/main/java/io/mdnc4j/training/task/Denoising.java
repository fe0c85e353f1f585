package io.mdnc4j.training.task;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.data.DataSplit;
import io.mdnc4j.training.data.Fingerprint;
import io.mdnc4j.training.data.Sampler;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.metrics.SavitzkyGolay;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.stat.StatUtils;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The task of taking white Gaussian noise, 6 dB below the signal, out of windows of {@value #LENGTH} samples. The last fifth
 * of the signal is the test part, the fifth before it validates, the rest trains. Every noisy window is brought to mean 0 and
 * deviation 1 before a network sees it; both numbers are put back into the output.
 */
public final class Denoising {
    /** Samples a window. */
    public static final int LENGTH = 512;

    /** Windows an epoch: several times what the training part of the electrocardiogram holds side by side. */
    public static final int WINDOWS_PER_EPOCH = 1024;

    /** The noise is 6 dB below the signal. */
    static final double NOISE_DB = 6;

    private static final int PARTS = 5;

    /** Fixed, so that results of all runs compare. */
    private static final long VALIDATION_SEED = 208;

    private static final long TEST_SEED = 2081;

    private static final long STATISTICS_SEED = 2082;

    private static final Recipe CONV_UNET = new Recipe(12, new int[] {2, 2, 2, 2}, BlockKind.PLAIN, 5, 16, 6e-3, 4);
    private static final Recipe RES_UNET = new Recipe(16, new int[] {1, 1, 1, 1}, BlockKind.PLAIN, 5, 16, 6e-3, 4);
    private static final Recipe OTHER = new Recipe(16, new int[] {1, 1, 1}, BlockKind.PLAIN, 5, 16, 6e-3, 1.75);

    private Denoising() {}

    /**
     * The task of a signal.
     *
     * @param signal the clean signal, of five windows or more
     * @return the data: windows {@code [1, LENGTH]}; those that train at random places with fresh noise, the others side by
     *     side with the same noise every time
     * @throws DataException if a fifth of the signal is shorter than a window
     */
    public static TrainingData of(Signal signal) {
        double[] samples = signal.samples();
        int fifth = samples.length / PARTS;
        if (fifth < LENGTH) {
            throw new DataException("data: " + signal.name() + " has " + samples.length + " samples; " + PARTS * LENGTH
                    + " or more are needed, " + LENGTH + " for each fifth");
        }
        int testStart = samples.length - fifth;
        int validationStart = testStart - fifth;
        return data(
                signal,
                List.of(Arrays.copyOf(samples, validationStart)),
                windows(signal, 0, validationStart, STATISTICS_SEED),
                windows(signal, validationStart, testStart, VALIDATION_SEED),
                windows(signal, testStart, samples.length, TEST_SEED));
    }

    /**
     * The task of a signal in folds: each tests a stretch of windows side by side, and of what is left the next
     * {@value DataSplit#SHARE} validates, behind the end at the start.
     *
     * @param signal the clean signal, of three windows or more
     * @param count folds, 2 or more
     * @return the folds; the tail of the signal that is no whole window is in none
     * @throws ArgumentException if there are fewer folds, or more than windows
     * @throws DataException if the signal has fewer than three windows
     */
    public static DataFolds folds(Signal signal, int count) {
        int windows = signal.samples().length / LENGTH;
        if (windows < 3) {
            throw new DataException("data: " + signal.name() + " has " + signal.samples().length + " samples; "
                    + 3 * LENGTH + " or more are needed, " + LENGTH + " each to train, validate and test with");
        }
        DataSplit.requireFolds(count, windows, "windows of " + LENGTH + " samples");
        return new DataFolds(count, fold -> {
            DataFolds.Stretch parts = DataFolds.stretch(fold, count, windows, DataSplit.SHARE);
            List<double[]> training = new ArrayList<>();
            List<Example> levels = new ArrayList<>();
            List<Example> validation = new ArrayList<>();
            for (int[] run : runs(parts.trained())) {
                training.add(Arrays.copyOfRange(signal.samples(), run[0], run[1]));
                levels.addAll(windows(signal, run[0], run[1], STATISTICS_SEED + fold));
            }
            for (int[] run : runs(parts.validated())) {
                validation.addAll(windows(signal, run[0], run[1], VALIDATION_SEED + fold));
            }
            int[] tested = runs(parts.tested()).get(0);
            return data(signal, training, levels, validation, windows(signal, tested[0], tested[1], TEST_SEED + fold));
        });
    }

    /** Where the samples of windows begin and end that lie side by side. */
    private static List<int[]> runs(int... windows) {
        List<int[]> runs = new ArrayList<>();
        for (int window : windows) {
            int start = window * LENGTH;
            int[] last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last != null && last[1] == start) {
                last[1] += LENGTH;
            } else {
                runs.add(new int[] {start, start + LENGTH});
            }
        }
        return runs;
    }

    /** @param levels windows of the training part, for its statistics */
    private static TrainingData data(
            Signal signal,
            List<double[]> training,
            List<Example> levels,
            List<Example> validation,
            List<Example> test) {
        ModelDescription description = new ModelDescription(
                        null,
                        Task.DENOISING.code(),
                        List.of(1L, (long) LENGTH),
                        new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), true),
                        List.of(),
                        signal.unit(),
                        signal.rate(),
                        List.of(),
                        Map.of())
                .with(TrainingStatistics.of(levels));
        return new TrainingData(
                signal.name(),
                Task.DENOISING,
                description,
                new RandomWindows(training),
                Examples.of(validation),
                Examples.of(test),
                List.of(
                        new Baseline("noisy", examples -> new Baseline.Method("noisy", Map.of(), Example::input)),
                        new Baseline("filter", Denoising::bestFilter)),
                Denoising::recipe,
                Fingerprint.of(signal.samples()));
    }

    private static Recipe recipe(ModelName model) {
        if (model.network() != Network.UNET) {
            return OTHER;
        }
        return model.family() == Family.CONV ? CONV_UNET : RES_UNET;
    }

    /** Training windows at random places in stretches of a signal, with fresh noise. */
    private record RandomWindows(List<double[]> stretches) implements Sampler {
        @Override
        public int size() {
            return WINDOWS_PER_EPOCH;
        }

        @Override
        public Example draw(int index, RandomGenerator random) {
            int place = random.nextInt(
                    stretches.stream().mapToInt(RandomWindows::places).sum());
            int stretch = 0;
            while (place >= places(stretches.get(stretch))) {
                place -= places(stretches.get(stretch++));
            }
            return window(stretches.get(stretch), place, random);
        }

        private static int places(double... samples) {
            return samples.length - LENGTH + 1;
        }
    }

    /** The whole windows between two indices, with the same noise every time; the tail is dropped. */
    private static List<Example> windows(Signal signal, int from, int to, long seed) {
        Random random = new Random(seed);
        List<Example> windows = new ArrayList<>();
        for (int start = from; start + LENGTH <= to; start += LENGTH) {
            Example window = window(signal.samples(), start, random);
            windows.add(new Example(window.name(), window.input(), window.target(), Grid.ofRate(signal.rate())));
        }
        return windows;
    }

    /** A window, clean, and with white Gaussian noise of the window's variance / 10^0.6. */
    private static Example window(double[] samples, int start, RandomGenerator random) {
        double[] clean = Arrays.copyOfRange(samples, start, start + LENGTH);
        double scale = Math.sqrt(StatUtils.populationVariance(clean) / Math.pow(10, NOISE_DB / 10));
        float[] noisy = new float[LENGTH];
        float[] target = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            target[i] = (float) clean[i];
            noisy[i] = (float) (clean[i] + scale * random.nextGaussian());
        }
        return new Example("samples " + start + " to " + (start + LENGTH - 1), row(noisy), row(target));
    }

    private static INDArray row(float[] values) {
        return Nd4j.createFromArray(values).reshape('c', 1, values.length);
    }

    private static Baseline.Method bestFilter(Examples test) {
        double[][] clean = new double[test.size()][];
        double[][] noisy = new double[test.size()][];
        for (int n = 0; n < clean.length; n++) {
            clean[n] = test.get(n).target().data().asDouble();
            noisy[n] = test.get(n).input().data().asDouble();
        }
        SavitzkyGolay filter = SavitzkyGolay.best(clean, noisy);
        Map<String, Integer> settings = new LinkedHashMap<>();
        settings.put("window", filter.window());
        settings.put("order", filter.order());
        return new Baseline.Method("best Savitzky-Golay filter", settings, example -> {
            double[] filtered = filter.filter(OnHeap.doubles(example.input()));
            return Nd4j.createFromArray(filtered)
                    .castTo(example.input().dataType())
                    .reshape(example.input().shape());
        });
    }
}
