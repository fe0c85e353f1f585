package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import java.util.Arrays;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a {@code SumVertex}. */
@SuppressWarnings("overrides") // DL4J declares setInputs both with and without varargs
public final class SummingVertex extends PlainVertex {
    private final boolean inPlace;

    public SummingVertex(ComputationGraph graph, String name, int index, boolean inPlace, DataType dataType) {
        super(graph, name, index, dataType);
        this.inPlace = inPlace;
    }

    @Override
    Maps describe(Program program, Maps... x) {
        return Arrays.equals(x[0].shape(), x[1].shape()) ? program.sum(vertexName, x[0], x[1]) : null;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        requireInputs();
        if (!Arrays.equals(inputs[0].shape(), inputs[1].shape())) {
            throw new ArgumentException(
                    "input",
                    "shapes " + Arrays.toString(inputs[0].shape()) + " and " + Arrays.toString(inputs[1].shape())
                            + " at vertex \"" + vertexName + "\"",
                    "sum activations of the same shape");
        }
        if (inPlace && training && InPlace.allowed(inputs[0], workspaces)) {
            return inputs[0].addi(inputs[1]);
        }
        INDArray sum = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, inputs[0].shape(), 'c');
        return inputs[0].addi(inputs[1], sum);
    }

    /** Each input gets its own copy: DL4J adds further gradients into it. */
    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        requireEpsilon();
        return new Pair<>(null, new INDArray[] {
            workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, 'c'),
            workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, 'c')
        });
    }
}
