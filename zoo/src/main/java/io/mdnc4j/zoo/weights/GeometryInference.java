package io.mdnc4j.zoo.weights;

import io.mdnc4j.blocks.Activator;
import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.LayerOrder;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.BlockSpec;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.SpecValues;
import io.mdnc4j.zoo.StateDict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out of which network tensors are: their keys tell the blocks and stages, the shapes of a few the rest. What is
 * found must then explain every key and shape.
 */
final class GeometryInference {
    private static final String HOURGLASS_FIRST = "conv_first.weight";
    private static final String HOURGLASS_LAST = "conv_final.weight";
    private static final String ENCODER_FIRST = "netbody.0.weight";
    private static final String DECODER_LAST = "conv_last.weight";
    private static final String PLAIN_FIRST = "encoder.stages.0.0.convs.0.conv.weight";
    private static final String RESIDUAL_FIRST = "encoder.stem.convs.0.conv.weight";
    private static final String DOWN = "conv_down_list.";
    private static final String BODY = "netbody.";
    private static final String FIRST_BLOCK = "conv_list.0.";
    private static final String SCALING_BLOCK = "conv_scale.";

    /** What the keys of a block's own parts have, the most telling first. */
    private static final Map<String, BlockKind> BLOCKS = new LinkedHashMap<>();

    static {
        BLOCKS.put(".mconv.", BlockKind.CONV);
        BLOCKS.put(".conv3.", BlockKind.BOTTLENECK);
        BLOCKS.put(".conv1.", BlockKind.PLAIN);
    }

    /** Finds the value of an option. */
    @FunctionalInterface
    private interface Finder {
        Object find(GeometryInference tensors, Network network) throws WeightsException;
    }

    /** Where keys and shapes tell the values of the options; what the units consist of is found by itself. */
    private static final Map<SpecOption<?>, Finder> FINDERS = new LinkedHashMap<>();

    /** What the units of blocks consist of. */
    static final List<SpecOption<?>> STYLE =
            List.of(SpecOption.NORMALIZER, SpecOption.ACTIVATOR, SpecOption.LAYER_ORDER);

    /** All styles; without normalisation the order makes no difference, and one is enough. */
    private static final List<SpecValues> STYLES = new ArrayList<>();

    static {
        FINDERS.put(SpecOption.CHANNEL, GeometryInference::channel);
        FINDERS.put(SpecOption.FEATURES, GeometryInference::features);
        FINDERS.put(SpecOption.KERNELS, GeometryInference::kernels);
        FINDERS.put(SpecOption.STRIDES, GeometryInference::strides);
        FINDERS.put(SpecOption.DECODER_LAYERS, GeometryInference::decoderLayers);
        FINDERS.put(SpecOption.BIAS, GeometryInference::bias);
        FINDERS.put(SpecOption.LAYERS, GeometryInference::layers);
        FINDERS.put(SpecOption.BLOCK, (tensors, network) -> tensors.block());
        FINDERS.put(SpecOption.KERNEL_SIZE, GeometryInference::kernel);
        FINDERS.put(SpecOption.IN_PLANES, (tensors, network) -> tensors.first(network)[1]);
        FINDERS.put(SpecOption.OUT_PLANES, (tensors, network) -> tensors.last(network)[0]);
        FINDERS.put(SpecOption.OUT_LENGTH, (tensors, network) -> tensors.lengthOf("fc.weight", 0));
        FINDERS.put(SpecOption.IN_LENGTH, (tensors, network) -> tensors.lengthOf("conv_in.weight", 1));
        FINDERS.put(SpecOption.OUT_SIZE, GeometryInference::outSize);

        for (Normalizer normalizer : Normalizer.values()) {
            for (Activator activator : Activator.values()) {
                SpecValues style =
                        SpecValues.NONE.with(SpecOption.NORMALIZER, normalizer).with(SpecOption.ACTIVATOR, activator);
                if (normalizer == Normalizer.NONE) {
                    STYLES.add(style);
                } else {
                    for (LayerOrder order : LayerOrder.values()) {
                        STYLES.add(style.with(SpecOption.LAYER_ORDER, order));
                    }
                }
            }
        }
    }

    /** The options that keys and shapes tell. */
    static Set<SpecOption<?>> options() {
        Set<SpecOption<?>> options = new HashSet<>(FINDERS.keySet());
        options.addAll(STYLE);
        return options;
    }

