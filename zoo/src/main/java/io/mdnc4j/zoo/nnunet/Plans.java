package io.mdnc4j.zoo.nnunet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One configuration of {@code plans.json}: inherited values filled in, an old one brought to the new form. */
final class Plans {
    private static final String ARCHITECTURE = "architecture";
    private static final String RESAMPLING = "resample_data_or_seg_to_shape";

    /** Readers of NIfTI files, which give the same arrays. */
    private static final List<String> READERS = List.of("SimpleITKIO", "NibabelIO", "NibabelIOWithReorient");

    private static final int MAX_STAGES = 64;

    private final JsonFile plans;
    private final String name;
    private final JsonFile configuration;

    private Plans(JsonFile plans, String name, JsonFile configuration) {
        this.plans = plans;
        this.name = name;
        this.configuration = configuration;
    }

    /** The names of all configurations. */
    static List<String> configurations(JsonFile plans) throws PlansException {
        List<String> names = new ArrayList<>();
        plans.object("configurations").node().fieldNames().forEachRemaining(names::add);
        return names;
    }

    /**
     * The configuration of that name.
     *
     * @throws PlansException if there is none, or it is one of those that are not supported
     */
    static Plans of(JsonFile plans, String name) throws PlansException {
        plans.requireOneOf("image_reader_writer", "the reader", READERS);
        plans.requireOneOf("label_manager", "the label manager", List.of("LabelManager"));
        JsonFile configuration = plans.with(inherited(plans, name, new HashSet<>()));
        if (configuration.has("previous_stage")) {
            throw plans.refusal(
                    "\"" + name + "\" is the second network of a cascade, which is not supported; give the folder"
                            + " of another configuration");
        }
        configuration.requireOneOf("preprocessor_name", "the preprocessor", List.of("DefaultPreprocessor"));
        return new Plans(plans, name, configuration);
    }

    private static JsonNode inherited(JsonFile plans, String name, Set<String> visited) throws PlansException {
        JsonFile all = plans.object("configurations");
        if (!all.node().path(name).isObject()) {
            throw plans.refusal("has no configuration \"" + name + "\", only " + configurations(plans));
        }
        if (!visited.add(name)) {
            throw plans.refusal("configuration \"" + name + "\" inherits from itself");
        }
        ObjectNode own = all.node().get(name).deepCopy();
        if (!own.hasNonNull("inherits_from")) {
            return own;
        }
        ObjectNode merged =
                (ObjectNode) inherited(plans, own.get("inherits_from").asText(), visited);
        merged.setAll(own);
        return merged;
    }

    String name() {
        return name;
    }

    List<Integer> patch() throws PlansException {
        List<Integer> patch = configuration.integers("patch_size");
        if (patch.size() < 2 || patch.size() > 3 || patch.stream().anyMatch(size -> size < 1)) {
            throw plans.refusal("patch_size " + patch + " has not two or three sizes of at least 1");
        }
        return patch;
    }

    Architecture architecture() throws PlansException {
        JsonFile described =
                configuration.has(ARCHITECTURE) ? configuration.object(ARCHITECTURE) : plans.with(fromOld());
        String network = described.text("network_class_name");
        JsonNode arguments = described.object("arch_kwargs").node();
        int axes = patch().size();
        try {
            Architecture architecture = Architecture.of(network, arguments);
            if (architecture.dims().count() != axes) {
                throw new PlansException("the network has "
                        + architecture.dims().count() + " spatial dimensions, patch_size has " + axes);
            }
            return architecture;
        } catch (PlansException e) {
            throw plans.refusal(e.getMessage());
        }
    }

    /** The architecture of plans from before it was named, by the rules of nnU-Net's {@code ConfigurationManager}. */
    private ObjectNode fromOld() throws PlansException {
        String network = configuration.text("UNet_class_name");
        int stages = configuration.list("n_conv_per_stage_encoder").size();
        int base = configuration.integer(
                "UNet_base_num_features", configuration.node().path("UNet_base_num_features"));
        int most = configuration.integer(
                "unet_max_num_features", configuration.node().path("unet_max_num_features"));
        if (stages > MAX_STAGES) {
            throw plans.refusal("n_conv_per_stage_encoder has " + stages + " stages");
        }
        ArrayNode features = JsonNodeFactory.instance.arrayNode();
        for (int stage = 0; stage < stages; stage++) {
            features.add((int) Math.min(base * Math.pow(2, stage), most));
        }
        String dims = patch().size() + "d";
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        arguments.put("n_stages", stages);
        arguments.set("features_per_stage", features);
        arguments.put("conv_op", "torch.nn.modules.conv.Conv" + dims);
        arguments.set("kernel_sizes", configuration.node().path("conv_kernel_sizes"));
        arguments.set("strides", configuration.node().path("pool_op_kernel_sizes"));
        arguments.set(
                network.equals("PlainConvUNet") ? "n_conv_per_stage" : "n_blocks_per_stage",
                configuration.node().get("n_conv_per_stage_encoder"));
        arguments.set("n_conv_per_stage_decoder", configuration.node().path("n_conv_per_stage_decoder"));
        arguments.put("conv_bias", true);
        arguments.put("norm_op", "torch.nn.modules.instancenorm.InstanceNorm" + dims);
        ObjectNode architecture = JsonNodeFactory.instance.objectNode();
        architecture.put("network_class_name", network);
        architecture.set("arch_kwargs", arguments);
        return architecture;
    }

