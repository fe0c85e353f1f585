package io.mdnc4j.training.search;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.Task;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.arbiter.BaseNetworkSpace;
import org.deeplearning4j.arbiter.GraphConfiguration;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.TaskCreatorProvider;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The networks of the zoo for one kind of data as a search space of Arbiter. Every {@link Hyperparameter} has a {@link Range}; each
 * that is not fixed is a number in [0, 1] of a candidate. {@link #getValue} gives a valid network for all such numbers.
 *
 * <p>Conditions: stage {@code i} has a depth only where there are that many stages, and the kind of block is chosen in the
 * residual family only. {@link #settings} leaves out what does not apply, so that candidates that differ in nothing else
 * have equal settings.
 *
 * <p>Survives Arbiter's JSON. Trained by {@link ZooTaskCreator} unless another one is given.
 */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.NONE)
public final class ZooSpace extends BaseNetworkSpace<GraphConfiguration> {
    private static final long DEFAULT_SEED = 12345;

    static {
        TaskCreatorProvider.registerDefaultTaskCreatorClass(ZooSpace.class, ZooTaskCreator.class);
    }

    @JsonProperty
    private final long[] inputShape;

    @JsonProperty
    private final int outputs;

    @JsonProperty
    private final Task task;

    @JsonProperty
    private final long networkSeed;

    @JsonProperty
    private final int epochs;

    @JsonProperty
    private final Map<Hyperparameter, Range> ranges;

    private final Leaves leaves;

    @JsonCreator
    private ZooSpace(
            @JsonProperty("inputShape") long[] inputShape,
            @JsonProperty("outputs") int outputs,
            @JsonProperty("task") Task task,
            @JsonProperty("networkSeed") long networkSeed,
            @JsonProperty("epochs") int epochs,
            @JsonProperty("ranges") Map<Hyperparameter, Range> ranges) {
        if (inputShape.length < 2 || Arrays.stream(inputShape).anyMatch(length -> length < 1)) {
            throw new ArgumentException(
                    "inputShape", inputShape, "give channels and 1 to 3 sizes, all at least 1, such as 1, 512");
        }
        if (outputs < 1 || epochs < 1) {
            throw new ArgumentException("outputs", outputs + ", epochs: " + epochs, "use at least 1");
        }
        this.inputShape = inputShape.clone();
        this.outputs = outputs;
        this.task = Objects.requireNonNull(task, "task");
        this.networkSeed = networkSeed;
        this.epochs = epochs;
        this.numEpochs = epochs;
        this.ranges = complete(ranges);
        if (this.ranges.get(Hyperparameter.NETWORK).values().contains(Network.DECODER.code())) {
            throw new ArgumentException("network", "decoder", "leave it out: its input is no data of a fixed shape");
        }
        requireNetworks(this.ranges);
        this.leaves = new Leaves(this.ranges, Arrays.copyOfRange(inputShape, 1, inputShape.length));
    }

    private static void requireNetworks(Map<Hyperparameter, Range> ranges) {
        List<Object> networks = ranges.get(Hyperparameter.NETWORK).values();
        for (Family family : Family.values()) {
            boolean searched = ranges.get(Hyperparameter.FAMILY).values().contains(family.code());
            if (searched && family.networks().stream().map(Network::code).noneMatch(networks::contains)) {
                throw new ArgumentException(
                        "network",
                        networks + ", of which " + family.code() + " has none",
                        "add one of "
                                + String.join(
                                        ", ",
                                        family.networks().stream()
                                                .map(Network::code)
                                                .toList()));
            }
        }
    }

    private static Map<Hyperparameter, Range> complete(Map<Hyperparameter, Range> given) {
        Map<Hyperparameter, Range> all = new EnumMap<>(Hyperparameter.class);
        for (Hyperparameter setting : Hyperparameter.values()) {
            try {
                all.put(setting, setting.checked(given.getOrDefault(setting, setting.usual())));
            } catch (ArgumentException e) {
                throw new ArgumentException("space", e.argument() + ": " + e.value(), e.remedy(), e);
            }
        }
        return Collections.unmodifiableMap(all);
    }

    /** {@return the shape of the input without samples, {@code [C, size...]}} */
    public long[] inputShape() {
        return inputShape.clone();
    }

    /** {@return what each setting may be, of all settings} */
    public Map<Hyperparameter, Range> ranges() {
        return ranges;
    }

    /** Arbiter's spaces of the settings, in the order of a candidate's numbers. */
    Collection<ParameterSpace<?>> leaves() {
        return leaves.byName().values();
    }

    /** The network of a candidate of Arbiter. */
    @Override
    public GraphConfiguration getValue(double[] values) {
        return new GraphConfiguration(model(settings(values)).conf(), null, epochs);
    }

    /**
     * The settings of a candidate.
     *
     * @param values {@link #numParameters()} numbers in [0, 1]
     * @return its settings, less what does not apply
     */
    public Hyperparameters settings(double[] values) {
        return leaves.settings(values);
    }

    /**
     * The network with those settings.
     *
     * @param settings of a candidate of this space
     * @return the network, not yet initialised
     */
    public NetworkModel model(Hyperparameters settings) {
        SpatialDims dims = SpatialDims.of(inputShape.length - 1);
        NetworkSpec spec = NetworkSpec.builder(settings.family(), settings.network(), dims)
                .set(settings.geometry()
                        .with(SpecOption.IN_PLANES, inputShape[0])
                        .withRead(
                                settings.network() == Network.ENCODER ? SpecOption.OUT_LENGTH : SpecOption.OUT_PLANES,
                                outputs))
                .build();
        return NetworkModel.builder(spec, Arrays.copyOfRange(inputShape, 1, inputShape.length))
                .configuration(settings.fit(networkSeed))
                .seed(networkSeed)
                .task(task)
                .build();
    }

    @Override
    public int numParameters() {
        return leaves.dimensions();
    }

    @Override
    @SuppressWarnings("rawtypes") // Arbiter's signature
    public Map<String, ParameterSpace> getNestedSpaces() {
        return new LinkedHashMap<>(leaves.byName());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ZooSpace that
                && Arrays.equals(inputShape, that.inputShape)
                && outputs == that.outputs
                && task == that.task
                && networkSeed == that.networkSeed
                && epochs == that.epochs
                && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(inputShape), outputs, task, networkSeed, epochs, ranges);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof ZooSpace;
    }

    /**
     * Begins a space for data of that shape.
     *
     * @param inputShape {@code [C, size...]} with 1 to 3 sizes, all at least 1
     * @return the rest at its defaults
     */
    public static Builder builder(long... inputShape) {
        return new Builder(inputShape);
    }

    /** Collects what a space is made of. */
    public static final class Builder {
        private final long[] inputShape;
        private final Map<Hyperparameter, Range> ranges = new EnumMap<>(Hyperparameter.class);
        private int outputs = 1;
        private Task task = Task.REGRESSION;
        private long seed = DEFAULT_SEED;
        private int epochs = 1;

        private Builder(long... inputShape) {
            this.inputShape = inputShape.clone();
        }

        /**
         * Channels of the output, or classes. Default: 1.
         *
         * @param outputs at least 1
         * @return this
         */
        public Builder outputs(int outputs) {
            this.outputs = outputs;
            return this;
        }

        /**
         * Loss and output activation. Default: regression.
         *
         * @param task what the networks are to answer
         * @return this
         */
        public Builder task(Task task) {
            this.task = task;
            return this;
        }

        /**
         * Seed of the initial parameters, the same for all candidates. Default: 12345.
         *
         * @param seed any
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Epochs that Arbiter's own tasks train. Default: 1.
         *
         * @param epochs at least 1
         * @return this
         */
        public Builder epochs(int epochs) {
            this.epochs = epochs;
            return this;
        }

        /**
         * What a setting may be. Default: {@link Hyperparameter#usual()}.
         *
         * @param setting the setting
         * @param range values that it can take; checked by {@link #build()}
         * @return this
         */
        public Builder set(Hyperparameter setting, Range range) {
            ranges.put(setting, range);
            return this;
        }

        /**
         * {@link #set(Hyperparameter, Range)} of several.
         *
         * @param several ranges by setting; others stay as they are
         * @return this
         */
        public Builder set(Map<Hyperparameter, Range> several) {
            ranges.putAll(several);
            return this;
        }

        /**
         * The space.
         *
         * @return what was collected
         * @throws ArgumentException if the shape or a number is out of range, a range has a value that its setting cannot take,
         *     or the networks include the decoder
         */
        public ZooSpace build() {
            return new ZooSpace(inputShape, outputs, task, seed, epochs, ranges);
        }
    }
}
