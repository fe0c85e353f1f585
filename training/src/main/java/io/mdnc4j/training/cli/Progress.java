package io.mdnc4j.training.cli;

import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.fit.TrainingState;
import java.io.PrintStream;

/** Shows the progress of a training on standard error. */
interface Progress extends TrainingObserver, AutoCloseable {
    /** Set by the launcher, which knows whether standard error is a terminal; the JVM only knows of all streams. */
    String TERMINAL = "mdnc4j.terminal";

    /** A bar on a terminal, lines elsewhere. */
    static Progress on(PrintStream err, Budget budget, TrainingState from, int batch) {
        String terminal = System.getProperty(TERMINAL);
        boolean bar = terminal == null ? System.console() != null : Boolean.parseBoolean(terminal);
        return bar ? new ProgressBars(err, budget, from, batch) : new ProgressLines(err, batch);
    }

    @Override
    void close();
}
