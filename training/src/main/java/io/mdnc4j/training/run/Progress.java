package io.mdnc4j.training.run;

import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.fit.TrainingState;
import java.io.PrintStream;

/** Shows the progress of a training on standard error. */
public interface Progress extends TrainingObserver, AutoCloseable {
    /**
     * Columns of the terminal that standard error is, 0 for none. Set by the launcher: the JVM cannot tell, and the terminal
     * library that could takes Ctrl-C for itself.
     */
    String COLUMNS = "mdnc4j.columns";

    /** A bar on a terminal, lines elsewhere. */
    static Progress on(PrintStream err, Budget budget, TrainingState from, int batch) {
        int columns = Integer.getInteger(COLUMNS, 0);
        return columns > 0 ? new ProgressBars(err, columns, budget, from, batch) : new ProgressLines(err, batch);
    }

    @Override
    void close();
}
