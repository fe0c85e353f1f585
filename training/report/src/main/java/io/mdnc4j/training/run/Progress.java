package io.mdnc4j.training.run;

import io.mdnc4j.training.fit.TrainingObserver;

/** Shows the progress of a training. */
public interface Progress extends TrainingObserver, AutoCloseable {
    @Override
    void close();
}