    /** All that the plans say of what happens before and after the network; folds, trainer and mirrored axes are others'. */
    Processing processing(Dataset dataset, Checkpoints checkpoints) throws PlansException {
        List<Processing.Channel> normalization = normalization();
        if (normalization.size() != dataset.channels().size()) {
            throw plans.refusal("has " + normalization.size() + " normalization_schemes, but dataset.json "
                    + dataset.channels().size() + " channels");
        }
        Processing processing = new Processing(
                checkpoints.trainer(),
                name,
                checkpoints.folds(),
                dataset.channels(),
                dataset.fileEnding(),
                plans.node().path("image_reader_writer").asText().endsWith("WithReorient"),
                plans.integers("transpose_forward"),
                configuration.positives("spacing"),
                normalization,
                resampling("resampling_fn_data", 3),
                resampling("resampling_fn_probabilities", 1),
                patch(),
                checkpoints.mirrored(),
                dataset.labels(),
                dataset.regionOrder(),
                dataset.ignored());
        try {
            processing.check();
        } catch (PlansException e) {
            throw plans.refusal(e.getMessage());
        }
        return processing;
    }

    private List<Processing.Channel> normalization() throws PlansException {
        List<JsonNode> schemes = configuration.list("normalization_schemes");
        List<JsonNode> masks = configuration.list("use_mask_for_norm");
        if (schemes.size() != masks.size()) {
            throw plans.refusal(
                    "has " + schemes.size() + " normalization_schemes, but " + masks.size() + " use_mask_for_norm");
        }
        List<Processing.Channel> channels = new ArrayList<>();
        for (int channel = 0; channel < schemes.size(); channel++) {
            Scheme scheme = scheme(schemes.get(channel).asText());
            boolean masked = masks.get(channel).asBoolean();
            if (scheme == Scheme.CT) {
                JsonFile measured = intensities().object(String.valueOf(channel));
                channels.add(new Processing.Channel(
                        scheme,
                        masked,
                        measured.number("mean"),
                        Math.max(measured.number("std"), 1e-8),
                        measured.number("percentile_00_5"),
                        measured.number("percentile_99_5")));
            } else {
                channels.add(new Processing.Channel(scheme, masked, null, null, null, null));
            }
        }
        return channels;
    }

    private JsonFile intensities() throws PlansException {
        String older = "foreground_intensity_properties_by_modality";
        return plans.object(plans.has(older) ? older : "foreground_intensity_properties_per_channel");
    }

    private Scheme scheme(String className) throws PlansException {
        for (Scheme scheme : Scheme.values()) {
            if (scheme.className().equals(className)) {
                return scheme;
            }
        }
        throw plans.refusal("normalisation \"" + Architecture.shown(className) + "\" is not supported");
    }

    private Processing.Resampling resampling(String key, int usualOrder) throws PlansException {
        configuration.requireOneOf(key, "resampling by", List.of(RESAMPLING));
        Map<String, Integer> orders = new java.util.HashMap<>(Map.of("order", usualOrder, "order_z", 0));
        Boolean apart = null;
        if (configuration.has(key + "_kwargs")) {
            JsonFile arguments = configuration.object(key + "_kwargs");
            for (Map.Entry<String, JsonNode> argument : arguments.node().properties()) {
                JsonNode value = argument.getValue();
                switch (argument.getKey()) {
                    case "order", "order_z" ->
                        orders.put(argument.getKey(), arguments.integer(argument.getKey(), value));
                    case "force_separate_z" -> apart = value.isNull() ? null : value.asBoolean();
                    case "is_seg" -> {
                        if (value.asBoolean()) {
                            throw plans.refusal(key + " resamples as if images were classes");
                        }
                    }
                    default -> throw plans.refusal(key + " has an unknown argument " + argument.getKey());
                }
            }
        }
        return new Processing.Resampling(orders.get("order"), orders.get("order_z"), apart);
    }
}
