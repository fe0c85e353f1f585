package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.channelslast.Choices;
import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import io.mdnc4j.blocks.internal.channelslast.Share;
import io.mdnc4j.blocks.internal.channelslast.Team;
import io.mdnc4j.blocks.internal.kernels.Alone;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.InputVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.nd4j.linalg.api.buffer.DataType;

/** Networks of these layers and vertices alone as programs; all others are left to DL4J. */
public final class ChannelsLast {
    /** With more, each thread would be busy reading all of them. */
    private static final long MOST_PARAMETERS_SHARED = 1 << 20;

    /** With more input, the work of each layer is worth starting threads for. */
    private static final long MOST_ELEMENTS_SHARED = 1 << 15;

    /** How much longer than the mean the longest share may be. */
    private static final double MOST_UNEVEN = 1.25;

    private final ComputationGraph network;
    private final boolean training;
    private final Program program;
    private final Map<Integer, Maps> outputs = new HashMap<>();

    private ChannelsLast(
            ComputationGraph network,
            boolean training,
            boolean observed,
            InferencePrecision precision,
            Share share,
            Choices choices) {
        this.network = network;
        this.training = training;
        program = new Program(training, observed, precision, share, choices);
    }

    /**
     * What the network does with inputs of these shapes.
     *
     * @param training whether there will be backward passes
     * @param observed whether all activations will be asked for
     * @param precision of products in predictions
     * @param choices of ways of convolutions
     * @return empty where DL4J is to do it
     */
    public static Optional<Team> team(
            ComputationGraph network,
            long[][] shapes,
            boolean training,
            boolean observed,
            InferencePrecision precision,
            Choices choices) {
        if (network.getConfiguration().getDataType() != DataType.FLOAT) {
            return Optional.empty();
        }
        int shares = shares(network, shapes, training);
        List<Program> programs = new ArrayList<>();
        for (int number = 0; number < shares; number++) {
            Share share = new Share(number, shares);
            AtomicReference<Optional<Program>> program = new AtomicReference<>();
            Runnable creation =
                    () -> program.set(program(network, shapes, training, observed, precision, share, choices));
            if (shares == 1) {
                creation.run();
            } else {
                Alone.run(creation);
            }
            if (program.get().isEmpty()) {
                programs.forEach(Program::free);
                return Optional.empty();
            }
            programs.add(program.get().get());
        }
        return Optional.of(new Team(programs));
    }

    /** In how many shares, one a thread, a batch is taken: 1 where all threads do better to work on each layer together. */
    private static int shares(ComputationGraph network, long[][] shapes, boolean training) {
        long batch = shapes.length == 0 || shapes[0].length == 0 ? 0 : shapes[0][0];
        boolean divisible = Arrays.stream(shapes).allMatch(shape -> shape.length > 0 && shape[0] == batch)
                && !(training
                        && Arrays.stream(network.getLayers())
                                .anyMatch(layer -> layer instanceof NormalizationLayer.Batch));
        if (!divisible) {
            return 1;
        }
        if (Alone.wished() > 0) {
            return Math.toIntExact(Math.min(Alone.wished(), batch));
        }
        int threads = Alone.threads();
        long longest = (batch + threads - 1) / threads;
        boolean even = longest * threads <= MOST_UNEVEN * batch;
        long elements = Arrays.stream(shapes)
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                .sum();
        boolean small = elements <= MOST_ELEMENTS_SHARED && network.numParams() <= MOST_PARAMETERS_SHARED;
        return even && small ? threads : 1;
    }

    private static Optional<Program> program(
            ComputationGraph network,
            long[][] shapes,
            boolean training,
            boolean observed,
            InferencePrecision precision,
            Share share,
            Choices choices) {
        ChannelsLast description = new ChannelsLast(network, training, observed, precision, share, choices);
        boolean described = OneDnn.unlessRefused(
                        "inputs " + Arrays.deepToString(shapes), () -> description.describe(shapes, observed))
                .orElse(false);
        if (!described) {
            description.program.free();
            return Optional.empty();
        }
        return Optional.of(description.program);
    }

