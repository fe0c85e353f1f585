package io.mdnc4j.training.run;

import java.util.Locale;

/** Samples a second ("samples/s"), smoothed over the last steps. */
public final class Speed {
    private static final double WEIGHT = 0.1;
    private static final double NANOS = 1e9;

    private final int batch;
    private long last = System.nanoTime();
    private double stepSeconds;

    /** @param batch samples a step */
    public Speed(int batch) {
        this.batch = batch;
    }

    /** To be called at the end of each step. */
    public void step() {
        long now = System.nanoTime();
        double took = (now - last) / NANOS;
        stepSeconds = stepSeconds == 0 ? took : stepSeconds + WEIGHT * (took - stepSeconds);
        last = now;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.0f samples/s", batch / stepSeconds);
    }
}
