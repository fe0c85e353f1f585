package io.mdnc4j.training.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;

/**
 * The batches of another iterator, in the same order, made in a background thread while the network learns: at most a given
 * number ahead, over the end of the epoch too. Nobody else may use the other iterator from then on.
 */
public final class PrefetchedBatches implements EpochIterator {
    /** Batches ahead unless said otherwise; one is in use, one is ready, one is made. */
    public static final int AHEAD = 2;

    private final EpochIterator source;
    private final int ahead;
    private final int batchesPerEpoch;
    private final ThreadPoolExecutor background;

    /** What is being made, the next batch first. */
    private final Deque<Made> pending = new ArrayDeque<>();

    /** The place after the last of them. */
    private Place end;

    private int epoch = 1;
    private int next;

    private record Place(int epoch, int index) {}

    private record Made(Place place, Future<DataSet> batch) {}

    /** With {@value #AHEAD} batches ahead. */
    public PrefetchedBatches(EpochIterator source) {
        this(source, AHEAD);
    }

    /**
     * @param ahead batches to make before they are asked for
     * @throws IllegalArgumentException if {@code ahead} is less than 1
     */
    public PrefetchedBatches(EpochIterator source, int ahead) {
        if (ahead < 1) {
            throw new IllegalArgumentException("ahead: " + ahead + " is less than 1; give the batches to make ahead");
        }
        this.source = source;
        this.ahead = ahead;
        this.batchesPerEpoch = source.batchesPerEpoch();
        background = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "batches");
            thread.setDaemon(true);
            return thread;
        });
        // an iterator has no end at which to stop a thread
        background.allowCoreThreadTimeOut(true);
    }

    @Override
    public void startEpoch(int number) {
        epoch = number;
        next = 0;
    }

    @Override
    public void skip(int batches) {
        next += batches;
    }

    @Override
    public boolean hasNext() {
        return next < batchesPerEpoch;
    }

    @Override
    public DataSet next() {
        if (!hasNext()) {
            throw new NoSuchElementException("epoch " + epoch + " has " + batchesPerEpoch + " batches; call reset()");
        }
        if (pending.isEmpty() || !pending.element().place.equals(new Place(epoch, next))) {
            begin();
            fill();
        }
        Future<DataSet> batch = pending.remove().batch;
        next++;
        fill();
        try {
            return batch.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        } catch (ExecutionException e) {
            pending.clear();
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /** Makes batches from the one that is asked for on, not those that were thought to come next. */
    private void begin() {
        pending.forEach(made -> made.batch.cancel(false));
        pending.clear();
        end = new Place(epoch, next);
        Place start = end;
        background.execute(() -> {
            source.startEpoch(start.epoch);
            source.skip(start.index);
        });
    }

    private void fill() {
        while (pending.size() < ahead) {
            if (end.index == batchesPerEpoch) {
                end = new Place(end.epoch + 1, 0);
                int started = end.epoch;
                background.execute(() -> source.startEpoch(started));
            }
            pending.add(new Made(end, background.submit(() -> source.next())));
            end = new Place(end.epoch, end.index + 1);
        }
    }

    @Override
    public DataSet next(int count) {
        throw new UnsupportedOperationException("batches of another size cannot be made ahead; use next()");
    }

    /** Goes to the next epoch, or stays where nothing was taken from the present one. */
    @Override
    public void reset() {
        if (next > 0) {
            startEpoch(epoch + 1);
        }
    }

    @Override
    public int batchesPerEpoch() {
        return batchesPerEpoch;
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

    /** No: it is already. */
    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return source.getPreProcessor();
    }

    /** Applies from the next batch that is not yet begun; set it before the first. */
    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        source.setPreProcessor(preProcessor);
    }

    @Override
    public List<String> getLabels() {
        return source.getLabels();
    }
}
