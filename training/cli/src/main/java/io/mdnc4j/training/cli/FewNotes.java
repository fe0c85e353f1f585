package io.mdnc4j.training.cli;

import java.util.function.Consumer;

/** Passes the first notes on, and says how many more there were. For any number of threads. */
final class FewNotes implements Consumer<String>, AutoCloseable {
    private static final int MOST = 5;

    private final Consumer<String> notes;
    private int count;

    FewNotes(Consumer<String> notes) {
        this.notes = notes;
    }

    @Override
    public synchronized void accept(String note) {
        if (++count <= MOST) {
            notes.accept(note);
        }
    }

    @Override
    public synchronized void close() {
        if (count > MOST) {
            notes.accept("and " + (count - MOST) + " more such lines");
        }
    }
}
