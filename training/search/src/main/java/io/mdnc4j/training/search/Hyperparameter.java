package io.mdnc4j.training.search;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.training.fit.Updaters;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.SpecOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.distribution.LogUniformDistribution;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.jspecify.annotations.Nullable;

/** What can be searched, with the values that make sense and those that are searched unless others are given. */
public enum Hyperparameter {
    /** Family of the blocks. */
    FAMILY(codes(Family.values(), Family::code), Range.of("conv", "resnet")),
    /** The network; those that suit the data unless given. */
    NETWORK(codes(Network.values(), Network::code), Range.of("unet", "ae")),
    /** Kind of block in residual networks; the others have one kind only. */
    BLOCK(
            SpecOption.BLOCK,
            List.of(BlockKind.PLAIN.code(), BlockKind.BOTTLENECK.code()),
            Range.of("plain", "bottleneck")),
    /** Number of stages. */
    STAGES(Kind.INTEGER, 2, 12, Range.between(2, 4)),
    /** Blocks of a stage, drawn anew for each. */
    DEPTH(Kind.INTEGER, 1, 64, Range.between(1, 3)),
    /** Channels of the outermost stages. */
    CHANNEL(SpecOption.CHANNEL, Kind.INTEGER, 1024, Range.logBetween(4, 32)),
    /** Kernel size on all axes. */
    KERNEL_SIZE(SpecOption.KERNEL_SIZE, Kind.ODD, 31, Range.of(3, 5, 7)),
    /** Normalisation in the units of all blocks. */
    NORMALIZER(SpecOption.NORMALIZER),
    /** Activation in the units of all blocks. */
    ACTIVATOR(SpecOption.ACTIVATOR),
    /** Order of the layers in the units of all blocks. */
    LAYER_ORDER(SpecOption.LAYER_ORDER),
    /** Highest learning rate; it warms up, then falls to nearly zero. */
    LEARNING_RATE(Kind.REAL, 1e-12, 1e3, Range.logBetween(1e-4, 3e-2)),
    /** Updater; Adam with weight decay is AdamW. */
    UPDATER(updaters(), Range.of("adam", "nesterovs")),
    /** Samples a step. */
    BATCH(Kind.INTEGER, 1, 1 << 16, Range.of(8, 16, 32)),
    /** Part of the weights, times the learning rate, that every step takes away. */
    WEIGHT_DECAY(Kind.REAL, 0, 1e3, Range.logBetween(1e-6, 1e-2));

    private enum Kind {
        CODE,
        INTEGER,
        ODD,
        REAL
    }

    private final @Nullable SpecOption<?> option;
    private final Kind kind;
    private final List<String> codes;
    private final double least;
    private final double most;
    private final Range usual;

    Hyperparameter(List<String> codes, Range usual) {
        this(null, Kind.CODE, codes, 0, 0, usual);
    }

    Hyperparameter(Kind kind, double least, double most, Range usual) {
        this(null, kind, List.of(), least, most, usual);
    }

    /** A number of the geometry, from its smallest to the largest that makes sense. */
    Hyperparameter(SpecOption<?> option, Kind kind, double most, Range usual) {
        this(option, kind, List.of(), option.min(), most, usual);
    }

    Hyperparameter(SpecOption<?> option, List<String> codes, Range usual) {
        this(option, Kind.CODE, codes, 0, 0, usual);
    }

    /** A choice of the geometry, which is left at its default unless given. */
    <T> Hyperparameter(SpecOption<T> option) {
        this(option, option.codes(), Range.of(option.text(option.usual())));
    }

    Hyperparameter(
            @Nullable SpecOption<?> option, Kind kind, List<String> codes, double least, double most, Range usual) {
        this.option = option;
        this.kind = kind;
        this.codes = codes;
        this.least = least;
        this.most = most;
        this.usual = usual;
    }

    private static <T> List<String> codes(T[] values, Function<T, String> code) {
        return Arrays.stream(values).map(code).toList();
    }

