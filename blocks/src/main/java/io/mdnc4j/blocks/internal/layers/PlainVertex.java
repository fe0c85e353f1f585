package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What DL4J asks of a vertex without a layer and without parameters. */
@SuppressWarnings("overrides") // DL4J declares setInputs both with and without varargs
abstract class PlainVertex extends BaseGraphVertex {
    PlainVertex(ComputationGraph graph, String name, int index, DataType dataType) {
        super(graph, name, index, (VertexIndices[]) null, null, dataType);
    }

    /** As {@link SpatialLayerBase#describe}. */
    Maps describe(Program program, Maps... x) {
        return null;
    }

    final void requireInputs() {
        if (!canDoForward()) {
            throw new IllegalStateException("inputs of vertex \"" + vertexName + "\" are not set");
        }
    }

    final void requireEpsilon() {
        if (!canDoBackward()) {
            throw new IllegalStateException("epsilon of vertex \"" + vertexName + "\" is not set");
        }
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public Layer getLayer() {
        return null;
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
        if (view != null) {
            throw new IllegalArgumentException("vertex \"" + vertexName + "\" has no parameters");
        }
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatchSize) {
        if (masks != null) {
            Arrays.stream(masks).forEach(mask -> SpatialLayerBase.requireNoMask(vertexName, mask));
        }
        return new Pair<>(null, state);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(\"" + vertexName + "\")";
    }
}
