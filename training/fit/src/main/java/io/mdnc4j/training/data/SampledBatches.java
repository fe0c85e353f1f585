package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;

/**
 * Batches of what a {@link Sampler} draws, made in background threads a few in advance. The same seed and epoch give the same
 * batches, whichever thread makes them.
 */
public final class SampledBatches implements EpochIterator {
    /** Batches that are made in advance unless told. */
    public static final int AHEAD = 4;

    /** Samples of a batch that are drawn although the epoch has fewer. */
    private static final int MAX_BATCH = 1 << 16;

    private record Epoch(int number, long seed, int... order) {}

    private final transient Sampler sampler;
    private final transient Function<List<Example>, DataSet> encoding;
    /** Samples of a batch. */
    private final int batch;

    /** Whether the order changes with the epoch. */
    private final boolean shuffled;

    /** Of the order and of what the sampler leaves to chance. */
    private final long seed;

    private transient Epoch epoch;
    private transient ReadAhead<DataSet> ahead;

    /** Batches that are made in advance. */
    private int depth = AHEAD;

    /** Number of the next batch in the epoch, from 0. */
    private int next;

    private transient DataSetPreProcessor preProcessor;

    private SampledBatches(
            Sampler sampler, Function<List<Example>, DataSet> encoding, int batch, boolean shuffled, long seed) {
        if (sampler.size() < 1) {
            throw new DataException("data: there is no sample to make batches of; add some");
        }
        int most = Math.max(MAX_BATCH, sampler.size());
        ArgumentException.require(
                batch >= 1 && batch <= most, "batch", batch, "give the samples of a batch, 1 to " + most);
        this.sampler = sampler;
        this.encoding = encoding;
        this.batch = batch;
        this.shuffled = shuffled;
        this.seed = seed;
        startEpoch(1);
    }

    /**
     * Whole batches in an order that changes with the epoch; the last one is filled up from the start of the order.
     *
     * @param sampler draws the samples, in several threads at a time
     * @param encoding makes features and labels of a batch's samples, in several threads at a time
     * @param batch samples a batch, 1 or more
     * @param seed of the order and of what the sampler leaves to chance
     * @return the batches, at the start of epoch 1
     * @throws ArgumentException if a batch has no samples
     * @throws DataException if the sampler has no samples
     */
    public static SampledBatches shuffled(
            Sampler sampler, Function<List<Example>, DataSet> encoding, int batch, long seed) {
        return new SampledBatches(sampler, encoding, batch, true, seed);
    }

    /**
     * The same batches in the same order every epoch; the last one may be smaller.
     *
     * @param sampler draws the samples, in several threads at a time
     * @param encoding makes features and labels of a batch's samples, in several threads at a time
     * @param batch samples a batch, 1 or more
     * @return the batches, at the start of epoch 1
     * @throws ArgumentException if a batch has no samples
     * @throws DataException if the sampler has no samples
     */
    public static SampledBatches ordered(Sampler sampler, Function<List<Example>, DataSet> encoding, int batch) {
        return new SampledBatches(sampler, encoding, batch, false, 0);
    }

    @Override
    public void startEpoch(int number) {
        next = 0;
        long epochSeed = new SplittableRandom(seed + (shuffled ? number : 0)).nextLong();
        int[] order = shuffled
                ? sampler.order(new SplittableRandom(~epochSeed))
                : IntStream.range(0, sampler.size()).toArray();
        epoch = new Epoch(number, epochSeed, order);
        begin();
    }

    private void begin() {
        if (ahead != null) {
            ahead.stop();
        }
        Epoch started = epoch;
        ahead = new ReadAhead<>(i -> load(started, i, batch), batchesPerEpoch(), depth);
    }

    @Override
    public void readAhead(int batches) {
        ArgumentException.require(
                batches >= 0, "readAhead", batches, "give batches, such as " + AHEAD + ", or 0 for none");
        depth = batches;
        begin();
    }

    @Override
    public int batchesPerEpoch() {
        return (epoch.order.length - 1) / batch + 1;
    }

    @Override
    public void skip(int batches) {
        next += batches;
    }

    @Override
    public boolean hasNext() {
        return next < batchesPerEpoch();
    }

    @Override
    public DataSet next() {
        return next(batch);
    }

    @Override
    public DataSet next(int count) {
        if (!hasNext()) {
            throw new NoSuchElementException(
                    "epoch " + epoch.number + " has " + batchesPerEpoch() + " batches; call reset()");
        }
        DataSet dataSet = count == batch ? ahead.get(next) : load(epoch, next, count);
        next++;
        if (preProcessor != null) {
            preProcessor.preProcess(dataSet);
        }
        return dataSet;
    }

    private DataSet load(Epoch of, int number, int count) {
        int start = number * batch;
        int end = shuffled ? start + count : Math.min(start + count, of.order.length);
        List<Example> samples = new ArrayList<>(count);
        for (int i = start; i < end; i++) {
            samples.add(sampler.draw(of.order[i % of.order.length], new SplittableRandom(of.seed + i)));
        }
        return encoding.apply(samples);
    }

    /** Goes to the next epoch, or stays where nothing was taken from the present one. */
    @Override
    public void reset() {
        if (next > 0) {
            startEpoch(epoch.number + 1);
        }
    }

    @Override
    public int batch() {
        return batch;
    }

    /** Not known before a batch is drawn. */
    @Override
    public int inputColumns() {
        return -1;
    }

    /** Not known before a batch is drawn. */
    @Override
    public int totalOutcomes() {
        return -1;
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
