package io.mdnc4j.training.fit;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/** How long a training step takes on this machine. */
public final class StepTime {
    /** The first steps of a process are several times slower than those that follow. */
    private static final int STEPS = 4;

    private static final double NANOS = 1e9;

    private StepTime() {}

    /**
     * Makes some steps and times the fastest.
     *
     * @param graph the network, initialised; it is changed
     * @param batch what it is fitted to
     * @return seconds
     */
    public static double of(ComputationGraph graph, DataSet batch) {
        double fastest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < STEPS; i++) {
            long start = System.nanoTime();
            graph.fit(batch);
            fastest = Math.min(fastest, (System.nanoTime() - start) / NANOS);
        }
        return fastest;
    }
}
