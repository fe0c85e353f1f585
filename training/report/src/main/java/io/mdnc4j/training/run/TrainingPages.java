package io.mdnc4j.training.run;

import org.deeplearning4j.nn.graph.ComputationGraph;

/** Pages that a {@link TrainingView} serves until they are closed. */
public interface TrainingPages extends AutoCloseable {
    /**
     * Where they are, with what opens them in a browser.
     *
     * @return such as {@code http://localhost:9000/?token=...}
     */
    String address();

    /**
     * Shows a network from its next step on. What it learns does not depend on it.
     *
     * @param network that trains from now on
     */
    void show(ComputationGraph network);

    @Override
    void close();
}
