package io.mdnc4j.training.fit;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A copy of a network's parameters and of its updater's state. */
final class Snapshot {
    private final INDArray parameters;
    private final INDArray updaterState;

    private Snapshot(INDArray parameters, INDArray updaterState) {
        this.parameters = parameters;
        this.updaterState = updaterState;
    }

    static Snapshot of(ComputationGraph graph) {
        INDArray state = graph.updaterState();
        // some updaters, such as plain SGD, have no state
        return new Snapshot(graph.params().dup(), state == null || state.isEmpty() ? null : state.dup());
    }

    void copyFrom(ComputationGraph graph) {
        parameters.assign(graph.params());
        if (updaterState != null) {
            updaterState.assign(graph.updaterState());
        }
    }

    void copyTo(ComputationGraph graph) {
        graph.params().assign(parameters);
        if (updaterState != null) {
            graph.updaterState().assign(updaterState);
        }
    }
}
