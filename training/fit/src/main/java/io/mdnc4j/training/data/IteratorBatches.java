package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import java.util.List;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * The batches of any of DL4J's iterators. Every epoch has them in the order in which the iterator gives them after
 * {@link DataSetIterator#reset()}, so that a run continues to the same numbers if that is the same each time.
 */
public final class IteratorBatches implements EpochIterator {
    /** Gives the batches. */
    private final DataSetIterator source;

    /** Batches of an epoch. */
    private final int batches;

    /**
     * Runs through the iterator once, to count.
     *
     * @param source gives the batches; not to be used otherwise from now on
     * @throws ArgumentException if it cannot be reset, or has no batch
     */
    public IteratorBatches(DataSetIterator source) {
        ArgumentException.require(
                source.resetSupported(), "iterator", "cannot be reset", "use one that can, for several epochs");
        this.source = source;
        int count = 0;
        for (source.reset(); source.hasNext(); source.next()) {
            count++;
        }
        ArgumentException.require(count > 0, "iterator", "has no batch", "give it data");
        this.batches = count;
        source.reset();
    }

    @Override
    public void startEpoch(int epoch) {
        source.reset();
    }

    @Override
    public int batchesPerEpoch() {
        return batches;
    }

    @Override
    public boolean hasNext() {
        return source.hasNext();
    }

    @Override
    public DataSet next() {
        return source.next();
    }

    @Override
    public DataSet next(int count) {
        return source.next(count);
    }

    @Override
    public void reset() {
        source.reset();
    }

    @Override
    public int batch() {
        return source.batch();
    }

    @Override
    public int inputColumns() {
        return source.inputColumns();
    }

    @Override
    public int totalOutcomes() {
        return source.totalOutcomes();
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public boolean asyncSupported() {
        return source.asyncSupported();
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return source.getPreProcessor();
    }

    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        source.setPreProcessor(preProcessor);
    }

    @Override
    public List<String> getLabels() {
        return source.getLabels();
    }
}