    /** A network that the tensors may be of, and what then does not fit. */
    private record Candidate(NetworkSpec spec, Match match) {
        static Candidate of(NetworkSpec spec, Map<String, TensorInfo> tensors) {
            return new Candidate(spec, Match.of(tensors, StateDict.shapesOf(spec)));
        }

        int problems() {
            return match.missing().size()
                    + match.unexpected().size()
                    + match.misshapen().size();
        }
    }

    /** More than any network has, since its blocks are bounded. */
    private static final int MAX_TENSORS = 20_000;

    /** Parts of a key between dots that are of interest. */
    private static final int MAX_PARTS = 6;

    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    /** What keys begin with, up to each of their dots. */
    private final Set<String> beginnings = new HashSet<>();

    private GeometryInference(Map<String, TensorInfo> tensors) throws WeightsException {
        if (tensors.size() > MAX_TENSORS) {
            throw none("it has " + tensors.size() + " tensors", null);
        }
        String prefix =
                KeyPrefix.of(tensors.keySet(), Set.of(HOURGLASS_FIRST, ENCODER_FIRST, PLAIN_FIRST, RESIDUAL_FIRST));
        tensors.forEach((key, tensor) -> {
            if (key.startsWith(prefix)) {
                shapes.put(key.substring(prefix.length()), tensor.shape());
            }
        });
        for (String key : shapes.keySet()) {
            int dot = key.indexOf('.');
            for (int part = 0; dot >= 0 && part < MAX_PARTS; part++) {
                beginnings.add(key.substring(0, dot + 1));
                dot = key.indexOf('.', dot + 1);
            }
        }
    }

    /**
     * The network's geometry.
     *
     * @param known what is known of it, which weights may not tell
     * @throws WeightsException if there is none or more than one
     */
    static NetworkSpec infer(Map<String, TensorInfo> tensors, SpecValues known) throws WeightsException {
        try {
            GeometryInference inference = new GeometryInference(tensors);
            Candidate best = inference.candidates(known).stream()
                    .map(spec -> Candidate.of(spec, tensors))
                    .min(Comparator.comparingInt(Candidate::problems))
                    .orElseThrow(() -> none("no key of theirs is in it", null));
            if (!best.match.complete()) {
                throw new WeightsException("the weights are of none of the networks; nearest is "
                        + best.spec.modelName() + ", but: " + best.match);
            }
            return best.spec;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw none(e.getMessage(), e);
        }
    }

    private static WeightsException none(String reason, @Nullable Exception cause) {
        return new WeightsException("the weights are of none of the networks: " + reason, cause);
    }

    private List<NetworkSpec> candidates(SpecValues known) throws WeightsException {
        if (beginnings.contains(DOWN)) {
            return List.of(spec(Network.UNET, known), spec(Network.AUTO_ENCODER, known));
        }
        if (shapes.containsKey(ENCODER_FIRST)) {
            return List.of(spec(Network.ENCODER, known));
        }
        if (shapes.containsKey(PLAIN_FIRST)) {
            return List.of(spec(Network.PLAIN, known));
        }
        if (shapes.containsKey(RESIDUAL_FIRST)) {
            return List.of(spec(Network.RESIDUAL, known));
        }
        return shapes.containsKey(DECODER_LAST) ? List.of(spec(Network.DECODER, known)) : List.of();
    }

    /** The geometry as that network's; what is known is not looked for. */
    private NetworkSpec spec(Network network, SpecValues known) throws WeightsException {
        SpecValues values = known;
        for (Map.Entry<SpecOption<?>, Finder> finder : FINDERS.entrySet()) {
            SpecOption<?> option = finder.getKey();
            if (option.isOf(network) && values.get(option) == null) {
                values = values.withRead(option, finder.getValue().find(this, network));
            }
        }
        SpatialDims dims = SpatialDims.of(first(network).length - 2);
        if (Family.NNUNET.networks().contains(network)) {
            return NetworkSpec.builder(Family.NNUNET, network, dims).set(values).build();
        }
        return NetworkSpec.builder(Family.of(block()), network, dims)
                .set(style(network, values))
                .build();
    }

    private long[] first(Network network) throws WeightsException {
        return shape(
                switch (network) {
                    case ENCODER -> ENCODER_FIRST;
                    case PLAIN -> PLAIN_FIRST;
                    case RESIDUAL -> RESIDUAL_FIRST;
                    default -> HOURGLASS_FIRST;
                });
    }

