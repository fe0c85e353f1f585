package io.mdnc4j.training.options;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.GraphSpec;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.SpecValues;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The geometry of a network or block as options of the command line: one for each {@link SpecOption}, added to the command
 * that this is mixed into. What is not given keeps the default of the model or preset.
 */
@Command
public final class SpecOptions {
    /** What weights may not tell, so that it is given beside them. */
    private static final Set<SpecOption<?>> UNTOLD = Set.of(
            SpecOption.OUT_SIZE,
            SpecOption.NORMALIZER,
            SpecOption.ACTIVATOR,
            SpecOption.LAYER_ORDER,
            SpecOption.DEEP_SUPERVISION);

    private SpecValues values = SpecValues.NONE;

    /** Adds the options; picocli calls it. */
    @Spec(Spec.Target.MIXEE)
    void addTo(CommandSpec command) {
        SpecOption.all().forEach(option -> command.addOption(option(option)));
    }

    private OptionSpec option(SpecOption<?> option) {
        return OptionSpec.builder("--" + option.dashedName())
                .paramLabel(option.label())
                .description(option.help())
                .type(Object.class)
                .converters(text -> read(option, text))
                .getter(new Value(option))
                .setter(new Value(option))
                .build();
    }

    private static Object read(SpecOption<?> option, String text) {
        try {
            return option.read(text);
        } catch (ArgumentException e) {
            throw new TypeConversionException(e.value() + "; " + e.remedy());
        }
    }

    /** Where picocli puts a value, and takes it from as JSON has it. */
    private final class Value implements IGetter, ISetter {
        private final SpecOption<?> option;

        Value(SpecOption<?> option) {
            this.option = option;
        }

        @Override
        @SuppressWarnings("unchecked") // picocli's signature
        public <T> T get() {
            return (T) values.toJson().get(option.jsonName());
        }

        @Override
        public <T> T set(T value) {
            T before = get();
            values = value == null ? values.with(option, null) : values.withRead(option, value);
            return before;
        }
    }

    /**
     * The described network or block.
     *
     * @throws ArgumentException if an option is out of range or does not apply to it
     */
    public GraphSpec spec(ModelName model) {
        return model.spec(values);
    }

    /**
     * {@link #spec} of a network only.
     *
     * @throws ArgumentException if it is a block, or an option is out of range or does not apply to it
     */
    public NetworkSpec network(ModelName model) {
        return model.spec().set(values).build();
    }

    /**
     * Sets what was not given of a model; a preset keeps its own.
     *
     * @param size spatial size of inputs, one number an axis, which strides are to divide
     * @param block kind of block, where there is a choice
     */
    public void defaults(
            ModelName model,
            long[] size,
            int channel,
            BlockKind block,
            int kernel,
            Normalizer normalizer,
            int... layers) {
        if (model.preset() != null || model.network() == null) {
            return;
        }
        int stages = givenStages(layers.length);
        int[] each = IntStream.range(0, stages)
                .map(stage -> layers[Math.min(stage, layers.length - 1)])
                .toArray();
        SpecValues usual = NetworkSpec.stages(model.network(), channel, kernel, each);
        if (SpecOption.BLOCK.isOf(model)) {
            usual = usual.with(SpecOption.BLOCK, block);
        }
        if (SpecOption.NORMALIZER.isOf(model) && normalizer != SpecOption.NORMALIZER.usual()) {
            // the usual one is not noted, so that runs that were begun without it go on
            usual = usual.with(SpecOption.NORMALIZER, normalizer);
        }
        values = usual.with(NetworkSpec.strides(model.network(), stages, size)).with(values);
    }

    /** The number of stages that options which have something for each are given for. */
    private int givenStages(int otherwise) {
        return Stream.<SpecOption<? extends List<?>>>of(
                        SpecOption.LAYERS, SpecOption.FEATURES, SpecOption.STRIDES, SpecOption.KERNELS)
                .map(option -> values.get(option))
                .filter(each -> each != null && each.size() > 1)
                .map(List::size)
                .findFirst()
                .orElse(otherwise);
    }

    /** {@return options of these values, which those here know nothing of} */
    public SpecOptions copy() {
        SpecOptions copy = new SpecOptions();
        copy.values = values;
        return copy;
    }

    /** {@return options of other values, which those here know nothing of} */
    public SpecOptions copyWith(SpecValues others) {
        SpecOptions copy = new SpecOptions();
        copy.values = others;
        return copy;
    }

    /** What is given. */
    public SpecValues values() {
        return values;
    }

    /** Whether nothing is given but, perhaps, what weights may not tell. */
    public boolean leaveGeometryOpen() {
        return UNTOLD.containsAll(values.given());
    }

    /**
     * Sets the channels of the input and the output to those of data.
     *
     * @param vector whether the output is a vector
     * @throws ArgumentException if others were given
     */
    public void fit(long in, long out, boolean vector) {
        same(SpecOption.IN_PLANES, in);
        same(vector ? SpecOption.OUT_LENGTH : SpecOption.OUT_PLANES, out);
    }

    private void same(SpecOption<? extends Number> option, long wanted) {
        Number given = values.get(option);
        if (given != null && given.longValue() != wanted) {
            throw new ArgumentException(
                    option.name(), given + " does not suit the data, which need " + wanted, "leave it out");
        }
        values = values.withRead(option, wanted);
    }
}
