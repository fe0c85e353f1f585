package io.mdnc4j.zoo;

import io.mdnc4j.blocks.Activator;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.LayerOrder;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An option of the geometry of networks and blocks: its name, the values it may have, what it is unless given, and what has
 * it. The one table of them; builders, command line, files of settings, import and search derive from it.
 *
 * <pre>{@code
 * SpecValues values = SpecValues.NONE.with(SpecOption.CHANNEL, 16).with(SpecOption.NORMALIZER, Normalizer.BATCH);
 * GraphSpec spec = ModelName.parse("resnet.unet2d").spec(values.with(SpecOption.LAYERS, List.of(2, 2, 2)));
 * }</pre>
 *
 * <p>To add an option, add a row, and read it where a network or block is put together.
 *
 * @param <T> type of its values, immutable
 */
public final class SpecOption<T> {
    /** Stages of a network at most: more would overflow channel counts long before it would train. */
    private static final int MAX_STAGES = 16;

    /** Blocks of a network's stages together: more would take minutes to describe. */
    private static final int MAX_BLOCKS = 1000;

    /** The outermost convolutions of networks have two more. */
    private static final int MAX_KERNEL = Integer.MAX_VALUE - 2;

    private static final Set<Network> ALL = Collections.unmodifiableSet(EnumSet.allOf(Network.class));
    private static final Set<Network> NOT_DECODER =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Network.DECODER)));
    private static final Set<Network> NOT_ENCODER =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(Network.ENCODER)));
    private static final String PER_AXIS = "give one number, or one an axis";
    private static final String STAGES = "use at least two stages, such as 2,2, and at most " + MAX_STAGES;
    private static final String PER_STAGE = "give one size for all stages or one a stage, of one number or one an axis,"
            + " such as 1x3x3,3x3x3, of at most " + MAX_STAGES + " stages";

    private static final List<SpecOption<?>> TABLE = new ArrayList<>();

    /** Channels of the outermost stages of conv and resnet networks; they double from stage to stage. */
    public static final SpecOption<Integer> CHANNEL = row("channel", ValueType.integer(1))
            .in(Network.DOUBLING)
            .otherwise(64)
            .add("channels of the outermost stages");

    /** Blocks of each of a network's stages; of nnunet networks, units or residual blocks of each stage of the encoder. */
    public static final SpecOption<List<Integer>> LAYERS = row("layers", stages())
            .in(ALL)
            .otherwise(PlannedStages::usualLayers)
            .needed("use at least two stages, such as 2,2")
            .with((subject, layers) -> checkBlocks("layers", layers))
            .add("blocks of each stage, such as 2,2,2,2,3");

    /** Kind of block in all stages of a conv or resnet network. */
    public static final SpecOption<BlockKind> BLOCK = row("block", ValueType.coded("KIND", BlockKind.class))
            .in(Network.DOUBLING)
            .otherwise(subject -> subject.family().blocks().get(0))
            .with(SpecOption::checkBlock)
            .add("plain or bottleneck (resnet; default: bottleneck)");

    /** Kernel size, one number an axis. Networks have odd ones; along an axis with 1 they never scale. */
    public static final SpecOption<List<Integer>> KERNEL_SIZE = perAxis("kernelSize", ValueType.integer(1), "K")
            .in(Network.DOUBLING)
            .inBlocks()
            .otherwise(List.of(3))
            .with(SpecOption::checkKernel)
            .add("kernel size, one number or one an axis, odd in networks");

    /** Channels of the input. */
    public static final SpecOption<Long> IN_PLANES = row("inPlanes", ValueType.size())
            .in(NOT_DECODER)
            .inBlocks()
            .otherwise(subject -> subject.network() == null ? null : 1L)
            .needed("give it, since a block needs it")
            .add("channels of the input (default: 1; blocks need it)");

    /** Channels of the output. */
    public static final SpecOption<Long> OUT_PLANES = row("outPlanes", ValueType.size())
            .in(NOT_ENCODER)
            .inBlocks()
            .otherwise(subject -> subject.network() == null ? null : PlannedStages.has(subject) ? 2L : 1L)
            .needed("give it, since a block needs it")
            .add("channels of the output (default: 1, nnunet: 2; blocks need it)");

    /** Length of an encoder's vector; 0 for a map of features. */
    public static final SpecOption<Integer> OUT_LENGTH = row("outLength", ValueType.integerOrNone())
            .in(EnumSet.of(Network.ENCODER))
            .otherwise(2)
            .add("length of an encoder's vector, or none");

    /** Length of a decoder's vector; 0 for a map of features. */
    public static final SpecOption<Integer> IN_LENGTH = row("inLength", ValueType.integerOrNone())
            .in(EnumSet.of(Network.DECODER))
            .otherwise(2)
            .add("length of a decoder's vector, or none");

    /** Spatial size of a decoder's output, one number an axis. */
    public static final SpecOption<List<Long>> OUT_SIZE = perAxis("outSize", ValueType.size(), "L")
            .in(EnumSet.of(Network.DECODER))
            .needed("give it, since a decoder needs the size of its output, such as 64,63")
            .add("spatial size of a decoder's output, one number or one an axis");

    /** Channels of each stage of an nnunet network. */
    public static final SpecOption<List<Integer>> FEATURES = row("features", stages())
            .in(Network.PLANNED)
            .otherwise(PlannedStages::usualFeatures)
            .add("nnunet: channels of each stage (default: 32, doubling up to 512, in 3D 320)");

    /** Kernel size of each stage of an nnunet network, one number an axis. */
    public static final SpecOption<List<List<Integer>>> KERNELS = perStage("kernels", "K")
            .otherwise(subject -> List.of(List.of(3)))
            .add("nnunet: kernel size, odd, one for all stages or one a stage, such as 1x3x3,3x3x3 (default: 3)");

    /** Stride of each stage of an nnunet network, one number an axis; the first stage has none. */
    public static final SpecOption<List<List<Integer>>> STRIDES = perStage("strides", "S")
            .otherwise(PlannedStages::usualStrides)
            .add("nnunet: stride of each stage, such as 1,1x2x2,2 (default: 1, then 2)");

    /** Units of each stage of an nnunet network's decoder, the deepest first. */
    public static final SpecOption<List<Integer>> DECODER_LAYERS = row(
                    "decoderLayers", ValueType.list(ValueType.integer(1), "N", 1, MAX_STAGES - 1, STAGES))
            .in(Network.PLANNED)
            .otherwise(PlannedStages::usualDecoderLayers)
            .with((subject, layers) -> checkBlocks("decoderLayers", layers))
            .add("nnunet: units of each stage of the decoder, deepest first (default: plain 2, residual 1)");

    /** Whether the convolutions of an nnunet network have a bias beside their normalisation. */
    public static final SpecOption<Boolean> BIAS = row("bias", ValueType.flag())
            .in(Network.PLANNED)
            .otherwise(true)
            .add("nnunet: whether convolutions have a bias");

    /** Whether training supervises the outputs of all stages of an nnunet network's decoder. */
    public static final SpecOption<Boolean> DEEP_SUPERVISION = row("deepSupervision", ValueType.flag())
            .in(Network.PLANNED)
            .otherwise(true)
            .add("nnunet: whether training supervises all stages of the decoder");

    /** By what a block scales, one number an axis. */
    public static final SpecOption<List<Double>> STRIDE = perAxis("stride", ValueType.factor(), "S")
            .inBlocks()
            .otherwise(List.of(1.0))
            .add("scale");

    /** Zeros added on both sides by a block's convolutions, one number an axis. */
    public static final SpecOption<List<Integer>> PADDING = perAxis("padding", ValueType.integer(0), "P")
            .inBlocks()
            .otherwise(List.of(1))
            .add("padding");

    /** Spatial size that a block upsamples to, instead of by its stride. */
    public static final SpecOption<List<Long>> OUTPUT_SIZE =
            perAxis("outputSize", ValueType.size(), "L").inBlocks().add("size to upsample to, scaling up");

    /** Normalisation in the units of all blocks. */
    public static final SpecOption<Normalizer> NORMALIZER = row("normalizer", ValueType.coded("NORM", Normalizer.class))
            .in(Network.DOUBLING)
            .inBlocks()
            .otherwise(BlockStyle.DEFAULT.normalizer())
            .add("batch, inst, pinst or null");

    /** Activation in the units of all blocks. */
    public static final SpecOption<Activator> ACTIVATOR = row("activator", ValueType.coded("ACT", Activator.class))
            .in(Network.DOUBLING)
            .inBlocks()
            .otherwise(BlockStyle.DEFAULT.activator())
            .add("prelu, relu or null");

    /** Order of the layers in the units of all blocks; of no effect without normalisation. */
    public static final SpecOption<LayerOrder> LAYER_ORDER = row(
                    "layerOrder", ValueType.coded("ORDER", LayerOrder.class))
            .in(Network.DOUBLING)
            .inBlocks()
            .otherwise(BlockStyle.DEFAULT.order())
            .add("new (normalisation first) or old (convolution first)");

    /** Direction in which a block scales. */
    public static final SpecOption<Scaler> SCALER = row("scaler", ValueType.coded("SCALER", Scaler.class))
            .inBlocks()
            .otherwise(Scaler.DOWN)
            .add("down or up");

    private final String name;
    private final ValueType<T> type;
    private final String description;
    private final Set<Network> networks;
    private final boolean blocks;
    private final BiFunction<Subject, T, T> spread;
    private final Function<Subject, @Nullable T> otherwise;
    private final @Nullable T shownDefault;
    private final @Nullable String needed;
    private final BiConsumer<Subject, T> check;

    private SpecOption(Row<T> row, String description) {
        this.name = row.name;
        this.type = row.type;
        this.description = description;
        this.networks = row.networks;
        this.blocks = row.blocks;
        this.spread = row.spread;
        this.otherwise = row.otherwise;
        this.shownDefault = row.shownDefault;
        this.needed = row.needed;
        this.check = row.check;
    }

    private static <T> Row<T> row(String name, ValueType<T> type) {
        return new Row<>(name, type);
    }

    private static <E> Row<List<E>> perAxis(String name, ValueType<E> element, String label) {
        return row(name, ValueType.list(element, label, 1, SpatialDims.values().length, PER_AXIS))
                .spread((subject, value) -> spread(subject, name, value));
    }

    /** One size for all stages or one a stage, each of one number or one an axis. */
    private static Row<List<List<Integer>>> perStage(String name, String label) {
        int axes = SpatialDims.values().length;
        return row(name, ValueType.lists(ValueType.integer(1), label, axes, MAX_STAGES, PER_STAGE))
                .in(Network.PLANNED)
                .spread((subject, value) -> {
                    List<List<Integer>> spread = value.stream()
                            .map(size -> spread(subject, name, size))
                            .toList();
                    int stages = PlannedStages.count(subject);
                    return spread.size() == 1 ? Collections.nCopies(stages, spread.get(0)) : spread;
                });
    }

    private static ValueType<List<Integer>> stages() {
        return ValueType.list(ValueType.integer(1), "N", 2, MAX_STAGES, STAGES);
    }

    private static void checkBlocks(String name, List<Integer> layers) {
        long blocks = layers.stream().mapToLong(n -> n).sum();
        ArgumentException.require(blocks <= MAX_BLOCKS, name, layers, "use at most " + MAX_BLOCKS + " blocks together");
    }

    private static void checkBlock(Subject subject, BlockKind block) {
        List<BlockKind> known = subject.family().blocks();
        ArgumentException.require(
                known.contains(block),
                BLOCK.name,
                block.code(),
                "use one of "
                        + String.join(", ", known.stream().map(BlockKind::code).toList()));
    }

    private static void checkKernel(Subject subject, List<Integer> kernel) {
        ArgumentException.require(
                kernel.stream().allMatch(k -> k <= MAX_KERNEL), KERNEL_SIZE.name, kernel, "use at most " + MAX_KERNEL);
        ArgumentException.require(
                subject.network() == null || kernel.stream().allMatch(k -> k % 2 == 1),
                KERNEL_SIZE.name,
                kernel,
                "use odd numbers, since even kernels change the size");
    }

    /**
     * {@return all options, in the order in which they are shown}
     */
    public static List<SpecOption<?>> all() {
        return List.copyOf(TABLE);
    }

    /**
     * {@return the option of that name, in the spelling of Java, of JSON or with dashes}
     *
     * @param name the name, in any case
     * @throws ArgumentException if there is none
     */
    public static SpecOption<?> named(String name) {
        String joined = joined(name);
        return TABLE.stream()
                .filter(option -> joined(option.name).equals(joined))
                .findFirst()
                .orElseThrow(() -> new ArgumentException(
                        "option",
                        "\"" + name + "\" is none",
                        "use one of "
                                + String.join(
                                        ", ",
                                        TABLE.stream().map(SpecOption::name).toList())));
    }

    private static String joined(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    /**
     * {@return its name in Java: {@code kernelSize}}
     */
    public String name() {
        return name;
    }

    /**
     * {@return its name in JSON and other files: {@code kernel_size}}
     */
    public String jsonName() {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /**
     * {@return its name with dashes, as command lines have it, without those at the beginning: {@code kernel-size}}
     */
    public String dashedName() {
        return jsonName().replace('_', '-');
    }

    /**
     * {@return what stands for a value in help: {@code N}, {@code K[,K...]}}
     */
    public String label() {
        return type.label();
    }

    /**
     * {@return what it is, with its default}
     */
    public String help() {
        return (networks.isEmpty() ? "blocks: " : "")
                + description
                + (shownDefault == null ? "" : " (default: " + type.text(shownDefault) + ")");
    }

    /**
     * {@return whether a value is a list of several}
     */
    public boolean isList() {
        return type.isList();
    }

    /**
     * {@return the short names of all values; empty if the values are numbers}
     */
    public List<String> codes() {
        return type.codes();
    }

    /**
     * {@return the smallest number that it takes; NaN if it takes none}
     */
    public double min() {
        return type.min();
    }

    /**
     * {@return the largest number that it takes; NaN if it takes none} What else is given decides what of it is possible.
     */
    public double max() {
        return type.max();
    }

    /**
     * {@return the value that a text or an element of JSON stands for: lists take commas in texts; {@code none}, {@code null} and 0
     * mean none for lengths of vectors}
     *
     * @param given a value of this option, a text, a number, a list or an array of these
     * @throws ArgumentException if it stands for none, or is out of range
     */
    public T read(@Nullable Object given) {
        return type.read(name, given);
    }

    /**
     * {@return a value as {@link #read} reads it: {@code 3,1,5}}
     *
     * @param value its value; {@code null} for what it is unless given
     */
    public String text(T value) {
        return type.text(value);
    }

    /**
     * {@return what it is unless given, whatever has it; {@code null} if that depends on it, or there is none}
     */
    public @Nullable T usual() {
        return shownDefault;
    }

    /**
     * {@return whether the network, or block, of that name has it}
     *
     * @param model name of the network; may be {@code null}
     */
    public boolean isOf(ModelName model) {
        return isOf(model.network());
    }

    /**
     * {@return whether that network has it; {@code null} stands for a block}
     *
     * @param network the network
     */
    public boolean isOf(@Nullable Network network) {
        return network == null ? blocks : networks.contains(network);
    }

    /** Whether {@code null} means none, rather than the default. */
    boolean takesNone() {
        return type.takesNone();
    }

    /**
     * What it is unless given.
     *
     * @return {@code null} if it may be left open
     * @throws ArgumentException if it must be given
     */
    @Nullable
    T otherwise(Subject subject) {
        T value = otherwise.apply(subject);
        if (value == null && needed != null) {
            throw new ArgumentException(name, "not given", needed);
        }
        return value;
    }

    /**
     * The value, of which one number for all axes is repeated.
     *
     * @throws ArgumentException if it is none for that network or block
     */
    T checked(Subject subject, T value) {
        T spread = this.spread.apply(subject, value);
        check.accept(subject, spread);
        return spread;
    }

    private static <E> List<E> spread(Subject subject, String name, List<E> numbers) {
        int axes = subject.dims().count();
        ArgumentException.require(
                numbers.size() == 1 || numbers.size() == axes,
                name,
                numbers.size() + " numbers for " + axes + " spatial dimensions",
                PER_AXIS);
        return numbers.size() == axes ? numbers : Collections.nCopies(axes, numbers.get(0));
    }

    /** Its name. */
    @Override
    public String toString() {
        return name;
    }

    /**
     * What is described.
     *
     * @param network the network, {@code null} for a block
     * @param given what is given of its values
     */
    record Subject(String name, Family family, @Nullable Network network, SpatialDims dims, SpecValues given) {}

    /** An option that is being written down. */
    private static final class Row<T> {
        private final String name;
        private final ValueType<T> type;
        private Set<Network> networks = Set.of();
        private boolean blocks;
        private BiFunction<Subject, T, T> spread = (subject, value) -> value;
        private Function<Subject, @Nullable T> otherwise = subject -> null;
        private @Nullable T shownDefault;
        private @Nullable String needed;
        private BiConsumer<Subject, T> check = (subject, value) -> {};

        Row(String name, ValueType<T> type) {
            this.name = name;
            this.type = type;
        }

        Row<T> in(Set<Network> networks) {
            this.networks = networks;
            return this;
        }

        Row<T> inBlocks() {
            this.blocks = true;
            return this;
        }

        Row<T> spread(BiFunction<Subject, T, T> spread) {
            this.spread = spread;
            return this;
        }

        Row<T> otherwise(T value) {
            this.shownDefault = value;
            return otherwise(subject -> value);
        }

        Row<T> otherwise(Function<Subject, @Nullable T> value) {
            this.otherwise = value;
            return this;
        }

        Row<T> needed(String remedy) {
            this.needed = remedy;
            return this;
        }

        Row<T> with(BiConsumer<Subject, T> check) {
            this.check = check;
            return this;
        }

        SpecOption<T> add(String description) {
            SpecOption<T> option = new SpecOption<>(this, description);
            TABLE.add(option);
            return option;
        }
    }
}
