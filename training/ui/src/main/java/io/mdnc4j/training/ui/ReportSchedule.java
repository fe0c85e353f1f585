package io.mdnc4j.training.ui;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.deeplearning4j.ui.model.stats.api.StatsType;
import org.deeplearning4j.ui.model.stats.api.StatsUpdateConfiguration;

/**
 * What is collected of which steps: what the pages show and no more, and so seldom that it takes at most a twentieth of the
 * time, for collecting costs as much as several steps of a small network.
 */
final class ReportSchedule implements StatsUpdateConfiguration {
    private static final long LEAST = Duration.ofSeconds(1).toNanos();
    private static final int PAUSE = 20;
    private static final int WARM_UP = 3;
    private static final int BINS = 20;

    private final LongSupplier clock;
    private boolean due = true;
    private int reports;
    private long next;
    private long spent;

    /** @param clock nanoseconds */
    ReportSchedule(LongSupplier clock) {
        this.clock = clock;
    }

    /** Whether the present step is reported. */
    boolean due() {
        return due;
    }

    /** Counts time that collecting took. */
    void spent(long nanos) {
        spent += nanos;
    }

    /** A step has ended; decides about the next. */
    void stepDone() {
        long now = clock.getAsLong();
        if (due) {
            reports++;
            // the first ones of a process are many times slower than all others
            next = now + (reports <= WARM_UP ? LEAST : Math.max(LEAST, PAUSE * spent));
            spent = 0;
        }
        due = now - next >= 0;
    }

    /** DL4J asks at each step, so that one that is not due is one between two that never come. */
    @Override
    public int reportingFrequency() {
        return due ? 1 : Integer.MAX_VALUE;
    }

    @Override
    public boolean collectPerformanceStats() {
        return true;
    }

    @Override
    public boolean collectMemoryStats() {
        return true;
    }

    @Override
    public boolean collectGarbageCollectionStats() {
        return false;
    }

    @Override
    public boolean collectLearningRates() {
        return true;
    }

    @Override
    public boolean collectHistograms(StatsType type) {
        return type == StatsType.Parameters || type == StatsType.Updates;
    }

    @Override
    public int numHistogramBins(StatsType type) {
        return BINS;
    }

    @Override
    public boolean collectMean(StatsType type) {
        return type == StatsType.Activations;
    }

    @Override
    public boolean collectStdev(StatsType type) {
        return type != StatsType.Parameters;
    }

    @Override
    public boolean collectMeanMagnitudes(StatsType type) {
        return type == StatsType.Parameters || type == StatsType.Updates;
    }
}
