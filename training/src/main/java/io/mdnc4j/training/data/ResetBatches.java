package io.mdnc4j.training.data;

import java.util.List;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** An iterator that is reset for each epoch. */
final class ResetBatches implements EpochIterator {
    private final DataSetIterator source;
    private final int batchesPerEpoch;

    ResetBatches(DataSetIterator source) {
        if (!source.resetSupported()) {
            throw new IllegalArgumentException(
                    "iterator: cannot be reset, so there is one epoch only; use one that can, or keep its batches in a list");
        }
        this.source = source;
        int count = 0;
        source.reset();
        while (source.hasNext()) {
            source.next();
            count++;
        }
        if (count == 0) {
            throw new IllegalArgumentException("iterator: gives nothing; check its data");
        }
        batchesPerEpoch = count;
        source.reset();
    }

    @Override
    public void startEpoch(int epoch) {
        source.reset();
    }

    @Override
    public int batchesPerEpoch() {
        return batchesPerEpoch;
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
