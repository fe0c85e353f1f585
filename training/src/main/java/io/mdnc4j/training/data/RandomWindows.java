package io.mdnc4j.training.data;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SplittableRandom;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;

/**
 * Training windows at random places with fresh noise: batches of float {@code [N, 1, L]} features and labels. The same seed
 * and epoch give the same windows.
 */
public final class RandomWindows implements EpochIterator {
    private final transient double[] samples;
    private final int length;
    private final int batch;
    private final int batchesPerEpoch;
    private final long seed;

    private int epoch;
    private int next;
    private Random random;
    private transient DataSetPreProcessor preProcessor;

    /**
     * @param samples the training part
     * @param length samples a window
     * @param batch windows a batch
     * @param windowsPerEpoch windows an epoch; rounded up to whole batches
     */
    RandomWindows(double[] samples, int length, int batch, int windowsPerEpoch, long seed) {
        if (batch < 1) {
            throw new IllegalArgumentException("batch: " + batch + " is less than 1; give the windows of a batch");
        }
        this.samples = samples;
        this.length = length;
        this.batch = batch;
        this.batchesPerEpoch = (windowsPerEpoch + batch - 1) / batch;
        this.seed = seed;
        startEpoch(1);
    }

    @Override
    public void startEpoch(int number) {
        epoch = number;
        next = 0;
        random = new Random(new SplittableRandom(seed + number).nextLong());
    }

    @Override
    public int batchesPerEpoch() {
        return batchesPerEpoch;
    }

    @Override
    public boolean hasNext() {
        return next < batchesPerEpoch;
    }

    @Override
    public DataSet next() {
        return next(batch);
    }

    @Override
    public DataSet next(int count) {
        if (!hasNext()) {
            throw new NoSuchElementException("epoch " + epoch + " has " + batchesPerEpoch + " batches; call reset()");
        }
        List<NoisyWindow> windows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            windows.add(NoisyWindow.cut(samples, random.nextInt(samples.length - length + 1), length, random));
        }
        next++;
        DataSet dataSet = NoisyWindows.dataSet(windows);
        if (preProcessor != null) {
            preProcessor.preProcess(dataSet);
        }
        return dataSet;
    }

    /** Goes to the next epoch, or stays where nothing was taken from the present one. */
    @Override
    public void reset() {
        if (next > 0) {
            startEpoch(epoch + 1);
        }
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public int inputColumns() {
        return length;
    }

    @Override
    public int totalOutcomes() {
        return length;
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public boolean asyncSupported() {
        return true;
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }

    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public List<String> getLabels() {
        return List.of();
    }
}
