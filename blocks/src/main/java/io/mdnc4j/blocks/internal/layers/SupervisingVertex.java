package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a {@code DeepSupervisionVertex}: hands its inputs to the loss behind it, which knows the labels. */
@SuppressWarnings("overrides") // DL4J declares setInputs both with and without varargs
public final class SupervisingVertex extends PlainVertex {
    private static final double[] ALONE = {1};

    private final double[] weights;

    /** @param weights of the losses of the inputs */
    public SupervisingVertex(ComputationGraph graph, String name, int index, double[] weights, DataType dataType) {
        super(graph, name, index, dataType);
        this.weights = weights;
    }

    /** Passes its first input on; the others are the business of {@link Passes}. */
    @Override
    Maps describe(Program program, Maps... x) {
        return x[0];
    }

    /** The vertices with the further outputs whose losses count. */
    List<GraphVertex> lower() {
        return counting().mapToObj(this::input).toList();
    }

    private IntStream counting() {
        return IntStream.range(1, weights.length).filter(i -> weights[i] > 0);
    }

    private GraphVertex input(int number) {
        return graph.getVertices()[getInputVertices()[number].getVertexIndex()];
    }

    /** Hands {@link #lower} outputs to the loss, for the step of training that is under way. */
    void supervise(SpatialLoss loss, INDArray... lower) {
        loss.supervise(
                IntStream.concat(IntStream.of(0), counting())
                        .mapToDouble(i -> weights[i])
                        .toArray(),
                lower);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        requireInputs();
        SpatialLoss loss = loss();
        if (loss != null && training) {
            loss.supervise(weights, Arrays.copyOfRange(inputs, 1, inputs.length));
        } else if (loss != null) {
            loss.supervise(ALONE); // so that nothing of this pass is kept
        }
        return training && InPlace.allowed(inputs[0], workspaces)
                ? inputs[0]
                : workspaces.dup(ArrayType.ACTIVATIONS, inputs[0], 'c');
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        requireEpsilon();
        SpatialLoss loss = loss();
        INDArray[] gradients = new INDArray[inputs.length];
        // a copy: DL4J may add further gradients into it
        gradients[0] = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, 'c');
        for (int i = 1; i < inputs.length; i++) {
            gradients[i] = weights[i] == 0 || loss == null
                    ? workspaces.create(ArrayType.ACTIVATION_GRAD, dataType, inputs[i].shape(), 'c')
                    : workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, loss.gradientOfLower(i - 1));
        }
        return new Pair<>(null, gradients);
    }

    /** The loss that this feeds; {@code null} where something else follows, so that there is nothing to supervise. */
    SpatialLoss loss() {
        VertexIndices[] next = getOutputVertices();
        return next != null
                        && next.length == 1
                        && graph.getVertices()[next[0].getVertexIndex()].getLayer() instanceof SpatialLoss found
                ? found
                : null;
    }
}
