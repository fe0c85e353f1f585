package io.mdnc4j.training.fit;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The exponential moving average of a network's parameters over its steps: {@code a = d a + (1 - d) p}, which wanders less
 * than the parameters themselves (Polyak and Juditsky, 1992). The decay {@code d} is {@code (1 + step) / (10 + step)} until
 * that reaches the one given, so that the start is soon forgotten.
 */
final class MovingAverage {
    private static final double SOON = 10;

    private final ComputationGraph graph;
    private final double decay;
    private final INDArray average;

    /** @param earlier the average of an earlier training; {@code null} to begin with the present parameters */
    MovingAverage(ComputationGraph graph, double decay, @Nullable INDArray earlier) {
        this.graph = graph;
        this.decay = decay;
        this.average = earlier == null ? graph.params().dup() : earlier;
    }

    INDArray parameters() {
        return average;
    }

    /** @param step number of the step that was made, from 1 */
    void add(long step) {
        double kept = Math.min(decay, (1 + step) / (SOON + step));
        average.muli(kept);
        try (INDArray part = graph.params().mul(1 - kept)) {
            average.addi(part);
        }
    }

    /** Puts the average into the network, and the network's parameters here; the same again puts both back. */
    void exchange() {
        try (INDArray present = graph.params().dup()) {
            graph.params().assign(average);
            average.assign(present);
        }
    }
}