    private boolean describe(long[][] shapes, boolean observed) {
        for (int index : network.topologicalSortOrder()) {
            GraphVertex vertex = network.getVertices()[index];
            if (!outputs.containsKey(index)) {
                Maps maps = describe(vertex, shapes, observed);
                if (maps == null) {
                    return false;
                }
                outputs.put(index, maps);
            }
        }
        for (String name : network.getConfiguration().getNetworkOutputs()) {
            GraphVertex vertex = network.getVertex(name);
            if (vertex.getOutputVertices() != null && vertex.getOutputVertices().length > 0) {
                return false;
            }
            program.output(outputs.get(vertex.getVertexIndex()));
        }
        if (training) {
            supervised(network).forEach(vertex -> program.output(outputs.get(vertex.getVertexIndex())));
        }
        return program.complete();
    }

    /** The vertex's output, that of a loss being its input; {@code null} where a program cannot do it. */
    private Maps describe(GraphVertex vertex, long[][] shapes, boolean observed) {
        if (vertex.getClass() == InputVertex.class) {
            int number = network.getConfiguration().getNetworkInputs().indexOf(vertex.getVertexName());
            return shapes[number].length < 2 ? null : program.input(shapes[number]);
        }
        Maps[] inputs = Arrays.stream(vertex.getInputVertices())
                .map(input -> outputs.get(input.getVertexIndex()))
                .toArray(Maps[]::new);
        if (vertex instanceof PlainVertex plain) {
            return plain.describe(program, inputs);
        }
        if (!(vertex.getClass() == LayerVertex.class && ((LayerVertex) vertex).getLayerPreProcessor() == null)) {
            return null;
        }
        if (vertex.getLayer() instanceof SpatialLoss && vertex.isOutputVertex()) {
            return inputs[0];
        }
        if (!(vertex.getLayer() instanceof SpatialLayerBase layer) || !layer.isPlain(inputs[0])) {
            return null;
        }
        if (layer instanceof NormalizationLayer normalization && !observed) {
            GraphVertex next = only(vertex.getOutputVertices());
            if (next != null && next.getLayer() instanceof RectifierLayer rectifier && rectifier.isPlain(inputs[0])) {
                Maps both = normalization.describe(program, rectifier, inputs[0]);
                outputs.put(next.getVertexIndex(), both);
                return both;
            }
        }
        return layer.describe(program, inputs[0]);
    }

    /**
     * The vertices with outputs that losses compare besides those of the network, in the order of these; they are the
     * program's further outputs.
     */
    private static List<GraphVertex> supervised(ComputationGraph network) {
        return network.getConfiguration().getNetworkOutputs().stream()
                .map(name -> supervising(network, name))
                .flatMap(Optional::stream)
                .flatMap(vertex -> vertex.lower().stream())
                .toList();
    }

    /** What supervises that output in training, if its loss has further outputs to compare. */
    static Optional<SupervisingVertex> supervising(ComputationGraph network, String output) {
        GraphVertex loss = network.getVertex(output);
        return loss.getLayer() instanceof SpatialLoss layer
                        && network.getVertices()[loss.getInputVertices()[0].getVertexIndex()]
                                instanceof SupervisingVertex vertex
                        && vertex.loss() == layer
                ? Optional.of(vertex)
                : Optional.empty();
    }

    private GraphVertex only(VertexIndices... readers) {
        if (readers == null || readers.length != 1) {
            return null;
        }
        GraphVertex reader = network.getVertices()[readers[0].getVertexIndex()];
        boolean plain = reader.getClass() == LayerVertex.class && ((LayerVertex) reader).getLayerPreProcessor() == null;
        return plain ? reader : null;
    }
}
