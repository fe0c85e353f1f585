package io.mdnc4j.training.run;

import java.util.Locale;

/** How long something will take that has begun, if it goes on as fast. */
public final class TimeLeft {
    private static final double NANOS = 1e9;
    private static final int MINUTE = 60;

    private final long startedAt = System.nanoTime();

    /** Begins now. */
    public TimeLeft() {}

    /** {@return the time since the beginning} */
    public long elapsedNanos() {
        return System.nanoTime() - startedAt;
    }

    /**
     * The time left.
     *
     * @param fraction that is done
     * @return minutes and seconds, {@code 1:05}, or {@code ?} as long as nothing is done
     */
    public String of(double fraction) {
        return of(0, fraction);
    }

    /**
     * The time left of what did not begin at nothing.
     *
     * @param before fraction that was done at the beginning
     * @param fraction that is done
     * @return minutes and seconds, {@code 1:05}, or {@code ?} as long as nothing is done
     */
    public String of(double before, double fraction) {
        double done = fraction - before;
        if (done <= 0) {
            return fraction >= 1 ? "0:00" : "?";
        }
        long left = Math.round(elapsedNanos() / NANOS * (1 - fraction) / done);
        return String.format(Locale.ROOT, "%d:%02d", left / MINUTE, left % MINUTE);
    }
}
