package io.mdnc4j.training.run;

import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.fit.TrainingState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** A line every few seconds, for logs and pipes. */
public final class ProgressLines implements Progress {
    private static final long EVERY = Duration.ofSeconds(5).toNanos();
    private static final double PERCENT = 100;

    private final PrintStream err;
    private final Speed speed;
    private final TimeLeft left = new TimeLeft();
    private double startFraction = -1;
    private double fraction;
    private long lastLine = System.nanoTime() - EVERY;

    /**
     * @param err where lines go
     * @param batch samples a step
     */
    public ProgressLines(PrintStream err, int batch) {
        this.err = err;
        this.speed = new Speed(batch);
    }

    @Override
    public void step(TrainingState state, double loss, double used) {
        speed.step();
        fraction = used;
        if (startFraction < 0) {
            startFraction = used;
        }
        if (System.nanoTime() - lastLine > EVERY && state.batch() > 1) {
            print("epoch %d  step %d  loss %.4g".formatted(state.epoch() + 1, state.step(), loss));
        }
    }

    @Override
    public void epoch(EpochResult result) {
        if (System.nanoTime() - lastLine > EVERY || result.epoch() == 1 || fraction >= 1) {
            print(String.format(
                    Locale.ROOT,
                    "epoch %d  step %d  training loss %.4g  validation loss %.4g",
                    result.epoch(),
                    result.step(),
                    result.trainLoss(),
                    result.validationLoss()));
        }
    }

    private void print(String what) {
        err.printf(
                Locale.ROOT,
                "%3.0f%%  %s  %s  %s left%n",
                PERCENT * fraction,
                what,
                speed,
                left.of(startFraction, fraction));
        lastLine = System.nanoTime();
    }

    @Override
    public void close() {
        // nothing to end
    }
}
