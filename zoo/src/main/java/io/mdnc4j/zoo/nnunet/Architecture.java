package io.mdnc4j.zoo.nnunet;

import com.fasterxml.jackson.databind.JsonNode;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.SpecValues;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network of nnU-Net by the name of its class and the arguments of its constructor, as plans have them
 * ({@code architecture} with {@code network_class_name} and {@code arch_kwargs}). Names are compared, nothing is ever called;
 * whatever would make another network than those here is refused.
 *
 * @param network the network
 * @param dims number of spatial dimensions
 * @param values what the arguments say of its options
 */
public record Architecture(Network network, SpatialDims dims, SpecValues values) {
    private static final String STAGES = "n_stages";
    private static final String CONVOLUTION = "conv_op";

    /** Sides of a network that are the same here as by default there; other values are refused. */
    private static final Map<String, Set<String>> FIXED = new HashMap<>();

    /** Arguments that are read, with their options. */
    private static final Map<String, SpecOption<?>> OPTIONS = new LinkedHashMap<>();

    private static final Set<String> ONE_A_STAGE = Set.of(
            "features_per_stage",
            "kernel_sizes",
            "strides",
            "n_conv_per_stage",
            "n_blocks_per_stage",
            "n_conv_per_stage_decoder");

    static {
        FIXED.put("norm_op_kwargs", Set.of("null", "{}", "{affine=true, eps=1.0E-5}", "{affine=true}"));
        FIXED.put("dropout_op", Set.of("null"));
        FIXED.put("nonlin", Set.of("torch.nn.LeakyReLU", "torch.nn.modules.activation.LeakyReLU"));
        FIXED.put("nonlin_first", Set.of("false"));
        FIXED.put("stem_channels", Set.of("null"));
        FIXED.put("bottleneck_channels", Set.of("null"));
        FIXED.put("stochastic_depth_p", Set.of("0", "0.0"));
        FIXED.put("squeeze_excitation", Set.of("false"));

        OPTIONS.put("features_per_stage", SpecOption.FEATURES);
        OPTIONS.put("kernel_sizes", SpecOption.KERNELS);
        OPTIONS.put("strides", SpecOption.STRIDES);
        OPTIONS.put("n_conv_per_stage", SpecOption.LAYERS);
        OPTIONS.put("n_blocks_per_stage", SpecOption.LAYERS);
        OPTIONS.put("n_conv_per_stage_decoder", SpecOption.DECODER_LAYERS);
        OPTIONS.put("conv_bias", SpecOption.BIAS);
        OPTIONS.put("input_channels", SpecOption.IN_PLANES);
        OPTIONS.put("num_classes", SpecOption.OUT_PLANES);
        OPTIONS.put("deep_supervision", SpecOption.DEEP_SUPERVISION);
    }

    /**
     * Reads the arguments of a class.
     *
     * @param className its name, with or without its module: {@code PlainConvUNet} or {@code ResidualEncoderUNet}
     * @param arguments by name, as in {@code arch_kwargs}
     * @return what they describe
     * @throws PlansException if the class is another, an argument is missing or none of these networks', or has a value that
     *     makes another network
     */
    public static Architecture of(String className, JsonNode arguments) throws PlansException {
        String name = className.substring(className.lastIndexOf('.') + 1);
        Network network = Family.NNUNET.networks().stream()
                .filter(known -> known.typeName().equals(name))
                .findFirst()
                .orElseThrow(() -> new PlansException("the network \"" + shown(className)
                        + "\" is not supported, only "
                        + Family.NNUNET.networks().stream()
                                .map(Network::typeName)
                                .collect(Collectors.joining(", "))));
        if (!arguments.isObject()) {
            throw new PlansException("the arguments of the network are no JSON object");
        }
        Architecture read = new Architecture(network, dims(arguments), SpecValues.NONE);
        try {
            return new Architecture(network, read.dims, read.values(arguments));
        } catch (ArgumentException e) {
            throw new PlansException(e.getMessage(), e);
        }
    }

    private static SpatialDims dims(JsonNode arguments) throws PlansException {
        String operator = arguments.path(CONVOLUTION).asText();
        for (SpatialDims dims : SpatialDims.values()) {
            if (operator.endsWith("torch.nn.modules.conv.Conv" + dims.suffix())
                    || operator.equals("torch.nn.Conv" + dims.suffix())) {
                return dims;
            }
        }
        throw new PlansException(CONVOLUTION + " \"" + shown(operator) + "\" is no convolution of PyTorch's");
    }

