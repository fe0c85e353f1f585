package io.mdnc4j.training.cli;

import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.training.run.Progress;
import io.mdnc4j.training.run.ProgressLines;
import io.mdnc4j.training.run.Speed;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar over the steps or the seconds of the budget; losses are training/validation. */
final class ProgressBars implements Progress {
    /**
     * Columns of the terminal that standard error is, 0 for none. Set by the launcher: the JVM cannot tell, and the terminal
     * library that could takes Ctrl-C for itself.
     */
    static final String COLUMNS = "mdnc4j.columns";

    private static final int UPDATE_MILLIS = 250;
    private static final double MILLIS = 1000;

    private final ProgressBar bar;
    private final boolean timed;
    private final Speed speed;
    private String validation = "";

    /** A bar on a terminal, lines elsewhere. */
    static Progress on(PrintStream err, Budget budget, TrainingState from, int batch) {
        int columns = Integer.getInteger(COLUMNS, 0);
        return columns > 0 ? new ProgressBars(err, columns, budget, from, batch) : new ProgressLines(err, batch);
    }

    private ProgressBars(PrintStream err, int columns, Budget budget, TrainingState from, int batch) {
        this.timed = Double.isInfinite(budget.steps());
        this.speed = new Speed(batch);
        this.bar = new ProgressBarBuilder()
                .setTaskName("")
                .setInitialMax((long) Math.ceil(timed ? budget.seconds() : budget.steps()))
                .setUnit(timed ? "s" : "", 1)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
                .setConsumer(new ConsoleProgressBarConsumer(err, columns - 1))
                .startsFrom(position(from), Duration.ofMillis((long) (MILLIS * from.seconds())))
                .build();
    }

    private long position(TrainingState state) {
        return timed ? (long) state.seconds() : state.step();
    }

    @Override
    public void step(TrainingState state, double loss, double fraction) {
        speed.step();
        String step = timed ? " step " + state.step() : "";
        bar.setExtraMessage(String.format(
                Locale.ROOT, " epoch %d%s loss %.3g%s %s", state.epoch() + 1, step, loss, validation, speed));
        bar.stepTo(position(state));
    }

    @Override
    public void epoch(EpochResult result) {
        validation = String.format(Locale.ROOT, "/%.3g", result.validationLoss());
    }

    @Override
    public void close() {
        bar.close();
    }
}