    private long[] last(Network network) throws WeightsException {
        return shape(
                switch (network) {
                    case DECODER -> DECODER_LAST;
                    case PLAIN, RESIDUAL -> "decoder.seg_layers." + (plannedStages() - 2) + ".weight";
                    default -> HOURGLASS_LAST;
                });
    }

    private long channel(Network network) throws WeightsException {
        return network == Network.DECODER ? last(network)[1] : first(network)[0];
    }

    /** The kernel of the stages, from that of the first convolution, which lies at the network's edge or within. */
    private int[] kernel(Network network) throws WeightsException {
        boolean edge = network != Network.DECODER;
        return Arrays.stream(first(network))
                .skip(2)
                .mapToInt(size -> Math.toIntExact(edge && size > 1 ? size - 2 : size))
                .toArray();
    }

    private int[] layers(Network network) {
        return switch (network) {
            case UNET, AUTO_ENCODER ->
                IntStream.concat(
                                stages(DOWN, 0).mapToObj(i -> DOWN + i + ".").mapToInt(this::blocks),
                                IntStream.of(blocks("conv_middle_up.")))
                        .toArray();
            case ENCODER -> bodyLayers(1);
            case DECODER -> bodyLayers(0);
            case PLAIN, RESIDUAL ->
                IntStream.range(0, plannedStages())
                        .map(i -> count(parts(network, i)))
                        .toArray();
        };
    }

    /** The number of stages of an nnunet network's encoder. */
    private int plannedStages() {
        return count("encoder.stages.");
    }

    /** What the units or blocks of a stage of the encoder are numbered after. */
    private static String parts(Network network, int stage) {
        return "encoder.stages." + stage + (network == Network.PLAIN ? ".0.convs." : ".blocks.");
    }

    /** The shape of the first convolution of a stage of the encoder. */
    private long[] stage(Network network, int stage) throws WeightsException {
        return shape(parts(network, stage) + (network == Network.PLAIN ? "0.conv.weight" : "0.conv1.conv.weight"));
    }

    private long[] features(Network network) throws WeightsException {
        long[] features = new long[plannedStages()];
        for (int i = 0; i < features.length; i++) {
            features[i] = stage(network, i)[0];
        }
        return features;
    }

    private List<long[]> kernels(Network network) throws WeightsException {
        List<long[]> kernels = new ArrayList<>();
        for (int i = 0; i < plannedStages(); i++) {
            kernels.add(size(stage(network, i)));
        }
        return kernels;
    }

    /** A transposed convolution of the decoder has the stride of the stage that it undoes. */
    private List<long[]> strides(Network network) throws WeightsException {
        int stages = plannedStages();
        List<long[]> strides = new ArrayList<>();
        strides.add(new long[] {1});
        for (int i = stages - 2; i >= 0; i--) {
            strides.add(size(shape("decoder.transpconvs." + i + ".weight")));
        }
        return strides;
    }

    private int[] decoderLayers(Network network) {
        return IntStream.range(0, plannedStages() - 1)
                .map(i -> count("decoder.stages." + i + ".convs."))
                .toArray();
    }

    private boolean bias(Network network) {
        return shapes.keySet().stream().anyMatch(key -> key.startsWith("encoder.") && key.endsWith(".conv.bias"));
    }

    private static long[] size(long... shape) {
        return Arrays.copyOfRange(shape, 2, shape.length);
    }

    /** How many parts are numbered after that, from 0 on without gaps. */
    private int count(String name) {
        return (int) IntStream.iterate(0, i -> beginnings.contains(name + i + "."), i -> i + 1)
                .count();
    }