    private SpecValues values(JsonNode arguments) throws PlansException {
        int stages = arguments.path(STAGES).asInt(-1);
        if (!arguments.path(STAGES).isInt() || stages < 2) {
            throw new PlansException(STAGES + " is no whole number of at least 2");
        }
        Map<String, Object> read = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
            String name = argument.getKey();
            JsonNode value = argument.getValue();
            SpecOption<?> option = OPTIONS.get(name);
            if (option != null) {
                requireOwn(name);
                Object plain = plain(name, value, 0);
                boolean oneForAll = ONE_A_STAGE.contains(name) && !value.isArray();
                read.put(
                        option.jsonName(),
                        oneForAll
                                ? Collections.nCopies(
                                        option == SpecOption.DECODER_LAYERS ? stages - 1 : boundedStages(stages), plain)
                                : plain);
            } else if (!name.equals(STAGES) && !name.equals(CONVOLUTION)) {
                requireFixed(name, value);
            }
        }
        for (String needed :
                List.of("features_per_stage", "kernel_sizes", "strides", "n_conv_per_stage_decoder", own())) {
            if (!arguments.hasNonNull(needed)) {
                throw new PlansException("the network has no " + needed);
            }
        }
        read.putIfAbsent(SpecOption.BIAS.jsonName(), false); // the default of the classes
        SpecValues values = SpecValues.of(read);
        int features = values.getOr(SpecOption.FEATURES, List.of()).size();
        if (features != stages) {
            throw new PlansException(
                    STAGES + " is " + stages + ", but features_per_stage has " + features + " numbers");
        }
        return values;
    }

    /** Refuses numbers of stages that no network has, before lists of as many are made. */
    private static int boundedStages(int stages) throws PlansException {
        if (stages > Byte.MAX_VALUE) {
            throw new PlansException(STAGES + " is " + stages + ", which no network has");
        }
        return stages;
    }

    private String own() {
        return network == Network.PLAIN ? "n_conv_per_stage" : "n_blocks_per_stage";
    }

    private void requireOwn(String name) throws PlansException {
        if (OPTIONS.get(name) == SpecOption.LAYERS && !name.equals(own())) {
            throw new PlansException(name + " is no argument of " + network.typeName() + ", use " + own());
        }
    }

    private void requireFixed(String name, JsonNode value) throws PlansException {
        boolean known = switch (name) {
            case "norm_op" -> isNormalization(value.asText());
            case "dropout_op_kwargs" -> true; // of no effect without dropout
            case "nonlin_kwargs" -> isUsualSlope(value);
            default -> FIXED.getOrDefault(name, Set.of()).contains(text(value));
        };
        if (!known) {
            throw new PlansException("the network's " + shown(name) + " = " + shown(value.toString())
                    + " makes another network than those that are supported");
        }
    }

    private boolean isNormalization(String operator) {
        String name = "InstanceNorm" + dims.suffix();
        return operator.equals("torch.nn.modules.instancenorm." + name) || operator.equals("torch.nn." + name);
    }

    private static boolean isUsualSlope(JsonNode arguments) {
        return arguments.isNull()
                || arguments.isObject()
                        && arguments.properties().stream()
                                .allMatch(entry -> entry.getKey().equals("inplace")
                                        || entry.getKey().equals("negative_slope")
                                                && entry.getValue().asDouble() == 0.01);
    }

    /** Objects with their keys in order, other values as JSON has them, texts without quotes. */
    private static String text(JsonNode value) {
        if (!value.isObject()) {
            return value.asText();
        }
        return value.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "="
                        + (entry.getValue().isDouble()
                                ? Double.toString(entry.getValue().asDouble())
                                : entry.getValue().asText()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** Numbers, truth values, and lists of numbers and of lists of them; texts, formulas among them, are none. */
    private static Object plain(String name, JsonNode value, int depth) throws PlansException {
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        if (value.isNumber()) {
            return value.numberValue();
        }
        if (value.isArray() && depth < 2 && value.size() <= Byte.MAX_VALUE) {
            List<Object> values = new ArrayList<>();
            for (JsonNode one : value) {
                values.add(plain(name, one, depth + 1));
            }
            return values;
        }
        throw new PlansException("the network's " + name + " = " + shown(value.toString()) + " is no number or list");
    }

    static String shown(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }

    /**
     * {@return the checked geometry}
     *
     * @param inPlanes channels of the input
     * @param outPlanes channels of the output
     * @throws PlansException if the arguments do not go together, or are beyond what can be
     */
    public NetworkSpec spec(long inPlanes, long outPlanes) throws PlansException {
        try {
            return NetworkSpec.builder(Family.NNUNET, network, dims)
                    .set(values)
                    .inPlanes(inPlanes)
                    .outPlanes(outPlanes)
                    .build();
        } catch (ArgumentException e) {
            throw new PlansException(e.getMessage(), e);
        }
    }
}
