package io.mdnc4j.training.data;

import java.util.Arrays;

/**
 * The task of taking white Gaussian noise, 6 dB below the signal, out of windows of {@value #LENGTH} samples. The last fifth
 * of the signal is the test part, the fifth before it validates, the rest trains.
 *
 * <p>Every noisy window has its mean subtracted and is divided by its standard deviation before a network sees it; the clean
 * window is transformed by the same two numbers.
 */
public final class Denoising {
    /** Samples a window. */
    public static final int LENGTH = 512;

    /** Windows an epoch: several times what the training part of the electrocardiogram holds side by side. */
    public static final int WINDOWS_PER_EPOCH = 1024;

    private static final int PARTS = 5;

    /** Fixed, so that results of all runs compare. */
    private static final long VALIDATION_SEED = 208;

    private static final long TEST_SEED = 2081;

    private final Signal signal;
    private final double[] training;
    private final NoisyWindows validation;
    private final NoisyWindows test;

    /** @throws DataException if a fifth of the signal is shorter than a window */
    public Denoising(Signal signal) {
        double[] samples = signal.samples();
        int fifth = samples.length / PARTS;
        if (fifth < LENGTH) {
            throw new DataException("data: " + signal.name() + " has " + samples.length + " samples; " + PARTS * LENGTH
                    + " or more are needed, " + LENGTH + " for each fifth");
        }
        this.signal = signal;
        int testStart = samples.length - fifth;
        int validationStart = testStart - fifth;
        this.training = Arrays.copyOf(samples, validationStart);
        this.validation = NoisyWindows.of(samples, validationStart, testStart, LENGTH, VALIDATION_SEED);
        this.test = NoisyWindows.of(samples, testStart, samples.length, LENGTH, TEST_SEED);
    }

    /** What the windows are cut from. */
    public Signal signal() {
        return signal;
    }

    /** Shape of the features of one window: {@code [1, 512]}. */
    public long[] inputShape() {
        return new long[] {1, LENGTH};
    }

    /**
     * Batches for training.
     *
     * @param batch windows a batch
     * @param seed of the places and the noise
     */
    public RandomWindows training(int batch, long seed) {
        return new RandomWindows(training, LENGTH, batch, WINDOWS_PER_EPOCH, seed);
    }

    /** The windows to choose settings with. */
    public NoisyWindows validation() {
        return validation;
    }

    /** The windows to measure results with. */
    public NoisyWindows test() {
        return test;
    }
}
