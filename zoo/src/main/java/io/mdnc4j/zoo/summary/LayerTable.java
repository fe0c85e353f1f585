package io.mdnc4j.zoo.summary;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.conf.AdaptiveAveragePooling;
import io.mdnc4j.blocks.conf.AveragePooling;
import io.mdnc4j.blocks.conf.BatchNormalization;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.blocks.conf.LeakyReLU;
import io.mdnc4j.blocks.conf.Linear;
import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.conf.NonOverlappingTransposedConvolution;
import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.blocks.conf.ReLU;
import io.mdnc4j.blocks.conf.SpatialLayer;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.zoo.GraphSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;

/**
 * The layer table of a network or block: a row for each layer and container in the order of completion, with the totals.
 * It is computed from the description alone; no parameter is allocated.
 *
 * @param model name of the model
 * @param depth convolutional layers along the depth, {@code null} for a block
 * @param inputShape shape of the input without samples
 * @param rows the rows
 * @param vertexElements activations of all vertices together, for one sample
 */
public record LayerTable(
        String model, @Nullable Integer depth, long[] inputShape, List<Row> rows, long vertexElements) {
    private static final double MEBIBYTE = 1 << 20;
    private static final int FLOAT_BYTES = 4;

    /** Passes over the activations that are kept at once in training: theirs, and the two largest gradients' share. */
    private static final double TRAINING_ACTIVATIONS = 1.25;

    /** Parameters, gradients and, with Adam, two moments. */
    private static final int TRAINING_PARAMETERS = 4;

    /** Names of layer types; {@code %s} stands for the dimensions. */
    private static final Map<Class<? extends SpatialLayer>, String> TYPES = Map.ofEntries(
            Map.entry(Convolution.class, "Conv%s"),
            Map.entry(NonOverlappingTransposedConvolution.class, "ConvTranspose%s"),
            Map.entry(Linear.class, "Linear"),
            Map.entry(InstanceNormalization.class, "InstanceNorm%s"),
            Map.entry(BatchNormalization.class, "BatchNorm%s"),
            Map.entry(PReLU.class, "PReLU"),
            Map.entry(LeakyReLU.class, "LeakyReLU"),
            Map.entry(ReLU.class, "ReLU"),
            Map.entry(LinearUpsampling.class, "Upsample"),
            Map.entry(AveragePooling.class, "AvgPool%s"),
            Map.entry(AdaptiveAveragePooling.class, "AdaptiveAvgPool%s"));

    /**
     * Arrays and lists are copied.
     *
     * @param rows the rows
     * @param model name of the model
     * @param depth convolutional layers along the depth, {@code null} for a block
     * @param inputShape shape of the input without samples
     * @param vertexElements activations of all vertices together, for one sample
     */
    public LayerTable {
        inputShape = inputShape.clone();
        rows = List.copyOf(rows);
    }

    /**
     * {@return shape of the input without samples; a copy}
     */
    @Override
    public long[] inputShape() {
        return inputShape.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerTable that
                && model.equals(that.model)
                && Objects.equals(depth, that.depth)
                && Arrays.equals(inputShape, that.inputShape)
                && rows.equals(that.rows)
                && vertexElements == that.vertexElements;
    }

    @Override
    public int hashCode() {
        return Objects.hash(model, depth, Arrays.hashCode(inputShape), rows, vertexElements);
    }

    @Override
    public String toString() {
        return model + ", input " + shape(inputShape) + ": " + rows;
    }

    /**
     * A line of the table.
     *
     * @param index number of the layer or container, from 1
     * @param type its type; empty for a further output of the line above
     * @param shape shape of the output without samples
     * @param parameters trainable values of its own
     * @param states values of its own that are not trained
     * @param multiplyAccumulates of one forward pass over one sample
     */
    public record Row(int index, String type, long[] shape, long parameters, long states, long multiplyAccumulates) {
        private static final int MAX_LABEL = 20;

        /**
         * The array is copied.
         *
         * @param index number of the layer or container, from 1
         * @param type its type; empty for a further output of the line above
         * @param shape shape of the output without samples
         * @param parameters trainable values of its own
         * @param states values of its own that are not trained
         * @param multiplyAccumulates of one forward pass over one sample
         */
        public Row {
            shape = shape.clone();
        }

        /**
         * {@return shape of the output without samples; a copy}
         */
        @Override
        public long[] shape() {
            return shape.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Row that
                    && index == that.index
                    && type.equals(that.type)
                    && Arrays.equals(shape, that.shape)
                    && parameters == that.parameters
                    && states == that.states
                    && multiplyAccumulates == that.multiplyAccumulates;
        }

        @Override
        public int hashCode() {
            return Objects.hash(index, type, Arrays.hashCode(shape), parameters, states, multiplyAccumulates);
        }

        @Override
        public String toString() {
            return label() + " " + LayerTable.shape(shape);
        }

        /**
         * {@return type and number, shortened in the middle beyond 20 characters; empty where the type is}
         */
        public String label() {
            String label = type + "-" + index;
            if (type.isEmpty()) {
                return "";
            }
            return label.length() <= MAX_LABEL
                    ? label
                    : label.substring(0, 8) + "..." + label.substring(label.length() - 9);
        }

        /**
         * {@return whether this is a further output of the line above}
         */
        public boolean further() {
            return type.isEmpty();
        }

        long elements() {
            return product(shape);
        }
    }

    private static long product(long... shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /**
     * {@return the table of a network or block for inputs of that spatial size}
     *
     * @param model name to show
     * @param spec what is described
     * @param size spatial size, one number an axis; decoders fix their own
     * @throws ArgumentException if there is no such size, or what it needs cannot be counted
     */
    public static LayerTable of(String model, GraphSpec spec, long... size) {
        try {
            return counted(model, spec, size);
        } catch (ArithmeticException e) {
            throw new ArgumentException(
                    "size", size, "use a smaller one, since its activations or operations cannot be counted", e);
        }
    }

    private static LayerTable counted(String model, GraphSpec spec, long... size) {
        ComputationGraphConfiguration.GraphBuilder builder = new NeuralNetConfiguration.Builder().graphBuilder();
        BlockGraph graph = spec.addTo(builder, null, builder::setOutputs);
        InputType input = spec.inputType(size);
        ComputationGraphConfiguration conf =
                builder.validateOutputLayerConfig(false).build();
        Map<String, InputType> types = conf.getLayerActivationTypes(input);
        List<Row> rows = new ArrayList<>();
        int index = 0;
        for (BlockGraph.Step step : graph.steps()) {
            index++;
            String type = step.container();
            long[] counts = new long[3];
            if (type == null) {
                SpatialLayer layer = layer(conf, step.outputs().get(0));
                type = String.format(TYPES.get(layer.getClass()), spec.dims().suffix());
                counts = counts(layer, types.get(step.outputs().get(0)));
            }
            for (int i = 0; i < step.outputs().size(); i++) {
                long[] shape = types.get(step.outputs().get(i)).getShape(false);
                rows.add(
                        i == 0
                                ? new Row(index, type, shape, counts[0], counts[1], counts[2])
                                : new Row(index, "", shape, 0, 0, 0));
            }
        }
        long elements = types.values().stream()
                .mapToLong(type -> product(type.getShape(false)))
                .reduce(0, Math::addExact);
        LayerTable table = new LayerTable(model, spec.depth(), input.getShape(false), rows, elements);
        requireCountableParameters(spec, table);
        table.requireCountable(1);
        return table;
    }

    private static void requireCountableParameters(GraphSpec spec, LayerTable table) {
        try {
            table.parameters();
        } catch (ArithmeticException e) {
            throw new ArgumentException(
                    "spec", spec, "use fewer channels or blocks, since its parameters cannot be counted", e);
        }
    }

    private static SpatialLayer layer(ComputationGraphConfiguration conf, String vertex) {
        LayerVertex layerVertex = (LayerVertex) conf.getVertices().get(vertex);
        return (SpatialLayer) layerVertex.getLayerConf().getLayer();
    }

    private static long[] counts(SpatialLayer layer, InputType output) {
        return new long[] {layer.trainableParameters(), layer.states(), layer.multiplyAccumulates(output)};
    }

    /**
     * {@return the number of numbered rows}
     */
    public int count() {
        return rows.get(rows.size() - 1).index();
    }

    /**
     * {@return trainable values; running statistics are not counted}
     */
    public long parameters() {
        return rows.stream().mapToLong(Row::parameters).reduce(0, Math::addExact);
    }

    /**
     * {@return multiply-accumulates of convolutions and linear maps in one forward pass over one sample}
     */
    public long multiplyAccumulates() {
        return rows.stream().mapToLong(Row::multiplyAccumulates).reduce(0, Math::addExact);
    }

    /**
     * {@return memory of that many inputs, in MiB}
     *
     * @param batch number of samples, at least 1
     */
    public double inputMebibytes(long batch) {
        return mebibytes(product(inputShape)) * batch;
    }

    /**
     * {@return twice the outputs of all lines, containers counted too, in MiB: a customary bound for a training step}
     *
     * @param batch number of samples, at least 1
     */
    public double passMebibytes(long batch) {
        return 2 * mebibytes(elements()) * batch;
    }

    private long elements() {
        return rows.stream().mapToLong(Row::elements).reduce(0, Math::addExact);
    }

    /**
     * {@return memory of the parameters, in MiB}
     */
    public double parameterMebibytes() {
        return mebibytes(parameters());
    }

    /**
     * {@return inputs, passes and parameters together, in MiB}
     *
     * @param batch number of samples, at least 1
     */
    public double totalMebibytes(long batch) {
        return inputMebibytes(batch) + passMebibytes(batch) + parameterMebibytes();
    }

    /**
     * {@return estimate of what a training step with Adam takes here, in MiB: activations kept, parameters, gradients, moments}
     *
     * @param batch number of samples, at least 1
     */
    public double trainingMebibytes(long batch) {
        return TRAINING_ACTIVATIONS * mebibytes(vertexElements) * batch + TRAINING_PARAMETERS * parameterMebibytes();
    }

    /**
     * Refuses batches whose operations or activations cannot be counted.
     *
     * @throws ArgumentException if there are too many samples, or less than 1
     */
    void requireCountable(long batch) {
        ArgumentException.require(batch >= 1, "batch", batch, "use at least 1");
        long most = Long.MAX_VALUE / Math.max(1, Math.max(multiplyAccumulates(), Math.max(elements(), parameters())));
        ArgumentException.require(batch <= most, "batch", batch, "use at most " + most);
    }

    private static double mebibytes(long elements) {
        return elements * (FLOAT_BYTES / MEBIBYTE);
    }

    /**
     * {@return a shape as it is shown, {@code 64x128}}
     *
     * @param shape the sizes
     */
    public static String shape(long[] shape) {
        return String.join("x", Arrays.stream(shape).mapToObj(Long::toString).toList());
    }
}
