package io.mdnc4j.training.data;

import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Examples of which those used last stay in memory, up to a number of bytes; any number of threads may use them. What is no
 * longer kept is freed as soon as nobody uses it, so that memory is bounded by those bytes and one example a thread. Several
 * sets may share one bound.
 */
public final class CachedExamples {
    private final Examples source;
    private final Store store;

    /** What is kept of all sets that share a bound; also the lock. */
    private static final class Store {
        final long budget;

        /** The least recently used first. */
        final Map<Key, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

        long bytes;
        long reads;

        Store(long budget) {
            this.budget = budget;
        }
    }

    private record Key(CachedExamples of, int index) {}

    private static final class Kept {
        final CompletableFuture<Example> example = new CompletableFuture<>();
        int users;
        long size;
        boolean dropped;
    }

    /**
     * A set with a bound of its own.
     *
     * @param source reads the examples, in the threads that ask for them, several at a time
     * @param budget bytes of examples that are kept; with 0 each is freed once nobody uses it
     */
    public CachedExamples(Examples source, long budget) {
        this(source, new Store(budget));
    }

    private CachedExamples(Examples source, Store store) {
        this.source = source;
        this.store = store;
    }

    /**
     * Another set, within the same bytes.
     *
     * @param other reads its examples
     * @return the set
     */
    public CachedExamples beside(Examples other) {
        return new CachedExamples(other, store);
    }

    /** {@return the number of examples} */
    public int size() {
        return source.size();
    }

    /** {@return the names of the classes; empty where targets are values} */
    public List<String> classes() {
        return source.classes();
    }

    /** {@return the bytes of the examples in memory, of all sets that share the bound} */
    public long bytes() {
        synchronized (store) {
            return store.bytes;
        }
    }

    /** {@return the bytes that may be kept, of all sets that share the bound} */
    public long budget() {
        return store.budget;
    }

    /** {@return how often an example was read, of all sets that share the bound} */
    public long reads() {
        synchronized (store) {
            return store.reads;
        }
    }

    /**
     * Makes something of an example, which must not be used after that.
     *
     * @param <T> what is made
     * @param index from 0 to below {@link #size}
     * @param use makes it; what it returns must not share arrays with the example
     * @return what was made
     * @throws DataException if it cannot be read
     */
    public <T> T with(int index, Function<Example, T> use) {
        Kept entry = take(index);
        try {
            return use.apply(entry.example.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof DataException cause ? cause : e;
        } finally {
            release(entry);
        }
    }

    private Kept take(int index) {
        Kept entry;
        boolean mine = false;
        Key key = new Key(this, index);
        synchronized (store) {
            entry = store.kept.get(key);
            if (entry == null) {
                entry = new Kept();
                store.kept.put(key, entry);
                mine = true;
                store.reads++;
            }
            entry.users++;
        }
        if (mine) {
            read(index, entry);
        }
        return entry;
    }

    /** Others who want the example wait meanwhile. */
    private void read(int index, Kept entry) {
        try {
            Example example = source.get(index);
            synchronized (store) {
                entry.size = size(example.input()) + size(example.target());
                store.bytes += entry.size;
            }
            entry.example.complete(example);
        } catch (RuntimeException | Error e) {
            // errors, too, such as that of no memory left: others would wait for ever
            synchronized (store) {
                store.kept.remove(new Key(this, index));
                entry.dropped = true;
            }
            entry.example.completeExceptionally(e);
        }
    }

    private static long size(INDArray array) {
        return array == null ? 0 : array.length() * array.dataType().width();
    }

    private void release(Kept entry) {
        synchronized (store) {
            entry.users--;
            if (entry.dropped && entry.users == 0) {
                free(entry);
            }
            Iterator<Kept> oldest = store.kept.values().iterator();
            while (store.bytes > store.budget && oldest.hasNext()) {
                Kept old = oldest.next();
                if (old.users == 0) {
                    oldest.remove();
                    old.dropped = true;
                    free(old);
                }
            }
        }
    }

    private void free(Kept entry) {
        store.bytes -= entry.size;
        entry.size = 0;
        if (!entry.example.isCompletedExceptionally()) {
            Release.of(entry.example.join().input(), entry.example.join().target());
        }
    }
}