    /** AdamW is Adam with weight decay, which is a setting of its own. */
    private static List<String> updaters() {
        return Arrays.stream(Updaters.values())
                .filter(updater -> updater != Updaters.ADAMW)
                .map(Updaters::code)
                .toList();
    }

    /**
     * The setting of that name.
     *
     * @param code its name in files, such as {@code kernel_size}
     * @return the setting
     * @throws ArgumentException if there is none
     */
    public static Hyperparameter named(String code) {
        return Arrays.stream(values())
                .filter(setting -> setting.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new ArgumentException(
                        "space",
                        '"' + code + "\" is no hyperparameter",
                        "use " + String.join(", ", codes(values(), Hyperparameter::code))));
    }

    /** The option of the geometry that it sets as it is; {@code null} if there is none. */
    @Nullable
    SpecOption<?> option() {
        return option;
    }

    /** Whether that range is the one value that is taken unless given. */
    boolean isDefault(Range range) {
        return usual.isFixed() && usual.equals(range);
    }

    /** {@return the name in files and tables, such as {@code kernel_size}} */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return what is searched unless something else is given} */
    public Range usual() {
        return usual;
    }

    /**
     * The range with values of this setting's type: strings in lower case, integers or doubles.
     *
     * @throws ArgumentException if it has a value that the setting cannot take
     */
    Range checked(Range range) {
        if (!range.isInterval()) {
            return Range.of(
                    range.values().stream().map(this::checked).distinct().toArray());
        }
        require(kind != Kind.CODE, "an interval", "values from " + String.join(", ", codes));
        requireWithin(range.least());
        requireWithin(range.most());
        if (kind == Kind.ODD) {
            int[] odd = IntStream.rangeClosed((int) Math.ceil(range.least()), (int) range.most())
                    .filter(k -> k % 2 == 1)
                    .toArray();
            require(odd.length > 0, range.toJson(), "an interval with an odd number");
            return Range.of(Arrays.stream(odd).boxed().toArray());
        }
        boolean whole = kind == Kind.REAL || isWhole(range.least()) && isWhole(range.most());
        require(whole, range.toJson(), "whole numbers");
        return range.isFixed() ? Range.of(checked(range.least())) : range;
    }

    private Object checked(Object value) {
        if (kind == Kind.CODE) {
            String code = String.valueOf(value).toLowerCase(Locale.ROOT);
            require(codes.contains(code), value, "one of " + String.join(", ", codes));
            return code;
        }
        require(value instanceof Number, value, "a number");
        double number = ((Number) value).doubleValue();
        requireWithin(number);
        if (kind == Kind.REAL) {
            return number;
        }
        require(isWhole(number), value, "a whole number");
        require(kind != Kind.ODD || number % 2 == 1, value, "an odd number, since even kernels change the size");
        return (int) number;
    }

    private void requireWithin(double value) {
        require(
                value >= least && value <= most,
                value,
                kind == Kind.REAL ? least + " to " + most : (long) least + " to " + (long) most);
    }

    private static boolean isWhole(double value) {
        return value == Math.rint(value);
    }

    private void require(boolean condition, Object value, String remedy) {
        ArgumentException.require(condition, code(), value, "use " + remedy);
    }

    /** Arbiter's space of a checked range. Single values are fixed: Arbiter's grid miscounts lists of one. */
    ParameterSpace<?> leaf(Range range) {
        if (range.isFixed()) {
            return new FixedValue<>(range.values().get(0));
        }
        if (!range.isInterval()) {
            return new DiscreteParameterSpace<>(range.values());
        }
        // the ends of an integer range get their whole share
        double half = kind == Kind.REAL ? 0 : 0.5;
        if (range.logarithmic()) {
            return new ContinuousParameterSpace(new LogUniformDistribution(range.least() - half, range.most() + half));
        }
        return kind == Kind.REAL
                ? new ContinuousParameterSpace(new UniformRealDistribution(range.least(), range.most()))
                : new IntegerParameterSpace((int) range.least(), (int) range.most());
    }
}
