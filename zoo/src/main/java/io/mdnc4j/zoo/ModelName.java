package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;

/**
 * What a qualified name stands for: a model ({@code resnet.ae1d}), a preset ({@code conv.unet29-3d}) or a single block
 * ({@code resnet.BlockPlain2d}). Names are read in any case.
 *
 * @param name the name in its own spelling
 * @param family kind of blocks
 * @param network the network, {@code null} for a block
 * @param dims number of spatial dimensions
 * @param preset the preset, {@code null} without one
 * @param block the block, {@code null} for a network
 */
public record ModelName(
        String name,
        Family family,
        @Nullable Network network,
        SpatialDims dims,
        @Nullable Preset preset,
        @Nullable BlockKind block) {
    /** How many near names an error suggests. */
    private static final int SUGGESTIONS = 3;

    /** All names, models first, then presets and blocks; a model has a second name, its class in layer tables. */
    private static final Map<String, ModelName> BY_NAME = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private static final List<ModelName> MODELS = new ArrayList<>();

    static {
        for (Family family : Family.values()) {
            for (Network network : family.networks()) {
                for (SpatialDims dims : SpatialDims.values()) {
                    String name = NetworkSpec.modelName(family, network, dims);
                    ModelName model = new ModelName(name, family, network, dims, null, null);
                    MODELS.add(model);
                    BY_NAME.put(name, model);
                    BY_NAME.put(family.code() + "." + network.typeName() + dims.suffix(), model);
                }
            }
            for (BlockKind block : family.blocks()) {
                for (SpatialDims dims : SpatialDims.values()) {
                    String name = BlockSpec.name(family, block, dims);
                    BY_NAME.put(name, new ModelName(name, family, null, dims, null, block));
                }
            }
        }
        for (Preset preset : Preset.all()) {
            for (SpatialDims dims : preset.dims()) {
                ModelName name = new ModelName(
                        preset.qualifiedName(dims), preset.family(), preset.network(), dims, preset, null);
                MODELS.add(name);
                BY_NAME.put(name.name(), name);
            }
        }
        MODELS.sort(Comparator.comparing(model -> model.preset() != null));
    }

    /**
     * {@return the 30 models, then the presets}
     */
    public static List<ModelName> all() {
        return List.copyOf(MODELS);
    }

    /**
     * {@return what that name stands for}
     *
     * @param name the name, in any case
     * @throws ArgumentException if nothing has it, with the nearest names
     */
    public static ModelName parse(String name) {
        return Optional.ofNullable(BY_NAME.get(name.strip()))
                .orElseThrow(() -> new ArgumentException(
                        "model",
                        "unknown name \"" + name + "\"",
                        "did you mean " + String.join(", ", nearest(name)) + "?"));
    }

    private static List<String> nearest(String name) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        String lower = name.toLowerCase(Locale.ROOT);
        return BY_NAME.values().stream()
                .map(ModelName::name)
                .distinct()
                .sorted(Comparator.comparingInt(known -> distance.apply(lower, known.toLowerCase(Locale.ROOT))))
                .limit(SUGGESTIONS)
                .toList();
    }

    /**
     * {@return the network or block of that name with these values; a preset fixes its own unless they say otherwise}
     *
     * @param values values of options
     * @throws ArgumentException if a value is missing, out of range, or none of this network or block
     */
    public GraphSpec spec(SpecValues values) {
        return block == null ? spec().set(values).build() : new BlockSpec(dims, block, values);
    }

    /**
     * {@return the options of the network, those of the preset filled in}
     *
     * @throws ArgumentException if the name is that of a block
     */
    public NetworkSpec.Builder spec() {
        NetworkSpec.Builder builder = NetworkSpec.builder(family, requiredNetwork(), dims);
        return preset == null ? builder : builder.set(preset.values());
    }

    /**
     * The network.
     *
     * @throws ArgumentException if the name is that of a block
     */
    Network requiredNetwork() {
        if (network == null) {
            throw new ArgumentException(
                    "model",
                    name + " is a block",
                    "use a network, such as "
                            + NetworkSpec.modelName(
                                    family, family.networks().iterator().next(), dims));
        }
        return network;
    }
}
