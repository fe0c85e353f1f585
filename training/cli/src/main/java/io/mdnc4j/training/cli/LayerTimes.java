package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.SpatialLayer;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;

/** Where the time of a network's steps goes: what each vertex takes for its forward and its backward pass. */
final class LayerTimes {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<String, Clock> clocks = new LinkedHashMap<>();

    /**
     * A row of the table; the times are of one step.
     *
     * @param layer the vertex's name; of two vertices that are computed at once both, with a blank between
     * @param kind class of its layer or vertex
     * @param multiplyAccumulates of its forward pass over the batch
     */
    record Row(String layer, String kind, double forwardMillis, double backwardMillis, long multiplyAccumulates) {
        double millis() {
            return forwardMillis + backwardMillis;
        }

        /** Of the forward pass; its gradients, of the input and of the weights, take as much each. */
        double gflops() {
            int passes = backwardMillis > 0 ? 3 : 1;
            return multiplyAccumulates == 0 ? 0 : 2.0 * passes * multiplyAccumulates / (millis() * NANOS_PER_MILLI);
        }

        Row plus(Row other) {
            return new Row(
                    layer,
                    kind,
                    forwardMillis + other.forwardMillis,
                    backwardMillis + other.backwardMillis,
                    multiplyAccumulates + other.multiplyAccumulates);
        }
    }

    private static final class Clock {
        private final String kind;
        private final long multiplyAccumulates;
        private long forward;
        private long backward;

        Clock(String kind, long multiplyAccumulates) {
            this.kind = kind;
            this.multiplyAccumulates = multiplyAccumulates;
        }

        /** Of two layers that are computed at once. */
        Clock with(Clock next) {
            return new Clock(kind + " + " + next.kind, multiplyAccumulates + next.multiplyAccumulates);
        }
    }

    /** Puts clocks into a network that is used for nothing else. */
    LayerTimes(ComputationGraph network, int batch, InputType... inputs) {
        ComputationGraphConfiguration conf = network.getConfiguration();
        Map<String, InputType> outputs = conf.getLayerActivationTypes(true, inputs);
        if (network instanceof InPlaceComputationGraph own) {
            own.setLayerClock((what, nanos) -> {
                int blank = what.indexOf(' ');
                Clock clock = clocks.computeIfAbsent(
                        what.substring(blank + 1),
                        names -> Arrays.stream(names.split(" "))
                                .map(name -> clock(conf.getVertices().get(name), outputs.get(name), batch))
                                .reduce(Clock::with)
                                .orElseThrow());
                count(clock, what.substring(0, blank).equals("forward"), nanos);
            });
            return;
        }
        GraphVertex[] vertices = network.getVertices();
        for (int i = 0; i < vertices.length; i++) {
            GraphVertex vertex = vertices[i];
            if (!vertex.isInputVertex()) {
                String name = vertex.getVertexName();
                Clock clock = clock(conf.getVertices().get(name), outputs.get(name), batch);
                clocks.put(name, clock);
                vertices[i] = timed(vertex, clock);
            }
        }
    }

    private static Clock clock(org.deeplearning4j.nn.conf.graph.GraphVertex vertex, InputType output, int batch) {
        if (!(vertex instanceof LayerVertex layer)) {
            return new Clock(vertex.getClass().getSimpleName(), 0);
        }
        var conf = layer.getLayerConf().getLayer();
        long work = conf instanceof SpatialLayer spatial ? batch * spatial.multiplyAccumulates(output) : 0;
        return new Clock(conf.getClass().getSimpleName(), work);
    }

    private static GraphVertex timed(GraphVertex vertex, Clock clock) {
        return (GraphVertex) Proxy.newProxyInstance(
                LayerTimes.class.getClassLoader(), new Class<?>[] {GraphVertex.class}, (proxy, method, arguments) -> {
                    long start = System.nanoTime();
                    try {
                        return method.invoke(vertex, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        String called = method.getName();
                        if (called.equals("doForward") || called.equals("doBackward")) {
                            count(clock, called.equals("doForward"), System.nanoTime() - start);
                        }
                    }
                });
    }

    private static void count(Clock clock, boolean forward, long nanos) {
        if (forward) {
            clock.forward += nanos;
        } else {
            clock.backward += nanos;
        }
    }

    void reset() {
        clocks.values().forEach(clock -> clock.forward = clock.backward = 0);
    }

    /** A row for each vertex, in the order of computation, since the last {@link #reset}. */
    List<Row> rows(int steps) {
        List<Row> rows = new ArrayList<>();
        clocks.forEach((name, clock) -> rows.add(new Row(
                name,
                clock.kind,
                clock.forward / NANOS_PER_MILLI / steps,
                clock.backward / NANOS_PER_MILLI / steps,
                clock.multiplyAccumulates)));
        return rows;
    }

    /** Sums over the layers of each kind, and what a step takes beside its layers: DL4J, the loss's score, the updater. */
    static List<Row> byKind(List<Row> rows, double stepMillis) {
        Map<String, Row> kinds = new LinkedHashMap<>();
        rows.forEach(row -> kinds.merge(
                row.kind,
                new Row("", row.kind, row.forwardMillis, row.backwardMillis, row.multiplyAccumulates),
                Row::plus));
        double inside = rows.stream().mapToDouble(Row::millis).sum();
        List<Row> result = new ArrayList<>(kinds.values());
        result.sort((a, b) -> Double.compare(b.millis(), a.millis()));
        result.add(new Row("", "around the layers", Math.max(0, stepMillis - inside), 0, 0));
        return result;
    }

    /** The input of a network for that shape without samples. */
    static InputType input(long... shape) {
        long[] size = Arrays.copyOfRange(shape, 1, shape.length);
        return size.length == 0
                ? InputType.feedForward(shape[0])
                : SpatialDims.of(size.length).inputType(shape[0], size);
    }
}
