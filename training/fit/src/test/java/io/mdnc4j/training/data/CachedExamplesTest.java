package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Training of more than the memory holds. */
class CachedExamplesTest {
    private static final int EXAMPLES = 12;
    private static final int PATCHES = 10;
    private static final long BYTES = 2 * 16 * 16 * 16 * Float.BYTES;
    private static final Function<List<Example>, DataSet> STACKED = samples -> new DataSet(
            Nd4j.stack(0, samples.stream().map(Example::input).toArray(INDArray[]::new)),
            Nd4j.stack(0, samples.stream().map(Example::target).toArray(INDArray[]::new)));

    /** Volumes that are made anew each time, each of its own value. */
    private static final Examples VOLUMES = new Examples() {
        @Override
        public int size() {
            return EXAMPLES;
        }

        @Override
        public Example get(int index) {
            INDArray volume = Nd4j.valueArrayOf(new long[] {1, 16, 16, 16}, (float) index);
            return new Example("volume " + index, volume, volume.dup());
        }
    };

    private static SampledBatches batches(CachedExamples examples, Augmentation augmentation, long seed) {
        return SampledBatches.shuffled(
                new Patches(examples, new long[] {8, 8, 8}, PATCHES, false, augmentation, 2), STACKED, 5, seed);
    }

    @Test
    void memoryIsBoundedAndEveryWindowComesOnce() {
        CachedExamples examples = new CachedExamples(VOLUMES, 4 * BYTES);
        SampledBatches batches = batches(examples, Augmentation.NONE, 3);
        Map<Float, Integer> seen = new HashMap<>();
        while (batches.hasNext()) {
            INDArray features = batches.next().getFeatures();
            for (int n = 0; n < features.size(0); n++) {
                seen.merge(features.getFloat(n, 0, 0, 0, 0), 1, Integer::sum);
            }
            // those of the budget, and one for each thread that reads
            long most = (4 + Runtime.getRuntime().availableProcessors()) * BYTES;
            assertTrue(examples.bytes() <= most, () -> examples.bytes() + " bytes");
        }
        assertEquals(EXAMPLES, seen.size());
        seen.values().forEach(count -> assertEquals(PATCHES, count));
        // windows of two examples are mixed at a time, so that each is read about once, not once for each window
        assertTrue(examples.reads() < 2 * EXAMPLES, () -> examples.reads() + " reads");
    }

    @Test
    void twoSetsShareOneBound() {
        CachedExamples training = new CachedExamples(VOLUMES, 3 * BYTES);
        CachedExamples validation = training.beside(VOLUMES);
        for (int i = 0; i < EXAMPLES; i++) {
            assertEquals("volume " + i, training.with(i, Example::name));
            assertEquals("volume " + i, validation.with(i, Example::name));
            assertTrue(training.bytes() <= 3 * BYTES, () -> training.bytes() + " bytes");
        }
        assertEquals(3 * BYTES, validation.bytes());
        assertEquals(2 * EXAMPLES, training.reads());
        // the last of each set is still there
        training.with(EXAMPLES - 1, Example::name);
        validation.with(EXAMPLES - 1, Example::name);
        assertEquals(2 * EXAMPLES, training.reads());
    }

    /** Made in background threads or not, batches are the same. */
    @Test
    void readingAheadChangesNothing() {
        SampledBatches ahead = batches(new CachedExamples(VOLUMES, BYTES), Augmentation.NONE, 7);
        SampledBatches alone = batches(new CachedExamples(VOLUMES, BYTES), Augmentation.NONE, 7);
        Set<Thread> makers = ConcurrentHashMap.newKeySet();
        SampledBatches watched = SampledBatches.ordered(
                Sampler.of(VOLUMES),
                samples -> {
                    makers.add(Thread.currentThread());
                    return STACKED.apply(samples);
                },
                5);
        ahead.readAhead(9);
        alone.readAhead(0);
        watched.readAhead(0);
        while (ahead.hasNext()) {
            assertEquals(ahead.next(), alone.next());
        }
        assertFalse(alone.hasNext());
        watched.next();
        assertEquals(Set.of(Thread.currentThread()), makers);
        assertThrows(IllegalArgumentException.class, () -> alone.readAhead(-1));
    }

    @Test
    void sameSeedAndEpochGiveTheSameBatchesWhateverCameBefore() {
        Augmentation all = Augmentation.parse(List.of("flip", "shift", "rotate", "scale", "elastic", "gain", "noise"));
        SampledBatches one = batches(new CachedExamples(VOLUMES, 4 * BYTES), all, 5);
        SampledBatches other = batches(new CachedExamples(VOLUMES, 0), all, 5);
        one.startEpoch(2);
        one.skip(2);
        other.startEpoch(1);
        other.next();
        other.startEpoch(2);
        other.next();
        other.next();
        DataSet expected = one.next();
        assertEquals(expected, other.next());
        one.startEpoch(3);
        one.skip(2);
        assertNotEquals(expected, one.next());
    }

    @Test
    void anExampleThatCannotBeReadIsTriedAgain() {
        triedAgain(new DataException("not now"));
        triedAgain(new OutOfMemoryError("not now"));
    }

    private static void triedAgain(Throwable problem) {
        int[] tries = new int[1];
        CachedExamples examples = new CachedExamples(
                new Examples() {
                    @Override
                    public int size() {
                        return 1;
                    }

                    @Override
                    public Example get(int index) {
                        if (tries[0]++ > 0) {
                            return VOLUMES.get(index);
                        }
                        if (problem instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) problem;
                    }
                },
                BYTES);
        assertThrows(problem.getClass(), () -> examples.with(0, Example::name));
        assertEquals("volume 0", examples.with(0, Example::name));
        assertEquals("volume 0", examples.with(0, Example::name));
        assertEquals(2, tries[0]);
        assertEquals(BYTES, examples.bytes());
    }

    /** What goes wrong in a background thread reaches the one that trains as what it is. */
    @Test
    void errorsOfBackgroundThreadsAreNotHidden() {
        SampledBatches batches = SampledBatches.ordered(
                Sampler.of(VOLUMES),
                samples -> {
                    throw new OutOfMemoryError("no more");
                },
                5);
        assertThrows(OutOfMemoryError.class, batches::next);
    }
}
