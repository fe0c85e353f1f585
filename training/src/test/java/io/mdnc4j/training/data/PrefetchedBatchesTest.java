package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class PrefetchedBatchesTest {
    private static final int SIZE = 23;
    private static final int BATCH = 5;
    private static final int BATCHES = 5;

    private final AtomicInteger drawn = new AtomicInteger();
    private volatile Thread drawing;
    private volatile int broken = -1;

    /** Numbers that depend on the sample and on chance. */
    private final class Numbers implements Sampler {
        @Override
        public int size() {
            return SIZE;
        }

        @Override
        public Example draw(int index, RandomGenerator random) {
            drawing = Thread.currentThread();
            drawn.incrementAndGet();
            if (index == broken) {
                throw new DataException("data: sample " + index + " is broken");
            }
            return new Example("", Nd4j.createFromArray(index + random.nextFloat()), Nd4j.createFromArray(0f));
        }
    }

    private EpochIterator plain() {
        Function<List<Example>, DataSet> stacked = samples -> {
            float[][] rows = new float[samples.size()][];
            for (int n = 0; n < rows.length; n++) {
                rows[n] = samples.get(n).input().data().asFloat();
            }
            return new DataSet(Nd4j.createFromArray(rows), Nd4j.createFromArray(rows));
        };
        return SampledBatches.shuffled(new Numbers(), stacked, BATCH, 9);
    }

    private static void requireSame(EpochIterator expected, EpochIterator found) {
        while (expected.hasNext()) {
            assertTrue(found.hasNext());
            assertEquals(expected.next().getFeatures(), found.next().getFeatures());
        }
        assertFalse(found.hasNext());
    }

    @Test
    void theSameBatchesInTheSameOrder() {
        EpochIterator expected = plain();
        EpochIterator found = new PrefetchedBatches(plain(), 3);
        assertEquals(BATCHES, found.batchesPerEpoch());
        // one epoch after another, then back, then from the middle of another, then by reset
        for (int[] start : new int[][] {{1, 0}, {2, 0}, {3, 0}, {1, 0}, {7, 3}, {8, 0}, {8, 2}, {8, 4}}) {
            expected.startEpoch(start[0]);
            found.startEpoch(start[0]);
            expected.skip(start[1]);
            found.skip(start[1]);
            requireSame(expected, found);
        }
        expected.reset();
        found.reset();
        requireSame(expected, found);
        assertThrows(java.util.NoSuchElementException.class, found::next);
    }

    @Test
    void onlySomeAreMadeAhead() throws InterruptedException {
        EpochIterator found = new PrefetchedBatches(plain(), 2);
        assertEquals(0, drawn.get());
        found.next();
        Thread background = waitFor(3 * BATCH);
        assertNotEquals(Thread.currentThread(), background);
        found.next();
        waitFor(4 * BATCH);
    }

    /** Waits until so many samples are drawn, and a little for those that should not be. */
    private Thread waitFor(int samples) throws InterruptedException {
        while (drawn.get() < samples) {
            Thread.sleep(1);
        }
        Thread.sleep(50);
        assertEquals(samples, drawn.get());
        return drawing;
    }

    @Test
    void whatGoesWrongInTheBackgroundIsSaid() {
        EpochIterator found = new PrefetchedBatches(plain());
        broken = 11;
        DataException e = assertThrows(DataException.class, () -> {
            while (found.hasNext()) {
                found.next();
            }
        });
        assertEquals("data: sample 11 is broken", e.getMessage());
        broken = -1;
        EpochIterator expected = plain();
        expected.startEpoch(2);
        found.startEpoch(2);
        requireSame(expected, found);
        assertThrows(IllegalArgumentException.class, () -> new PrefetchedBatches(plain(), 0));
    }

    @Test
    void iteratorsOfDl4jHaveEpochs() {
        List<DataSet> rows = new DataSet(Nd4j.rand(7, 3), Nd4j.rand(7, 2)).asList();
        EpochIterator found = new PrefetchedBatches(EpochIterator.of(new ListDataSetIterator<>(rows, 3)));
        assertEquals(3, found.batchesPerEpoch());
        ListDataSetIterator<DataSet> expected = new ListDataSetIterator<>(rows, 3);
        for (int epoch = 1; epoch <= 3; epoch++) {
            found.startEpoch(epoch);
            expected.reset();
            while (expected.hasNext()) {
                assertEquals(expected.next().getFeatures(), found.next().getFeatures());
            }
            assertFalse(found.hasNext());
        }
        assertSame(found, EpochIterator.of(found));
        assertThrows(
                IllegalArgumentException.class,
                () -> EpochIterator.of(new ListDataSetIterator<>(List.<DataSet>of(), 3)));
    }
}