    private BlockKind block() throws WeightsException {
        return BLOCKS.entrySet().stream()
                .filter(known -> shapes.keySet().stream().anyMatch(key -> key.contains(known.getKey())))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> none("it has no blocks", null));
    }

    /**
     * The values with the style of the units. Layers are numbered, those without parameters too, so that the keys and ranks
     * of one unit tell it, but for an activation at the unit's end that has no parameters.
     *
     * @throws WeightsException if several fit
     */
    private SpecValues style(Network network, SpecValues values) throws WeightsException {
        String stage =
                network == Network.ENCODER ? BODY + "1." : network == Network.DECODER ? BODY + "0." : DOWN + "0.";
        boolean scales = !beginnings.contains(stage + FIRST_BLOCK);
        BlockKind block = block();
        String unit = block == BlockKind.CONV ? "mconv." : "conv1.";
        Map<String, Integer> found = ranksBelow(stage + (scales ? SCALING_BLOCK : FIRST_BLOCK) + unit, shapes);
        int[] kernel = kernel(network);
        Geometry geometry = scales
                ? Geometry.scaling(network == Network.DECODER ? Scaler.UP : Scaler.DOWN, kernel)
                : Geometry.keeping(kernel);
        List<SpecValues> fitting = STYLES.stream()
                .filter(style -> goesWith(style, values))
                .filter(style -> ranksBelow(unit, StateDict.shapesOf(block(block, geometry, style)))
                        .equals(found))
                .toList();
        for (SpecOption<?> option : STYLE) {
            List<?> possible = fitting.stream()
                    .map(style -> style.toJson().get(option.jsonName()))
                    .distinct()
                    .toList();
            if (possible.size() > 1) {
                throw new WeightsException(option.name() + ": not given, and the weights fit any of " + possible);
            }
        }
        return fitting.isEmpty() ? values : values.with(fitting.get(0).with(values));
    }

    /** A block of one channel of that style. */
    private static BlockSpec block(BlockKind kind, Geometry geometry, SpecValues style) {
        SpatialDims dims = SpatialDims.of(geometry.kernelSize().length);
        SpecValues usual = new BlockSpec(dims, kind, 1, 1, geometry, BlockStyle.DEFAULT).values();
        return new BlockSpec(dims, kind, usual.with(style));
    }

    private static boolean goesWith(SpecValues style, SpecValues known) {
        return style.given().stream()
                .allMatch(
                        option -> known.get(option) == null || known.get(option).equals(style.get(option)));
    }

    private static Map<String, Integer> ranksBelow(String beginning, Map<String, long[]> shapes) {
        return shapes.entrySet().stream()
                .filter(tensor -> tensor.getKey().startsWith(beginning))
                .filter(tensor -> !tensor.getKey().endsWith(Match.NOT_KEPT))
                .collect(Collectors.toMap(
                        tensor -> tensor.getKey().substring(beginning.length()), tensor -> tensor.getValue().length));
    }

    /** A decoder's output is known only along axes that are not scaled, from its smallest map. */
    private long[] outSize(Network network) throws WeightsException {
        int[] kernel = kernel(network);
        int stages = layers(network).length;
        long[] in = shapes.get("conv_in.weight");
        if (in != null
                && in.length == kernel.length + 2
                && Arrays.stream(kernel).allMatch(k -> k == 1)) {
            return Arrays.copyOfRange(in, 2, in.length);
        }
        String hint = in == null || in.length != kernel.length + 2 || stages > Integer.SIZE
                ? ""
                : "; from "
                        + IntStream.range(0, kernel.length)
                                .mapToObj(axis -> kernel[axis] == 1
                                        ? "" + in[axis + 2]
                                        : ((in[axis + 2] - 1) << stages) + 1 + " to " + (in[axis + 2] << stages))
                                .toList()
                        + " all fit";
        throw new WeightsException(
                "outSize: not given, and a decoder's weights do not tell the size of its output" + hint);
    }

    private int[] bodyLayers(int firstStage) {
        return stages(BODY, firstStage)
                .mapToObj(i -> BODY + i + ".")
                .mapToInt(this::blocks)
                .toArray();
    }

    /** The numbers of the stages of that name, from the first one on without gaps. */
    private IntStream stages(String name, int first) {
        return IntStream.iterate(first, i -> beginnings.contains(name + i + ".conv_scale."), i -> i + 1);
    }

    private int blocks(String stage) {
        return 1
                + (int) IntStream.iterate(0, i -> beginnings.contains(stage + "conv_list." + i + "."), i -> i + 1)
                        .count();
    }

    private int lengthOf(String key, int axis) throws WeightsException {
        return shapes.containsKey(key) ? Math.toIntExact(shape(key)[axis]) : 0;
    }

    /** The shape of a convolution's or linear map's weight. */
    private long[] shape(String key) throws WeightsException {
        long[] shape = shapes.get(key);
        if (shape == null || shape.length < 2) {
            throw none("it has no " + key, null);
        }
        return shape;
    }
}
