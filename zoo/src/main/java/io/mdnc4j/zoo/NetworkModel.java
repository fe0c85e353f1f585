package io.mdnc4j.zoo;

import io.mdnc4j.blocks.BlockKind;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.zoo.ModelMetaData;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.ZooType;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * What the eight ZooModels have in common. The number of dimensions follows from the input shape: {@code {C, L}},
 * {@code {C, H, W}} or {@code {C, D, H, W}}; of decoders from the output size.
 *
 * <p>{@link #init()} gives a plain {@link ComputationGraph} with one input, {@code "input"}, and one output,
 * {@code "output"}, a {@link SpatialLossLayer}. An initialised U-Net, auto-encoder or encoder takes inputs of any spatial
 * size and batch, whatever size it was described with.
 */
@SuppressWarnings("unchecked") // DL4J declares <M extends Model> M init()
public abstract class NetworkModel extends ZooModel<NetworkModel> {
    /** Name of the output layer. */
    public static final String OUTPUT = "output";

    private final Builder<?> settings;

    /** The model with those settings, checked. */
    protected NetworkModel(Builder<?> settings) {
        this.settings = settings;
        spec();
    }

    /**
     * Settings of the model or preset with that name, such as {@code resnet.ae1d} or {@code conv.unet29-3d}.
     *
     * @throws IllegalArgumentException if no model has that name
     */
    public static Builder<? extends NetworkModel> builder(String name) {
        ModelName model = ModelName.parse(name);
        Builder<? extends NetworkModel> builder = ModelZoo.builder(model.family(), model.network());
        builder.dims(model.dims());
        return model.preset() == null
                ? builder
                : builder.block(model.preset().block()).layers(model.preset().layers());
    }

    /**
     * Settings of the model with that geometry.
     *
     * @param size spatial size of the input, one number an axis; decoders fix their own
     */
    public static Builder<? extends NetworkModel> builder(NetworkSpec spec, long... size) {
        Builder<? extends NetworkModel> builder = ModelZoo.builder(spec.family(), spec.network());
        builder.dims(spec.dims())
                .block(spec.block())
                .channel(spec.channel())
                .layers(spec.layers())
                .kernelSize(spec.kernel());
        builder.outPlanes = spec.network().has(Network.Option.OUT_PLANES) ? spec.outPlanes() : null;
        builder.outLength = spec.network().has(Network.Option.OUT_LENGTH) ? spec.outLength() : null;
        builder.inLength = spec.network().has(Network.Option.IN_LENGTH) ? spec.inLength() : null;
        builder.outSize = spec.outSize();
        if (spec.network() != Network.DECODER) {
            builder.inputShape(Arrays.stream(spec.inputType(size).getShape(false))
                    .mapToInt(Math::toIntExact)
                    .toArray());
        }
        return builder;
    }

    /** The checked geometry. */
    public NetworkSpec spec() {
        return settings.spec();
    }

    @Override
    public String modelName() {
        return spec().modelName();
    }

    /** The configuration's builder, complete with output layer and input type. */
    public GraphBuilder graphBuilder() {
        NetworkSpec spec = spec();
        NeuralNetConfiguration.Builder global = new NeuralNetConfiguration.Builder()
                .seed(settings.seed)
                .updater(settings.updater)
                .cacheMode(settings.cacheMode)
                .trainingWorkspaceMode(settings.workspaceMode)
                .inferenceWorkspaceMode(settings.workspaceMode);
        settings.configuration.accept(global);
        GraphBuilder builder = global.graphBuilder();
        Task task = settings.task();
        spec.addTo(
                builder,
                settings.weightInit,
                last -> builder.addLayer(
                        OUTPUT,
                        new SpatialLossLayer.Builder(
                                        settings.lossFunction == null ? task.loss() : settings.lossFunction)
                                .activation(
                                        settings.outputActivation == null
                                                ? task.activation()
                                                : settings.outputActivation)
                                .build(),
                        last));
        return builder.setOutputs(OUTPUT).setInputTypes(spec.inputType(settings.inputSize()));
    }

    /** The network's configuration. */
    public ComputationGraphConfiguration conf() {
        return graphBuilder().build();
    }

    /** A network of this configuration with fresh parameters, the same for the same seed. */
    @Override
    public ComputationGraph init() {
        ComputationGraph network = new InPlaceComputationGraph(conf());
        network.init();
        return network;
    }

    /** A network of this configuration whose parameters are yet to be set, all of them. */
    public ComputationGraph initUnset() {
        ComputationGraph network = new InPlaceComputationGraph(conf());
        long parameters = StoredConfiguration.parameters(network.getConfiguration());
        network.init(Nd4j.createUninitialized(network.getConfiguration().getDataType(), 1, parameters), false);
        return network;
    }

    /**
     * Sets the shape of the input, {@code {{C, size...}}}.
     *
     * @throws IllegalArgumentException if it is not the shape of one input with channels and 1 to 3 axes, or if this is a
     *     decoder, whose input follows from its other settings
     */
    @Override
    public void setInputShape(int[][] inputShape) {
        if (inputShape == null || inputShape.length != 1) {
            throw new IllegalArgumentException("inputShape: " + Arrays.deepToString(inputShape)
                    + "; these networks have one input, give {{C, size...}}");
        }
        settings.inputShape(inputShape[0]);
        spec();
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // part of DL4J's interface
    public ModelMetaData metaData() {
        int[] shape = Arrays.stream(spec().inputType(settings.inputSize()).getShape(false))
                .mapToInt(Math::toIntExact)
                .toArray();
        return new ModelMetaData(new int[][] {shape}, 1, ZooType.CNN);
    }

    @Override
    public Class<? extends Model> modelType() {
        return ComputationGraph.class;
    }

    /** Where the pretrained network of that kind is; {@code null} if there is none. */
    @Override
    public String pretrainedUrl(PretrainedType type) {
        return pretrained(type).map(found -> found.location().toString()).orElse(null);
    }

    /** DL4J's Adler-32 is not used; {@link Builder#pretrained} takes a SHA-256. */
    @Override
    public long pretrainedChecksum(PretrainedType type) {
        return 0;
    }

    /**
     * The pretrained network of the only kind there is; see {@link #initPretrained(PretrainedType)}.
     *
     * @throws UnsupportedOperationException if there is none, or there are several
     * @throws IOException if it cannot be fetched or read, or has another SHA-256
     */
    @Override
    public ComputationGraph initPretrained() throws IOException {
        List<PretrainedType> types = pretrainedTypes();
        if (types.size() != 1) {
            throw new UnsupportedOperationException("pretrainedType: not given, and pretrained networks of "
                    + modelName() + " are there for " + (types.isEmpty() ? "no kind" : types) + "; name one");
        }
        return initPretrained(types.get(0));
    }

    /**
     * The pretrained network of that kind, from where {@link Builder#pretrained} said or else shipped with this library,
     * with its own geometry, whatever this model's settings. Its SHA-256 is verified before it is read.
     *
     * @throws UnsupportedOperationException if there is none
     * @throws IOException if it cannot be fetched or read, or has another SHA-256
     */
    @Override
    public ComputationGraph initPretrained(PretrainedType type) throws IOException {
        return pretrained(type)
                .orElseThrow(() -> new UnsupportedOperationException("pretrainedType: no " + type
                        + " weights are there for " + modelName() + ", only for " + pretrainedTypes()
                        + "; name a file with Builder.pretrained"))
                .load();
    }

    /**
     * A pretrained network that this library comes with; {@link Pretrained#names()} lists them.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws IOException if it cannot be read
     */
    public static ComputationGraph initPretrained(String name) throws IOException {
        return Pretrained.named(name).load();
    }

    private Optional<Pretrained> pretrained(PretrainedType type) {
        return Optional.ofNullable(settings.pretrained.get(type)).or(() -> ShippedModels.TABLE.of(modelName(), type));
    }

    private List<PretrainedType> pretrainedTypes() {
        return Arrays.stream(PretrainedType.values())
                .filter(this::pretrainedAvailable)
                .toList();
    }

    /**
     * Settings of a model. Those that the network does not have (an encoder's {@code outLength} for a U-Net) are refused.
     *
     * @param <M> the model
     */
    public static final class Builder<M extends NetworkModel> {
        private final Family family;
        private final Network network;
        private final Function<Builder<M>, M> create;

        private int[] inputShape;
        private SpatialDims dims;
        private BlockKind block;
        private int channel = 64;
        private int[] layers = {2, 2, 2};
        private int[] kernelSize = {3};
        private Long outPlanes;
        private Integer outLength;
        private Integer inLength;
        private long[] outSize;

        private long seed = 12345;
        private IUpdater updater = new Adam(1e-3);
        private IWeightInit weightInit;
        private CacheMode cacheMode = CacheMode.NONE;
        private WorkspaceMode workspaceMode = WorkspaceMode.ENABLED;
        private Task task;
        private ILossFunction lossFunction;
        private IActivation outputActivation;
        private Consumer<NeuralNetConfiguration.Builder> configuration = builder -> {};
        private final Map<PretrainedType, Pretrained> pretrained = new EnumMap<>(PretrainedType.class);

        Builder(Family family, Network network, Function<Builder<M>, M> create) {
            this.family = family;
            this.network = network;
            this.create = create;
        }

        /** Shape of the input without samples, {@code C, size...}; not of decoders. Default: one channel, 64 an axis. */
        public Builder<M> inputShape(int... inputShape) {
            if (network == Network.DECODER) {
                throw new IllegalArgumentException("inputShape: " + Arrays.toString(inputShape)
                        + "; a decoder's input follows from outSize, inLength, channel and layers, leave it out");
            }
            if (inputShape.length < 2 || Arrays.stream(inputShape).anyMatch(length -> length < 1)) {
                throw new IllegalArgumentException("inputShape: " + Arrays.toString(inputShape)
                        + "; give channels and 1 to 3 sizes, all at least 1, such as 3, 64, 64");
            }
            SpatialDims given = SpatialDims.of(inputShape.length - 1);
            if (dims != null && dims != given) {
                throw new IllegalArgumentException("inputShape: " + Arrays.toString(inputShape) + " has "
                        + given.count() + " spatial dimensions, the model " + dims.count());
            }
            this.inputShape = inputShape.clone();
            return this;
        }

        private Builder<M> dims(SpatialDims dims) {
            this.dims = dims;
            return this;
        }

        /** Kind of block. Default: the family's. */
        public Builder<M> block(BlockKind block) {
            this.block = block;
            return this;
        }

        /** Channels of the outermost stages. Default: 64. */
        public Builder<M> channel(int channel) {
            this.channel = channel;
            return this;
        }

        /** Blocks of each stage, at least two stages. Default: 2, 2, 2. */
        public Builder<M> layers(int... layers) {
            this.layers = layers.clone();
            return this;
        }

        /** Kernel size: one odd number, or one an axis. Default: 3. */
        public Builder<M> kernelSize(int... kernelSize) {
            this.kernelSize = kernelSize.clone();
            return this;
        }

        /** Channels of the output; not of encoders. Default: 1. */
        public Builder<M> outPlanes(long outPlanes) {
            this.outPlanes = outPlanes;
            return this;
        }

        /** Length of an encoder's vector, 0 for a map of features. Default: 2. */
        public Builder<M> outLength(int outLength) {
            this.outLength = outLength;
            return this;
        }

        /** Length of a decoder's vector, 0 for a map of features. Default: 2. */
        public Builder<M> inLength(int inLength) {
            this.inLength = inLength;
            return this;
        }

        /** Spatial size of a decoder's output, one number an axis. */
        public Builder<M> outSize(long... outSize) {
            this.outSize = outSize.clone();
            return this;
        }

        /** Seed of the initial parameters. Default: 12345. */
        public Builder<M> seed(long seed) {
            this.seed = seed;
            return this;
        }

        /** Updater. Default: Adam with learning rate 1e-3. */
        public Builder<M> updater(IUpdater updater) {
            this.updater = updater;
            return this;
        }

        /** Initial weights of convolutions and linear maps. Default: PyTorch's, uniform in +-1/sqrt(fanIn). */
        public Builder<M> weightInit(IWeightInit weightInit) {
            this.weightInit = weightInit;
            return this;
        }

        /** DL4J's cache mode. Default: none. */
        public Builder<M> cacheMode(CacheMode cacheMode) {
            this.cacheMode = cacheMode;
            return this;
        }

        /** DL4J's workspace mode in training and at inference. Default: enabled. */
        public Builder<M> workspaceMode(WorkspaceMode workspaceMode) {
            this.workspaceMode = workspaceMode;
            return this;
        }

        /** Loss and output activation. Default: classification for an encoder to a vector, regression otherwise. */
        public Builder<M> task(Task task) {
            this.task = task;
            return this;
        }

        /** Loss, instead of the task's; its mean over positions is taken. */
        public Builder<M> lossFunction(ILossFunction lossFunction) {
            this.lossFunction = lossFunction;
            return this;
        }

        /** Output activation, instead of the task's. */
        public Builder<M> outputActivation(IActivation outputActivation) {
            this.outputActivation = outputActivation;
            return this;
        }

        /** Further network-wide settings of DL4J: data type, l2, gradient clipping ... Default: none. */
        public Builder<M> configuration(Consumer<NeuralNetConfiguration.Builder> configuration) {
            this.configuration = configuration;
            return this;
        }

        /**
         * Registers a pretrained network for {@link NetworkModel#initPretrained(PretrainedType)}; nothing is read yet.
         *
         * @param location a {@code file:}, {@code http:} or {@code https:} location of a model file
         * @param sha256 its SHA-256 in hexadecimal
         */
        public Builder<M> pretrained(PretrainedType type, URI location, String sha256) {
            pretrained.put(type, Pretrained.at(location, sha256));
            return this;
        }

        /**
         * The model.
         *
         * @throws IllegalArgumentException if a setting is out of range, missing or not one of this network
         */
        public M build() {
            return create.apply(this);
        }

        private SpatialDims dims() {
            if (network == Network.DECODER) {
                return dims != null || outSize == null ? orTwo(dims) : SpatialDims.of(outSize.length);
            }
            return inputShape == null ? orTwo(dims) : SpatialDims.of(inputShape.length - 1);
        }

        private static SpatialDims orTwo(SpatialDims dims) {
            return dims == null ? SpatialDims.TWO : dims;
        }

        private long[] inputSize() {
            return inputShape == null
                    ? dims().perAxis("inputShape", 64L)
                    : Arrays.stream(inputShape).skip(1).asLongStream().toArray();
        }

        private Task task() {
            boolean vector = network == Network.ENCODER && (outLength == null || outLength > 0);
            return task != null ? task : vector ? Task.CLASSIFICATION : Task.REGRESSION;
        }

        private NetworkSpec spec() {
            return NetworkSpec.builder(family, network, dims())
                    .block(block)
                    .channel(channel)
                    .layers(layers)
                    .kernelSize(kernelSize)
                    .inPlanes(inputShape == null ? null : Long.valueOf(inputShape[0]))
                    .outPlanes(outPlanes)
                    .outLength(outLength)
                    .inLength(inLength)
                    .outSize(outSize)
                    .build();
        }
    }
}
