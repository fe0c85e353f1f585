package io.mdnc4j.training.verify;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.AdaptiveAveragePooling;
import io.mdnc4j.blocks.conf.AveragePooling;
import io.mdnc4j.blocks.conf.BatchNormalization;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.CropVertex;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.blocks.conf.LeakyReLU;
import io.mdnc4j.blocks.conf.Linear;
import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.conf.NonOverlappingTransposedConvolution;
import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.blocks.conf.ReLU;
import io.mdnc4j.blocks.conf.SpatialLayer;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.GraphSpec;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.SpecValues;
import io.mdnc4j.zoo.nnunet.Architecture;
import io.mdnc4j.zoo.nnunet.PlansException;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/** What a reference case is about: a layer, a block or a network, described by its {@code op} and {@code args}. */
final class CaseNetwork {
    /** The vertex of a primitive, whose parameters have no prefix in the case. */
    static final String PRIMITIVE = "op";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private CaseNetwork() {}

    /** The described network or block; a vector length of null means none there. */
    static GraphSpec spec(ReferenceCase reference) {
        ModelName model = ModelName.parse(reference.json().get("op").asText());
        SpecValues values;
        try {
            if (model.family() == Family.NNUNET) {
                Architecture described = Architecture.of(
                        model.network().typeName(), reference.json().get("args"));
                return model.spec(described.values());
            }
            values = SpecValues.of(
                    MAPPER.convertValue(reference.json().get("args"), new TypeReference<Map<String, Object>>() {}));
        } catch (IllegalArgumentException | PlansException e) {
            throw reference.malformed("args: " + e.getMessage());
        }
        return model.spec(values);
    }

    /** Adds one layer or vertex and its inputs; returns its name. */
    static String addPrimitive(ReferenceCase reference, GraphBuilder builder, SpatialDims dims, String... inputs) {
        BlockGraph graph = new BlockGraph(builder.addInputs(inputs), dims);
        JsonNode args = reference.json().get("args");
        String op = reference.json().get("op").asText();
        return switch (op) {
            case "crop_to" -> graph.vertex(PRIMITIVE, CropVertex.toSize(longs(args, "size", dims)), inputs);
            case "crop_concat" -> graph.vertex(PRIMITIVE, CropVertex.andConcatenate(), inputs);
            default -> graph.layer(PRIMITIVE, layer(reference, op.replaceAll("[123]d$", ""), args, dims), inputs[0]);
        };
    }

    private static SpatialLayer.Builder<?> layer(ReferenceCase reference, String op, JsonNode args, SpatialDims dims) {
        return switch (op) {
            case "Conv" ->
                new Convolution.Builder(ints(args, "kernel_size", dims))
                        .stride(ints(args, "stride", dims))
                        .padding(ints(args, "padding", dims))
                        .hasBias(args.path("bias").asBoolean(true))
                        .nIn(args.path("in_planes").asInt())
                        .nOut(args.path("out_planes").asInt());
            case "Linear" ->
                new Linear.Builder()
                        .nIn(args.path("in_features").asInt())
                        .nOut(args.path("out_features").asInt());
            case "InstanceNorm" ->
                new InstanceNormalization.Builder()
                        .affine(args.path("affine").asBoolean())
                        .eps(args.path("eps").asDouble());
            case "BatchNorm" ->
                new BatchNormalization.Builder()
                        .eps(args.path("eps").asDouble())
                        .momentum(args.path("momentum").asDouble());
            case "ConvTranspose" -> {
                int[] kernel = ints(args, "kernel_size", dims);
                if (!java.util.Arrays.equals(kernel, ints(args, "stride", dims))) {
                    throw reference.malformed("a transposed convolution whose stride is not its kernel size");
                }
                yield new NonOverlappingTransposedConvolution.Builder(kernel)
                        .hasBias(args.path("bias").asBoolean(true))
                        .nIn(args.path("in_channels").asInt())
                        .nOut(args.path("out_channels").asInt());
            }
            case "AvgPool" -> {
                int[] kernel = ints(args, "kernel_size", dims);
                if (!java.util.Arrays.equals(kernel, ints(args, "stride", dims))) {
                    throw reference.malformed("an average pooling whose stride is not its kernel size");
                }
                yield new AveragePooling.Builder(kernel);
            }
            case "LeakyReLU" ->
                new LeakyReLU.Builder().slope(args.path("negative_slope").asDouble());
            case "PReLU" -> new PReLU.Builder();
            case "ReLU" -> new ReLU.Builder();
            case "Upsample" ->
                args.hasNonNull("size")
                        ? new LinearUpsampling.Builder().size(longs(args, "size", dims))
                        : new LinearUpsampling.Builder().scale(doubles(args.get("scale_factor"), dims));
            case "AdaptiveAvgPool" -> new AdaptiveAveragePooling.Builder(longs(args, "output_size", dims));
            default -> throw reference.malformed("unknown op \"" + op + "\"");
        };
    }

    private static long[] longs(JsonNode args, String name, SpatialDims dims) {
        return java.util.Arrays.stream(ints(args, name, dims)).asLongStream().toArray();
    }

    private static int[] ints(JsonNode args, String name, SpatialDims dims) {
        return java.util.Arrays.stream(doubles(args.path(name), dims))
                .mapToInt(value -> (int) value)
                .toArray();
    }

    private static double[] doubles(JsonNode value, SpatialDims dims) {
        double[] values = value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .mapToDouble(JsonNode::asDouble)
                        .toArray()
                : new double[] {value.asDouble()};
        if (values.length == 1) {
            double all = values[0];
            values = new double[dims.count()];
            java.util.Arrays.fill(values, all);
        }
        return values;
    }
}
