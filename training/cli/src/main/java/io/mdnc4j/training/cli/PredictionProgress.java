package io.mdnc4j.training.cli;

import io.mdnc4j.training.run.TimeLeft;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a file of many windows is: a bar on a terminal, elsewhere a line now and then. Files that are done soon have none. */
final class PredictionProgress implements AutoCloseable {
    private static final long FIRST = Duration.ofSeconds(2).toNanos();
    private static final long EVERY = Duration.ofSeconds(10).toNanos();
    private static final int UPDATE_MILLIS = 250;
    private static final double PERCENT = 100;

    private final PrintStream err;
    private final int columns;
    private final long first;
    private final long every;
    private Path file;
    private TimeLeft left;
    private ProgressBar bar;
    private long nextLine;

    PredictionProgress(PrintStream err) {
        this(err, Integer.getInteger(ProgressBars.COLUMNS, 0), FIRST, EVERY);
    }

    /**
     * @param columns of the terminal, 0 for none
     * @param first nanoseconds after which a bar is shown
     * @param every nanoseconds after which a line is printed, each time
     */
    PredictionProgress(PrintStream err, int columns, long first, long every) {
        this.err = err;
        this.columns = columns;
        this.first = first;
        this.every = every;
    }

    /** Shows that so many windows of a file are done. */
    void show(Path current, int done, int all) {
        if (!current.equals(file)) {
            close();
            file = current;
            left = new TimeLeft();
            nextLine = System.nanoTime() + (columns > 0 ? first : every);
        }
        if (done == all) {
            close();
        } else if (System.nanoTime() - nextLine >= 0) {
            if (columns > 0) {
                bar(done, all).stepTo(done);
            } else {
                double fraction = (double) done / all;
                err.printf(
                        Locale.ROOT,
                        "%s: %.0f%% of %d windows, %s left%n",
                        file,
                        PERCENT * fraction,
                        all,
                        left.of(fraction));
                nextLine = System.nanoTime() + every;
            }
        }
    }

    private ProgressBar bar(int done, int all) {
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName(String.valueOf(file.getFileName()))
                    .setInitialMax(all)
                    .setUnit(" windows", 1)
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
                    .setConsumer(new ConsoleProgressBarConsumer(err, columns - 1))
                    .startsFrom(done, Duration.ofNanos(left.elapsedNanos()))
                    .build();
        }
        return bar;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
        bar = null;
        file = null;
    }
}
