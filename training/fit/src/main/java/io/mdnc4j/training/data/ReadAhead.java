package io.mdnc4j.training.data;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Makes numbered things in background threads, some in advance, and hands them out in their order. */
final class ReadAhead<T> {
    /** One core is left to those who use what is made. */
    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

    private static final ExecutorService POOL = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "data");
        thread.setDaemon(true);
        return thread;
    });

    private final IntFunction<T> maker;
    private final int count;
    private final int depth;
    private final TreeMap<Integer, Future<T>> waiting = new TreeMap<>();
    private int submitted;

    /**
     * @param maker makes a thing by its number, from 0, alike in any order and thread
     * @param count number of things
     * @param depth how many are made in advance; with 0 each is made by who asks for it
     */
    ReadAhead(IntFunction<T> maker, int count, int depth) {
        this.maker = maker;
        this.count = count;
        this.depth = depth;
    }

    /** A thing with a higher number than the one before. */
    T get(int number) {
        if (depth == 0) {
            return maker.apply(number);
        }
        drop(waiting.headMap(number));
        submitted = Math.max(submitted, number);
        while (submitted < Math.min(number + 1 + depth, count)) {
            int next = submitted++;
            waiting.put(next, POOL.submit(() -> maker.apply(next)));
        }
        try {
            return waiting.remove(number).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while data were loaded");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /** Nothing more is wanted. */
    void stop() {
        drop(waiting);
    }

    private static <T> void drop(Map<Integer, Future<T>> unwanted) {
        unwanted.values().forEach(future -> future.cancel(false));
        unwanted.clear();
    }
}
