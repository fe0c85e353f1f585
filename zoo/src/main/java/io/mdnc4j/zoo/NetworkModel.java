package io.mdnc4j.zoo;

import io.mdnc4j.blocks.Activator;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.LayerOrder;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import io.mdnc4j.blocks.learning.RandomSeed;
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
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * What the ten ZooModels have in common. The number of dimensions follows from the input shape: {@code {C, L}},
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

    static final String INPUT_SHAPE = "inputShape";

    /** Size of the inputs along each axis that a network is described with unless another is given. */
    private static final long USUAL_SIZE = 64;

    /** Immutable; another one only after {@link #setInputShape}. */
    private volatile ModelSettings settings;

    /** The model with those settings, which are its own. */
    NetworkModel(ModelSettings settings) {
        this.settings = settings;
    }

    /**
     * {@return settings of the model or preset with that name, such as {@code resnet.ae1d} or {@code conv.unet29-3d}}
     *
     * @param name the name, in any case
     * @throws ArgumentException if no model has that name
     */
    public static Builder<? extends NetworkModel> builder(String name) {
        ModelName model = ModelName.parse(name);
        Builder<? extends NetworkModel> builder = ModelZoo.builder(model.family(), model.requiredNetwork());
        builder.dims = model.dims();
        return model.preset() == null ? builder : builder.set(model.preset().values());
    }

    /**
     * {@return settings of the model with that geometry}
     *
     * @param spec what is described
     * @param size spatial size of the input, one number an axis; decoders fix their own
     * @throws ArgumentException if the size has not one number an axis, or one below 1
     */
    public static Builder<? extends NetworkModel> builder(NetworkSpec spec, long... size) {
        Builder<? extends NetworkModel> builder = ModelZoo.builder(spec.family(), spec.network());
        builder.dims = spec.dims();
        builder.set(spec.values());
        if (spec.network() != Network.DECODER) {
            spec.inputType(size); // refuses sizes that no input has
            builder.size = Arrays.stream(size).boxed().toList();
        }
        return builder;
    }

    /**
     * {@return the checked geometry}
     */
    public NetworkSpec spec() {
        return settings.spec();
    }

    @Override
    public String modelName() {
        return spec().modelName();
    }

    /**
     * {@return the configuration's builder, complete with output layer and input type}
     */
    public GraphBuilder graphBuilder() {
        ModelSettings settings = this.settings;
        NetworkSpec spec = settings.spec();
        NeuralNetConfiguration.Builder global = new NeuralNetConfiguration.Builder()
                .seed(RandomSeed.of(settings.seed()))
                .updater(settings.updater().clone()) // networks change its learning rate
                .cacheMode(settings.cacheMode())
                .trainingWorkspaceMode(settings.workspaceMode())
                .inferenceWorkspaceMode(settings.workspaceMode());
        settings.configuration().accept(global);
        GraphBuilder builder = global.graphBuilder();
        spec.addTo(
                builder,
                settings.weightInit(),
                last -> builder.addLayer(
                        OUTPUT,
                        new SpatialLossLayer.Builder(settings.lossFunction())
                                .activation(settings.outputActivation())
                                .build(),
                        last));
        return builder.setOutputs(OUTPUT).setInputTypes(settings.inputType());
    }

    /**
     * {@return the network's configuration}
     */
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

    /**
     * {@return a network of this configuration whose parameters are yet to be set, all of them}
     */
    public ComputationGraph initUnset() {
        ComputationGraph network = new InPlaceComputationGraph(conf());
        long parameters = StoredConfiguration.parameters(network.getConfiguration());
        network.init(Nd4j.createUninitialized(network.getConfiguration().getDataType(), 1, parameters), false);
        return network;
    }

    /**
     * Sets the shape of the input, {@code {{C, size...}}}, of this model only.
     *
     * @throws ArgumentException if it is not the shape of one input with channels and 1 to 3 axes, or if this is a
     *     decoder, whose input follows from its other settings
     */
    @Override
    public void setInputShape(int[][] inputShape) {
        if (inputShape == null || inputShape.length != 1) {
            throw new ArgumentException(
                    "inputShape", inputShape, "give {{C, size...}}, since these networks have one input");
        }
        settings = settings.withInputShape(inputShape[0]);
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // part of DL4J's interface
    public ModelMetaData metaData() {
        int[] shape = Arrays.stream(settings.inputType().getShape(false))
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
     * {@return a pretrained network that this library comes with; {@link Pretrained#names()} lists them}
     *
     * @param name the name, in any case
     * @throws ArgumentException if there is none of that name
     * @throws IOException if it cannot be read
     */
    public static ComputationGraph initPretrained(String name) throws IOException {
        return Pretrained.named(name).load();
    }

    private Optional<Pretrained> pretrained(PretrainedType type) {
        return Optional.ofNullable(settings.pretrained().get(type)).or(() -> ShippedModels.TABLE.of(modelName(), type));
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
        private final Function<ModelSettings, M> create;

        private @Nullable SpatialDims dims;
        private SpecValues values;
        private List<Long> size = List.of();

        private long seed = 12345;
        private IUpdater updater = new Adam(1e-3);
        private @Nullable IWeightInit weightInit;
        private CacheMode cacheMode = CacheMode.NONE;
        private WorkspaceMode workspaceMode = WorkspaceMode.ENABLED;
        private @Nullable Task task;
        private @Nullable ILossFunction lossFunction;
        private @Nullable IActivation outputActivation;
        private Consumer<NeuralNetConfiguration.Builder> configuration = builder -> {};
        private final Map<PretrainedType, Pretrained> pretrained = new EnumMap<>(PretrainedType.class);

        Builder(Family family, Network network, Function<ModelSettings, M> create) {
            this.family = family;
            this.network = network;
            this.create = create;
            this.values = Network.DOUBLING.contains(network)
                    ? SpecValues.NONE.with(SpecOption.LAYERS, List.of(2, 2, 2))
                    : SpecValues.NONE;
        }

        /**
         * Sets an option of the geometry; {@code null} for what it is unless given.
         *
         * @param <T> type of the option's values
         * @param option the option
         * @param value its value; {@code null} for what it is unless given
         * @return this builder
         * @throws ArgumentException if the value is out of range
         */
        public <T> Builder<M> set(SpecOption<T> option, @Nullable T value) {
            values = values.with(option, value);
            return this;
        }

        /**
         * Sets the options of the geometry that are given there.
         *
         * @param given what is given
         * @return this builder
         */
        public Builder<M> set(SpecValues given) {
            values = values.with(given);
            return this;
        }

        private <T> Builder<M> read(SpecOption<T> option, Object given) {
            return set(option, option.read(given));
        }

        /**
         * Shape of the input without samples, {@code C, size...}; not of decoders. Default: one channel, 64 an axis, or as much
         * more as the network's strides need.
         *
         * @param inputShape channels and sizes
         * @return this builder
         * @throws ArgumentException if it is no such shape, or has other dimensions than the model
         */
        public Builder<M> inputShape(int... inputShape) {
            ArgumentException.require(
                    network != Network.DECODER,
                    INPUT_SHAPE,
                    inputShape,
                    "leave it out, since a decoder's input follows from outSize, inLength, channel and layers");
            ModelSettings.requireShape(inputShape);
            SpatialDims given = SpatialDims.of(inputShape.length - 1);
            ArgumentException.require(
                    dims == null || dims == given,
                    INPUT_SHAPE,
                    inputShape,
                    "give channels and one number for each of the model's spatial dimensions");
            size = Arrays.stream(inputShape).skip(1).asLongStream().boxed().toList();
            return set(SpecOption.IN_PLANES, (long) inputShape[0]);
        }

        /**
         * Kind of block. Default: the family's first, bottleneck in residual networks.
         *
         * @param block kind of block
         * @return this builder
         */
        public Builder<M> block(BlockKind block) {
            return set(SpecOption.BLOCK, block);
        }

        /**
         * Channels of the outermost stages; they double from stage to stage. Default: 64.
         *
         * @param channel at least 1
         * @return this builder
         */
        public Builder<M> channel(int channel) {
            return set(SpecOption.CHANNEL, channel);
        }

        /**
         * Blocks of each stage, at least two stages. Default: 2, 2, 2; in nnunet networks, of the stages of the encoder, by
         * default as many as {@code features} and the like are given for, or 6: 2 units each, or 1, 3, 4, 6, 6 ... residual
         * blocks.
         *
         * @param layers at least 1 each, 2 to 16 stages
         * @return this builder
         */
        public Builder<M> layers(int... layers) {
            return read(SpecOption.LAYERS, layers);
        }

        /**
         * Kernel size: one odd number, or one an axis. An axis with 1 is never scaled. Default: 3.
         *
         * @param kernelSize odd, at least 1
         * @return this builder
         */
        public Builder<M> kernelSize(int... kernelSize) {
            return read(SpecOption.KERNEL_SIZE, kernelSize);
        }

        /**
         * Channels of each stage of an nnunet network. Default: 32, doubling up to 512, in three dimensions 320.
         *
         * @param features at least 1 each, 2 to 16 stages
         * @return this builder
         */
        public Builder<M> features(int... features) {
            return read(SpecOption.FEATURES, features);
        }

        /**
         * Kernel size of each stage of an nnunet network, or one for all: odd, one number or one an axis. Default: 3.
         *
         * @param kernels a size a stage
         * @return this builder
         */
        public Builder<M> kernels(int[]... kernels) {
            return read(SpecOption.KERNELS, kernels);
        }

        /**
         * Stride of each stage of an nnunet network, one number or one an axis; 1 in the first. Default: 2 in the others.
         *
         * @param strides a stride a stage
         * @return this builder
         */
        public Builder<M> strides(int[]... strides) {
            return read(SpecOption.STRIDES, strides);
        }

        /**
         * Units of each stage of an nnunet network's decoder, the deepest first. Default: 2 behind a plain encoder, 1 behind a
         * residual one.
         *
         * @param decoderLayers at least 1 each, one less than stages
         * @return this builder
         */
        public Builder<M> decoderLayers(int... decoderLayers) {
            return read(SpecOption.DECODER_LAYERS, decoderLayers);
        }

        /**
         * Whether convolutions of an nnunet network have a bias. Default: true.
         *
         * @param bias whether they have
         * @return this builder
         */
        public Builder<M> bias(boolean bias) {
            return set(SpecOption.BIAS, bias);
        }

        /**
         * Whether training supervises the outputs of all stages of an nnunet network's decoder but the deepest, with weights
         * 1, 1/2, 1/4 ... divided by their sum. Default: true.
         *
         * @param deepSupervision whether it does
         * @return this builder
         */
        public Builder<M> deepSupervision(boolean deepSupervision) {
            return set(SpecOption.DEEP_SUPERVISION, deepSupervision);
        }

        /**
         * Channels of the output; not of encoders. Default: 1, in nnunet networks 2.
         *
         * @param outPlanes channels of the output, at least 1
         * @return this builder
         */
        public Builder<M> outPlanes(long outPlanes) {
            return set(SpecOption.OUT_PLANES, outPlanes);
        }

        /**
         * Length of an encoder's vector, 0 for a map of features. Default: 2.
         *
         * @param outLength at least 0
         * @return this builder
         */
        public Builder<M> outLength(int outLength) {
            return set(SpecOption.OUT_LENGTH, outLength);
        }

        /**
         * Length of a decoder's vector, 0 for a map of features. Default: 2.
         *
         * @param inLength at least 0
         * @return this builder
         */
        public Builder<M> inLength(int inLength) {
            return set(SpecOption.IN_LENGTH, inLength);
        }

        /**
         * Spatial size of a decoder's output, one number an axis.
         *
         * @param outSize at least 1
         * @return this builder
         */
        public Builder<M> outSize(long... outSize) {
            return read(SpecOption.OUT_SIZE, outSize);
        }

        /**
         * Normalisation in the units of all blocks. Default: affine instance normalisation.
         *
         * @param normalizer the normalisation
         * @return this builder
         */
        public Builder<M> normalizer(Normalizer normalizer) {
            return set(SpecOption.NORMALIZER, normalizer);
        }

        /**
         * Activation in the units of all blocks. Default: PReLU.
         *
         * @param activator the activation
         * @return this builder
         */
        public Builder<M> activator(Activator activator) {
            return set(SpecOption.ACTIVATOR, activator);
        }

        /**
         * Order of the layers in the units of all blocks. Default: normalisation first.
         *
         * @param layerOrder the order
         * @return this builder
         */
        public Builder<M> layerOrder(LayerOrder layerOrder) {
            return set(SpecOption.LAYER_ORDER, layerOrder);
        }

        /**
         * Seed of the initial parameters. Default: 12345.
         *
         * @param seed any number
         * @return this builder
         */
        public Builder<M> seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Updater. Default: Adam with learning rate 1e-3.
         *
         * @param updater is copied
         * @return this builder
         */
        public Builder<M> updater(IUpdater updater) {
            this.updater = updater.clone();
            return this;
        }

        /**
         * Initial weights of convolutions and linear maps. Default: PyTorch's, uniform in +-1/sqrt(fanIn).
         *
         * @param weightInit {@code null} for PyTorch's
         * @return this builder
         */
        public Builder<M> weightInit(IWeightInit weightInit) {
            this.weightInit = weightInit;
            return this;
        }

        /**
         * DL4J's cache mode. Default: none.
         *
         * @param cacheMode the mode
         * @return this builder
         */
        public Builder<M> cacheMode(CacheMode cacheMode) {
            this.cacheMode = cacheMode;
            return this;
        }

        /**
         * DL4J's workspace mode in training and at inference. Default: enabled.
         *
         * @param workspaceMode the mode
         * @return this builder
         */
        public Builder<M> workspaceMode(WorkspaceMode workspaceMode) {
            this.workspaceMode = workspaceMode;
            return this;
        }

        /**
         * Loss and output activation. Default: classification for an encoder to a vector, segmentation for nnunet networks,
         * regression otherwise.
         *
         * @param task its code; may be {@code null}
         * @return this builder
         */
        public Builder<M> task(Task task) {
            this.task = task;
            return this;
        }

        /**
         * Loss, instead of the task's; its mean over positions is taken.
         *
         * @param lossFunction the loss
         * @return this builder
         */
        public Builder<M> lossFunction(ILossFunction lossFunction) {
            this.lossFunction = lossFunction;
            return this;
        }

        /**
         * Output activation, instead of the task's.
         *
         * @param outputActivation the activation
         * @return this builder
         */
        public Builder<M> outputActivation(IActivation outputActivation) {
            this.outputActivation = outputActivation;
            return this;
        }

        /**
         * Further network-wide settings of DL4J: data type, l2, gradient clipping ... Default: none.
         *
         * @param configuration is called for each network that is described
         * @return this builder
         */
        public Builder<M> configuration(Consumer<NeuralNetConfiguration.Builder> configuration) {
            this.configuration = configuration;
            return this;
        }

        /**
         * Registers a pretrained network for {@link NetworkModel#initPretrained(PretrainedType)}; nothing is read yet.
         *
         * @param type DL4J's kind of training data
         * @param location a {@code file:}, {@code http:} or {@code https:} location of a model file
         * @param sha256 its SHA-256 in hexadecimal
         * @return this builder
         */
        public Builder<M> pretrained(PretrainedType type, URI location, String sha256) {
            pretrained.put(type, Pretrained.at(location, sha256));
            return this;
        }

        /**
         * {@return the model} It keeps a description of its own: what is set here later is for other models.
         *
         * @throws ArgumentException if a setting is out of range, missing or not one of this network
         */
        public M build() {
            NetworkSpec spec = new NetworkSpec(family, network, dims(), values);
            Task chosen = task == null ? usualTask(spec) : task;
            return create.apply(new ModelSettings(
                    spec,
                    dims != null,
                    size.isEmpty()
                            ? Arrays.stream(spec.sizeFrom(USUAL_SIZE)).boxed().toList()
                            : size,
                    seed,
                    updater.clone(),
                    weightInit,
                    cacheMode,
                    workspaceMode,
                    lossFunction == null ? chosen.loss() : lossFunction,
                    outputActivation == null ? chosen.activation() : outputActivation,
                    configuration,
                    pretrained));
        }

        /** The dimensions given by name, by the input's shape or by the output's size. */
        private SpatialDims dims() {
            List<Long> given = network == Network.DECODER ? values.getOr(SpecOption.OUT_SIZE, List.of()) : size;
            if (dims != null) {
                return dims;
            }
            return given.isEmpty() ? SpatialDims.TWO : SpatialDims.of(given.size());
        }

        private static Task usualTask(NetworkSpec spec) {
            if (spec.outLength() > 0) {
                return Task.CLASSIFICATION;
            }
            return spec.family() == Family.NNUNET ? Task.SEGMENTATION : Task.REGRESSION;
        }
    }
}
