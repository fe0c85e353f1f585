package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.backends.NativeConvolutions;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.objects.TouchingObjects;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelFileException;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelFolds;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.TrainedOn;
import io.mdnc4j.zoo.nnunet.Processing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uses a trained network on inputs of any size, in the units of the data: cuts overlapping windows of the size that it was
 * trained on ({@link SlidingWindows}), normalises each as the training did ({@link Standardization}), and blends the outputs.
 * Classification takes inputs whole.
 *
 * <pre>{@code
 * try (Predictor predictor = Predictor.read(Path.of("model.zip"))) {
 *     float[] denoised = predictor.predict(recording);                 // a signal of one channel
 *     float[] mask = predictor.predict(voxels, 1, 181, 217, 181);      // [C, D, H, W]
 *     INDArray outputs = predictor.predict(Nd4j.rand(8, 1, 64, 64));   // [N, C, H, W]
 * }
 * Predictor own = Predictor.builder(network, description).batch(4).overlap(0.25).build();
 * }</pre>
 *
 * <p><b>What is assumed of a description that does not say everything.</b> Without a {@linkplain ModelDescription#task task} the
 * output is taken as values at each position, as for regression. Without an {@linkplain ModelDescription#inputShape input shape}
 * inputs are taken whole unless {@link Builder#window} is given, any number of channels is left to the network to refuse, an
 * INDArray is one sample {@code [C, size...]}, and a flat {@code float[]} is a signal of one channel. Without a normalisation
 * values go in and come out as they are. An input whose window is constant has no deviation; where each sample is normalised by
 * its own, it is divided by 1.
 *
 * <p><b>Grids.</b> Inputs that say where their elements lie ({@link #predict(INDArray, Grid)}, {@link Example#grid}, files) are
 * compared with the grid of the description: within {@link Grid#TOLERANCE} they are used as they are; else, unless
 * {@link Builder#geometry} says otherwise, axes are exchanged and reversed, inputs resampled, and outputs brought back. What
 * says nothing of its grid, or of a description without one, is used as it is.
 *
 * <p><b>Classes of positions.</b> Outputs are probabilities; {@link #classes(INDArray)} tells the classes, cleaned as the description
 * says. {@link FilePredictions} writes those.
 *
 * <p><b>Several labels at once.</b> Outputs are a probability of each, whose sum is not 1; {@link #labels} tells which are there.
 * They are left as they are found.
 *
 * <p><b>Models of nnU-Net.</b> Of those ({@link #processing}) inputs are images {@code [C, z, y, x]}, also where the network
 * sees slices; they are cropped, normalised and resampled as nnU-Net does, and outputs are the probabilities of classes or
 * regions on the image's grid. Each image is in memory as a whole; {@link #predictUncertain} refuses them.
 *
 * <p><b>Inputs of another kind.</b> Where a description says what the network was trained on ({@link
 * ModelDescription#trainedOn}), inputs that are unlike that are computed like all others, and told of: {@link Builder#notes},
 * {@link #unlikeTraining}.
 *
 * <p><b>Threads.</b> Any number of threads may use one predictor; as many as {@link Builder#threads} says compute at a time,
 * others wait, each for one batch. Outputs are the same as those of one thread. Each call runs on its own thread, and calls
 * {@code consumer}s there.
 *
 * <p><b>Memory.</b> A predictor keeps the network's parameters, once, and for each thread that computes at the same time as
 * others another set of layer objects around them; the state of the updater is not kept of networks that are read. It keeps
 * nothing of inputs or outputs. Each thread that has computed keeps memory as large as the activations of the largest batch
 * that are needed at a time, until the thread is gone; where Deeplearning4j computes, these are ND4J's workspaces, until it
 * calls {@code Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread()}.
 * Parameters lie outside of the heap; {@link #close} gives them back at once, else the garbage collector does some time after
 * the last use. A network that was given to {@link #builder(ComputationGraph, ModelDescription)} is used as it is: training it
 * further changes what is predicted, and must not be done while threads predict.
 */
public final class Predictor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Predictor.class);

    private final List<Member> members;
    private final Flips flips;
    private final ModelDescription description;
    private final Task task;
    private final SlidingWindows windows;
    private final Decision decision;
    private final @Nullable Double threshold;
    private final Cleaning cleaning;
    private final boolean ignoringGrids;
    private final InputCheck check;
    private final TrainingFit fit;
    private final NetworkGrid grid;
    private final @Nullable ImagePreparation preparation;
    private final Grid assumed;
    private final Consumer<String> notes;

    private Predictor(Builder builder, SlidingWindows windows) {
        members = builder.models.stream()
                .map(model -> new Member(
                        new NetworkPool(model.network, model.owned, builder.threads, builder.precision),
                        model.description))
                .toList();
        description = members.get(0).description();
        flips = builder.flips;
        task = task(description);
        this.windows = windows;
        preparation = builder.processing == null ? null : new ImagePreparation(builder.processing);
        assumed = builder.assumed;
        notes = builder.notes;
        boolean regions =
                preparation != null && !preparation.processing().regionOrder().isEmpty();
        decision = regions ? Decision.regions(preparation.processing().regionOrder()) : builder.decision;
        threshold = builder.threshold;
        cleaning = builder.cleaning();
        ignoringGrids = builder.geometry == GridPolicy.IGNORE;
        check = new InputCheck(description.inputShape(), builder.finite);
        fit = new TrainingFit(description, windows.window().length == 0, builder.notes);
        grid = NetworkGrid.of(description, builder.assumed, builder.geometry, task.hasClasses(), builder.notes);
    }

    /**
     * Reads a network with its description, to be used with the default settings.
     *
     * @param model a model file with a description, as {@code train} and {@link ModelFiles#write(ComputationGraph,
     *     ModelDescription, Path)} write; of one with the networks of several folds ({@link ModelFolds}) the outputs are averaged;
     *     where there is no such file, the name of a {@link Pretrained} network that comes along,
     *     such as {@code ecg-denoiser}
     * @return the predictor, which {@link #close} frees of its parameters
     * @throws ModelFileException if the file cannot be read
     * @throws IOException if the network that comes along cannot be read
     * @throws ArgumentException if there is neither such a file nor such a name, the file has no description, or one that
     *     contradicts itself
     */
    public static Predictor read(Path model) throws IOException {
        return builder(model).build();
    }

    /**
     * Reads a network with its description.
     *
     * @param model as for {@link #read}, or a folder with the models of several trainings, as those of the folds of a
     *     cross-validation: files {@code model.zip} in it or in its folders, of which the outputs are averaged
     * @return a builder, for one predictor
     * @throws ModelFileException if a file cannot be read
     * @throws IOException if the network that comes along cannot be read
     * @throws ArgumentException if there is neither such a file nor such a name, or the file has no description
     */
    public static Builder builder(Path model) throws IOException {
        if (Files.isDirectory(model)) {
            List<Path> files = ModelFolder.models(model);
            Builder builder = builder(files.get(0));
            for (Path other : files.subList(1, files.size())) {
                builder.average(other);
            }
            return builder;
        }
        if (Files.exists(model)) {
            return read(model, ModelFiles.description(model).orElse(null));
        }
        ArgumentException.require(
                Pretrained.names().contains(model.toString()),
                "model",
                model + " is no file",
                "give a model file, or one of " + String.join(", ", Pretrained.names()));
        return builder(Pretrained.named(model.toString()));
    }

    /**
     * Reads a network with its description.
     *
     * @param model that comes along, or lies elsewhere
     * @return a builder, for one predictor
     * @throws IOException if it cannot be fetched or read
     * @throws ArgumentException if it has no description
     */
    public static Builder builder(Pretrained model) throws IOException {
        return model.read(file -> read(file, ModelFiles.description(file).orElse(null)));
    }

    private static Builder read(Path file, @Nullable ModelDescription description) throws IOException {
        if (description == null) {
            throw new ArgumentException(
                    "model",
                    file + " has no description",
                    "give one: Predictor.builder(ModelFiles.read(file), description)");
        }
        ComputationGraph network = ModelFiles.read(file);
        Optional<Processing> processing = Processing.in(file);
        if (processing.isPresent()) {
            return ofImages(file, network, description, processing.get());
        }
        Builder builder = new Builder(NetworkPool.replica(network), description, true);
        List<ModelDescription> others = ModelFolds.others(file);
        for (int i = 0; i < others.size(); i++) {
            INDArray parameters = ModelFolds.parameters(file, String.valueOf(i + 2), network);
            builder.models.add(new Builder.Model(NetworkPool.replica(network, parameters), others.get(i), true));
        }
        return builder;
    }

    /** The networks of all folds, which answer with logits. */
    private static Builder ofImages(
            Path file, ComputationGraph network, ModelDescription description, Processing processing)
            throws IOException {
        List<Long> shape = new ArrayList<>(List.of((long) processing.channels().size()));
        // a network of slices takes volumes, too: of windows with one
        int axes = processing.transpose().size();
        int first = axes - processing.patch().size();
        shape.addAll(Collections.nCopies(first, 1L));
        processing.patch().forEach(size -> shape.add((long) size));
        ModelDescription.Windows windows = description.windows();
        ModelDescription known = description
                .withInputShape(shape)
                .withWindows(new ModelDescription.Windows(
                        windows.overlap(),
                        windows.blend(),
                        windows.padding(),
                        windows.flip().stream().map(axis -> axis + first).toList(),
                        windows.evenTies()));
        Builder builder = new Builder(NetworkPool.ofLogits(network, network.params()), known, true);
        builder.processing = processing;
        builder.windows.halfPrecision(true).batch(1);
        for (String fold : processing.folds().subList(1, processing.folds().size())) {
            INDArray parameters = ModelFolds.parameters(file, fold, network);
            builder.models.add(new Builder.Model(NetworkPool.ofLogits(network, parameters), known, true));
        }
        return builder;
    }

    /**
     * A network in memory.
     *
     * @param network initialised, with one input {@code [N, C, size...]} and one output; {@link #close} leaves it alone
     * @param description what it knows of its data
     * @return a builder
     * @throws ArgumentException if the network is not so
     */
    public static Builder builder(ComputationGraph network, ModelDescription description) {
        ArgumentException.require(
                network.getVertices() != null, "network", "is not initialised", "call its init() first");
        ArgumentException.require(
                network.getNumInputArrays() == 1 && network.getNumOutputArrays() == 1,
                "network",
                "has " + network.getNumInputArrays() + " inputs and " + network.getNumOutputArrays() + " outputs",
                "give one with one of each, or use SlidingWindows with a function of your own");
        return new Builder(network, description, false);
    }

    /** What a network is for; {@link Task#REGRESSION} if its description does not say. */
    static Task task(ModelDescription description) {
        return description.task() == null ? Task.REGRESSION : Task.parse(description.task());
    }

    /**
     * Which channels of pictures a network takes.
     *
     * @param description what it knows of its data
     * @return those that it was trained on; all of them where it does not say and takes as many as pictures with opacity have
     * @throws ArgumentException if it has a name for them that there is not
     */
    public static Channels channels(ModelDescription description) {
        String known = description.trainedOn().channels();
        if (known != null) {
            return Coded.parse(Channels.class, "channels", known);
        }
        List<Long> shape = description.inputShape();
        boolean even = !shape.isEmpty() && shape.get(0) % 2 == 0;
        return even && description.trainedOn().equals(TrainedOn.UNKNOWN) ? Channels.ALL : Channels.COLOURS;
    }

    /** {@return what the network knows of its data} */
    public ModelDescription description() {
        return description;
    }

    /** {@return what the network is for; {@link Task#REGRESSION} if its description does not say} */
    public Task task() {
        return task;
    }

    /** {@return what is done with images before and after the networks, of a model of nnU-Net; empty for all others} */
    public Optional<Processing> processing() {
        return Optional.ofNullable(preparation).map(ImagePreparation::processing);
    }

    /**
     * Whether a file of a folder may be an input by its name.
     *
     * @param file it need not be there
     * @return whether its format is known; for a model of nnU-Net, whether it has the ending of its images and the number of a
     *     channel, as {@code head_0000.nii.gz}
     */
    public boolean isInput(Path file) {
        return preparation == null
                ? ArrayFiles.suffix(file).isPresent()
                : CaseFiles.isChannel(file, preparation.processing());
    }

    /**
     * The name of the input that a file is, or of which it has a channel.
     *
     * @param file it need not be there
     * @return for a model of nnU-Net the file without the number of a channel, {@code head.nii.gz} of {@code
     *     head_0000.nii.gz}, which need not be there; else the file itself
     */
    public Path inputName(Path file) {
        return cases(List.of(file)).get(0).name();
    }

    /** The inputs that files are. */
    List<CaseFiles> cases(List<Path> files) {
        return preparation == null
                ? files.stream().map(CaseFiles::of).toList()
                : CaseFiles.of(files, preparation.processing());
    }

    /** What stands for classes in files. */
    ClassNumbers classNumbers() {
        if (preparation == null) {
            return new ClassNumbers(description.classes());
        }
        Processing processing = preparation.processing();
        return ClassNumbers.upTo(
                processing.regionOrder().isEmpty()
                        ? processing.labels().size() - 1
                        : Collections.max(processing.regionOrder()));
    }

    /** {@return how inputs are cut; without a window they are taken whole} */
    public SlidingWindows windows() {
        return windows;
    }

    /**
     * The output for a signal, or for several channels of one.
     *
     * @param signal all channels that the network was trained on, one after the other
     * @return values, channel by channel, or one probability a class
     * @throws ArgumentException if the network was not trained on signals, or the input is not of whole channels or has
     *     elements that are not finite
     */
    public float[] predict(float[] signal) {
        List<Long> trained = description.inputShape();
        ArgumentException.require(
                trained.isEmpty() || trained.size() == 2,
                "signal",
                "flat, for a network that was trained on " + trained,
                "give the shape [C, size...] too");
        long channels = trained.isEmpty() ? 1 : trained.get(0);
        return predict(signal, channels, signal.length / channels);
    }

    /**
     * The output for one input.
     *
     * @param values in row-major order: channel by channel, the last axis fastest
     * @param shape theirs, {@code [C, size...]}
     * @return in the same order the values {@code [C', size...]}, the probabilities {@code [K, size...]}, or {@code [K]} of the
     *     whole; {@code C'} is their number divided by that of positions
     * @throws ArgumentException if there are not as many values, the network cannot take them, or one is not finite
     */
    public float[] predict(float[] values, long... shape) {
        long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        ArgumentException.require(
                shape.length > 1 && length == values.length && length > 0,
                "values",
                values.length + " of them for shape " + Arrays.toString(shape),
                "give as many as the product of the shape [C, size...]");
        INDArray input = Nd4j.createFromArray(values);
        INDArray output = predict(input.reshape('c', shape));
        float[] result = OnHeap.floats(output);
        Release.of(input, output);
        return result;
    }

    /**
     * The output for one input or a batch of inputs.
     *
     * @param input {@code [C, size...]} or, if the description has an input shape, {@code [N, C, size...]}, of any type; computed
     *     as FLOAT
     * @return values {@code [C', size...]}, probabilities {@code [K, size...]}, or {@code [K]} of the whole; for a batch with
     *     {@code N} before
     * @throws ArgumentException if the network cannot take the input, or an element is not finite
     */
    public INDArray predict(INDArray input) {
        if (preparation != null) {
            ArgumentException.require(
                    input.rank() == description.inputShape().size(),
                    "input",
                    input.shape(),
                    "give one image [C, z, y, x] at a time");
            return predict(input, Grid.UNKNOWN);
        }
        if (description.inputShape().isEmpty()
                || input.rank() != description.inputShape().size() + 1) {
            requireUsable(input, "");
            return windows.apply(input, ensemble(false));
        }
        ArgumentException.require(!input.isEmpty(), "input", input.shape(), "give at least one sample");
        int[] axes = new int[input.rank() - 1];
        Arrays.setAll(axes, axis -> axis + 1);
        INDArray dense = Regions.withoutGaps(input);
        List<Example> samples = new ArrayList<>();
        for (int n = 0; n < input.size(0); n++) {
            INDArray sample = dense.tensorAlongDimension(n, axes);
            requireUsable(sample, "sample " + n + " ");
            samples.add(new Example("sample " + n, sample, null));
        }
        List<INDArray> outputs = new ArrayList<>();
        windows.apply(Examples.of(samples), ensemble(false), (example, output) -> outputs.add(output));
        INDArray batch = Nd4j.createUninitialized(
                outputs.get(0).dataType(),
                Axes.prepended(outputs.size(), outputs.get(0).shape()));
        for (int n = 0; n < outputs.size(); n++) {
            batch.slice(n).assign(outputs.get(n));
            Release.of(outputs.get(n));
        }
        return batch;
    }

    /**
     * The output for one input, as {@link Builder#geometry} says of its grid.
     *
     * @param input {@code [C, size...]} of any type; computed as FLOAT
     * @param own where its elements lie
     * @return values {@code [C', size...]} or probabilities {@code [K, size...]}, on its own grid; or {@code [K]} of the whole
     * @throws DataException if the network cannot take the input, an element is not finite, or its grid is refused
     */
    public INDArray predict(INDArray input, Grid own) {
        List<INDArray> outputs = new ArrayList<>(1);
        predict(Examples.of(List.of(new Example("input", input, null, own))), (example, output) -> outputs.add(output));
        return outputs.get(0);
    }

    private void requireUsable(INDArray input, String which) {
        InputCheck.Fault fault = check.of(input);
        if (fault != null) {
            throw new ArgumentException("input", which + fault.value(), fault.remedy());
        }
        fit.look(which.isEmpty() ? "the input" : which.strip(), input);
    }

    /**
     * The outputs for examples; windows of several may share a batch.
     *
     * @param examples of which {@link Example#input} is used; each is asked for once, in their order
     * @param consumer gets each output (as of {@link #predict(INDArray)}) as soon as it is complete, in the order of the
     *     examples, on the calling thread; the output is its to keep
     * @throws DataException if the network cannot take an example, or an element is not finite; names the example
     */
    public void predict(Examples examples, BiConsumer<Example, INDArray> consumer) {
        predict(new ExampleFlows(examples, consumer));
    }

    /**
     * The outputs for inputs of which, like of their outputs, only slabs need be in memory; windows of several may share a
     * batch. The numbers are those of {@link #predict(INDArray)}.
     *
     * @param flows the inputs, in the units of the data, and what takes the outputs; each is asked for when the one before has
     *     been read. Of one whose source or sink fails, {@link Flow#failed} is told: a {@link DataException} where the network
     *     cannot take it, or an element is not finite
     */
    public void predict(Iterator<? extends Flow> flows) {
        windows.apply(arranged(flows), preparation == null ? ensemble(false) : folds(preparation));
    }

    /**
     * How many inputs were unlike those that the network was trained on, as far as its description says what these were like: of
     * other size, where that matters, values of another range, or one value only. {@link Builder#notes} takes what is said of the
     * first five.
     *
     * @return inputs since this predictor was built
     */
    public long unlikeTraining() {
        return fit.count();
    }

    /**
     * The same with how much the answers differ that are averaged, of several networks or to flipped windows.
     *
     * @param flows as for {@link #predict(Iterator)}; their sinks get {@code [2 C', rows, rest...]}, after the channels of the
     *     output those of its variance, which {@link Uncertain#of} tells apart
     * @throws ArgumentException if there is one network only and nothing is flipped
     */
    public void predictUncertain(Iterator<? extends Flow> flows) {
        Ensemble ensemble = ensemble(true);
        windows.apply(arranged(flows), ensemble);
    }

    /**
     * The output for an input, and how much the answers differ that it is the mean of.
     *
     * @param input {@code [C, size...]} of any type
     * @return the output, and the standard deviation of each of its elements
     * @throws ArgumentException if there is one network only and nothing is flipped, or the network cannot take the input
     */
    public Uncertain predictUncertain(INDArray input) {
        requireUsable(input, "");
        INDArray both = windows.apply(input, ensemble(true));
        Uncertain result = Uncertain.of(both);
        Release.of(both);
        return result;
    }

    /** Inputs that were checked, on the network's grid. */
    private Iterator<Flow> arranged(Iterator<? extends Flow> flows) {
        return WrappedFlow.each(flows, flow -> {
            Flow checked = new CheckedFlow(flow, check, fit);
            return preparation == null
                    ? new GridFlow(checked, grid)
                    : new PreparedFlow(checked, preparation, assumed, notes);
        });
    }

    private Folds folds(ImagePreparation images) {
        return new Folds(members.stream()
                .map(member -> images.inSlices() ? new SliceMember(member) : member)
                .map(member -> new Ensemble(List.of(member), flips, false))
                .toList());
    }

    private Ensemble ensemble(boolean spread) {
        ArgumentException.require(
                !spread || preparation == null,
                "uncertainty",
                "asked for of a model of nnU-Net, which averages logits, not probabilities",
                "leave it out");
        Ensemble ensemble = new Ensemble(members, flips, spread);
        ArgumentException.require(
                !spread || ensemble.size() > 1,
                "uncertainty",
                "one network, and nothing flipped",
                "give several models, or axes to flip");
        return ensemble;
    }

    /**
     * The labels of the output for a whole input, of a network for several at once ({@link Task#isMultiLabel}): those that are more
     * probable than not, unless {@link Builder#threshold} says otherwise.
     *
     * @param output probabilities {@code [K, size...]} or {@code [K]}
     * @return 1 where a label is, 0 where not, of the same shape
     * @throws ArgumentException if only one class applies at a time
     */
    public INDArray labels(INDArray output) {
        ArgumentException.require(
                task.isMultiLabel(), "output", "is of " + task.code(), "use classes: of these one applies at a time");
        INDArray weighed = weighed(output);
        INDArray labels = Probabilities.present(weighed);
        if (weighed != output) {
            Release.of(weighed);
        }
        return labels;
    }

    /**
     * The names of the labels that a whole example has, of a network for several at once.
     *
     * @param output probabilities {@code [K]}
     * @return those of {@link #labels} in their order, none or any number of them
     * @throws ArgumentException if only one class applies at a time, or there are other labels than the description names
     */
    public List<String> labelNames(INDArray output) {
        List<String> names = description.classes();
        ArgumentException.require(
                output.length() == names.size(),
                "output",
                output.length() + " probabilities",
                "give one for each of the labels " + names);
        INDArray labels = labels(output);
        return IntStream.range(0, names.size())
                .filter(label -> labels.getFloat(label) > 0)
                .mapToObj(names::get)
                .toList();
    }

    /**
     * The same probabilities of labels with 0.5 as their threshold.
     *
     * @param output probabilities {@code [K, size...]} or {@code [K]}
     * @return the output itself unless {@link Builder#threshold} is given; else in the same order
     */
    public INDArray weighed(INDArray output) {
        return threshold == null ? output : Probabilities.withThreshold(output, threshold);
    }

    /** {@return how classes are told from probabilities, before they are cleaned} */
    public Decision decision() {
        return decision;
    }

    /** {@return how the classes of positions are cleaned; nothing unless the description says so} */
    public Cleaning cleaning() {
        return cleaning;
    }

    /**
     * The classes of the output for a whole input: those that are decided for ({@link #decision}), cleaned ({@link #cleaning}).
     *
     * @param output probabilities {@code [K, size...]} or {@code [K]}
     * @return numbers of classes from 0, in row-major order
     */
    public int[] classes(INDArray output) {
        return classes(output, Grid.UNKNOWN);
    }

    /**
     * {@link #classes(INDArray)} of an input on another grid than the network's: sizes of components are brought to it.
     *
     * @param output probabilities {@code [K, size...]} or {@code [K]}
     * @param own where the elements of the input lie, and so those of the output
     * @return numbers of classes from 0, in row-major order
     */
    public int[] classes(INDArray output, Grid own) {
        ArgumentException.require(
                !task.isMultiLabel(), "output", "is of " + task.code(), "use labels: several may apply at once");
        int[] classes = decision.classes(output);
        if (!cleaning.isEmpty()) {
            cleaning.apply(classes, gridOf(own), Axes.size(output));
        }
        return classes;
    }

    /** The grid of an input, as far as grids matter. */
    Grid gridOf(Grid own) {
        return ignoringGrids ? Grid.UNKNOWN : own.or(assumed);
    }

    /**
     * Whether the network tells objects apart that touch: it was trained on numbered ones, as background, inside and border
     * ({@link TouchingObjects}). {@link FilePredictions} then writes numbered objects, not classes.
     *
     * @return whether it does
     */
    public boolean separatesObjects() {
        return TouchingObjects.CODE.equals(description.trainedOn().classValues())
                && description.classes().equals(TouchingObjects.CLASSES)
                && task == Task.SEGMENTATION;
    }

    /**
     * The objects of the output for a whole input, of a network that {@link #separatesObjects}.
     *
     * @param output probabilities {@code [3, size...]}
     * @return the number of the object that each position belongs to, from 1; 0 for none; in row-major order
     * @throws ArgumentException if the network does not tell objects apart
     */
    public int[] objects(INDArray output) {
        ArgumentException.require(
                separatesObjects(), "output", "of classes " + description.classes(), "train with classes objects");
        return TouchingObjects.separate(decision.classes(output), Probabilities.heights(output), Axes.size(output));
    }

    /**
     * Gives the memory of the network's parameters back if the network was read here, once all threads have finished their
     * batches; predictions end in an {@link IllegalStateException} afterwards. Another call does nothing.
     */
    @Override
    public void close() {
        members.forEach(Member::close);
    }

    /** Settings of a predictor. */
    public static final class Builder {
        private final List<Model> models = new ArrayList<>();
        private final SlidingWindows.Builder windows;
        private Flips flips;
        private Decision decision = Decision.MOST_PROBABLE;
        private @Nullable Double threshold;
        private boolean postprocessing = true;
        private long[] window = {};
        private @Nullable Processing processing;

        /** A setting that was given and means windows. */
        private @Nullable String ofWindows;

        private int threads = Runtime.getRuntime().availableProcessors();
        private InferencePrecision precision = InferencePrecision.FLOAT;
        private boolean finite = true;
        private GridPolicy geometry = GridPolicy.RESAMPLE;
        private Grid assumed = Grid.UNKNOWN;
        private Consumer<String> notes = LOG::warn;

        /** @param owned whether the network's memory is given back when the predictor is closed */
        private record Model(ComputationGraph network, ModelDescription description, boolean owned) {}

        private Builder(ComputationGraph network, ModelDescription description, boolean owned) {
            models.add(new Model(network, description, owned));
            windows = SlidingWindows.builder(description);
            flips = new Flips(
                    description.windows() == null
                            ? List.of()
                            : description.windows().flip());
        }

        /**
         * Another network, of which the output is averaged with those there are: of another fold, say, or another start.
         *
         * @param model as for {@link Predictor#builder(Path)}, for the same task
         * @return this
         * @throws ModelFileException if the file cannot be read
         * @throws IOException if the network that comes along cannot be read
         * @throws ArgumentException if there is neither such a file nor such a name, or the file has no description
         */
        public Builder average(Path model) throws IOException {
            Builder other = builder(model);
            ArgumentException.require(
                    processing == null && other.processing == null,
                    "models",
                    "a model of nnU-Net among several",
                    "import its folds into one file, which averages them");
            models.addAll(other.models);
            return this;
        }

        /**
         * Another network in memory, of which the output is averaged with those there are.
         *
         * @param network as for {@link Predictor#builder(ComputationGraph, ModelDescription)}
         * @param description what it knows of its data, the same as the first
         * @return this
         * @throws ArgumentException if the network is not so
         */
        public Builder average(ComputationGraph network, ModelDescription description) {
            ArgumentException.require(
                    processing == null, "models", "a model of nnU-Net and another one", "use each by itself");
            models.addAll(builder(network, description).models);
            return this;
        }

        /**
         * Axes along which windows are also given mirrored (test-time augmentation): answers to all subsets of flips are flipped
         * back and averaged, {@code 2^n} times the work. Unless given, what the description says, most often none.
         *
         * @param axes from 0 for the first after that of the channels; none to flip nothing
         * @return this
         * @throws ArgumentException if one is negative or occurs twice
         */
        public Builder flip(int... axes) {
            flips = new Flips(Arrays.stream(axes).boxed().toList());
            return this;
        }

        /** {@return the axes of inputs after that of the channels; 0 if the description does not say} */
        public int dimensions() {
            return Math.max(0, models.get(0).description.inputShape().size() - 1);
        }

        /**
         * The probability from which on a class other than the first is taken; unless given, the most probable class is. Of
         * several labels at once, that from which on each is; unless given, those are that are more probable than not.
         *
         * @param probability above 0, at most 1
         * @return this
         * @throws ArgumentException if it is not so
         */
        public Builder threshold(double probability) {
            decision(Decision.threshold(probability));
            threshold = probability;
            return this;
        }

        /**
         * How classes are told from probabilities; {@link Decision#MOST_PROBABLE} unless given.
         *
         * @param rule that decides
         * @return this
         */
        public Builder decision(Decision rule) {
            decision = rule;
            threshold = null;
            return this;
        }

        /**
         * Whether classes of positions are cleaned as the description says ({@link ModelDescription#postprocessing}); true unless
         * given. Of several models that say different things, none is obeyed, and {@link #notes} told.
         *
         * @param wanted whether they are
         * @return this
         */
        public Builder postprocessing(boolean wanted) {
            postprocessing = wanted;
            return this;
        }

        private Cleaning cleaning() {
            ModelDescription first = models.get(0).description;
            if (!postprocessing) {
                return Cleaning.of(first.withPostprocessing(List.of()));
            }
            boolean same = models.stream()
                    .allMatch(model -> model.description.postprocessing().equals(first.postprocessing()));
            if (!same) {
                notes.accept(
                        "the models say different things of postprocessing, so classes are left as they are found");
            }
            return Cleaning.of(same ? first : first.withPostprocessing(List.of()));
        }

        private static void requireCleanable(ModelDescription description) {
            boolean suits = description.postprocessing().stream()
                    .allMatch(step ->
                            step.of() >= 1 && step.of() < description.classes().size());
            ArgumentException.require(
                    description.postprocessing().isEmpty() || suits && task(description) == Task.SEGMENTATION,
                    "description",
                    "postprocessing " + description.postprocessing() + " of " + description.task() + " "
                            + description.classes(),
                    "name classes of a segmentation other than the first; labels that may overlap are not cleaned");
        }

        /**
         * What an input that is smaller than a window on some axis is extended with; unless given, what the description says,
         * most often nothing.
         *
         * @param beyond the border
         * @return this
         */
        public Builder padding(Padding beyond) {
            windows.padding(beyond);
            ofWindows = "padding";
            return this;
        }

        /**
         * Windows that the network gets at a time, at most; 16 unless given, 1 of nnU-Net's models, whose windows are large. More
         * need more memory.
         *
         * @param size at least 1
         * @return this
         * @throws ArgumentException if it is less
         */
        public Builder batch(int size) {
            windows.batch(size);
            return this;
        }

        /**
         * Size of a window; that of the training unless given. The network must take it.
         *
         * @param size one number an axis, or one for all
         * @return this
         * @throws ArgumentException if a number is less than 1
         */
        public Builder window(long... size) {
            windows.window(size);
            window = size.clone();
            return this;
        }

        /**
         * Part of a window that the next one overlaps, at least, on each axis; 0.5 unless given. Less is faster, and leaves more
         * of the windows' borders visible.
         *
         * @param part from 0 (side by side) to below 1
         * @return this
         * @throws ArgumentException if it is not
         */
        public Builder overlap(double part) {
            windows.overlap(part);
            ofWindows = "overlap";
            return this;
        }

        /**
         * How the outputs of overlapping windows are weighted; {@link Blend#HANN} unless given.
         *
         * @param weights of the positions of a window
         * @return this
         */
        public Builder blend(Blend weights) {
            windows.blend(weights);
            ofWindows = "blend";
            return this;
        }

        /**
         * Threads that compute at the same time, at most; as many as there are processors unless given.
         *
         * @param count at least 1
         * @return this
         * @throws ArgumentException if it is less
         */
        public Builder threads(int count) {
            ArgumentException.require(count > 0, "threads", count, "use at least 1");
            threads = count;
            return this;
        }

        /**
         * What products of the networks are computed with; {@link InferencePrecision#FLOAT} unless given. Networks that are in
         * memory elsewhere keep their own. What a network cannot compute so is refused at the first prediction.
         *
         * @param products of convolutions and linear layers
         * @return this
         * @throws ArgumentException if it is slower than float on this machine
         */
        public Builder precision(InferencePrecision products) {
            NativeConvolutions.requireAtSpeed(products);
            precision = products;
            return this;
        }

        /**
         * Whether inputs with elements that are not finite (NaN, infinite) are refused; true unless given. One such element
         * spreads over the outputs of all windows that it lies in.
         *
         * @param required whether they are refused
         * @return this
         */
        public Builder requireFinite(boolean required) {
            finite = required;
            return this;
        }

        /**
         * What becomes of inputs that lie on another grid than the network's ({@link Example#grid}, {@link Flow#grid}); unless
         * given, {@link GridPolicy#RESAMPLE}. Arrays without a grid are used as they are.
         *
         * @param policy what becomes of them
         * @return this
         */
        public Builder geometry(GridPolicy policy) {
            geometry = policy;
            return this;
        }

        /**
         * The grid of inputs that do not say theirs; unless given, and in what is unknown of it, the network's.
         *
         * @param grid of such inputs
         * @return this
         */
        public Builder assume(Grid grid) {
            assumed = grid;
            return this;
        }

        /**
         * Who is told what becomes of inputs on other grids, and which are unlike those of the training, a line each; a log's
         * warnings unless given.
         *
         * @param listener is called on the threads that predict
         * @return this
         */
        public Builder notes(Consumer<String> listener) {
            notes = listener;
            return this;
        }

        /**
         * The predictor of these settings.
         *
         * @return the predictor
         * @throws ArgumentException if the description has a task that there is not, or numbers that do not fit each other; if
         *     the window has another number of axes; or if window, overlap or blend were given though inputs are taken whole
         */
        public Predictor build() {
            ModelDescription description = models.get(0).description;
            models.forEach(model -> requireSame(description, model.description));
            models.forEach(model -> requireCleanable(model.description));
            List<Long> trained = description.inputShape();
            if (description.normalization().by() == Normalization.By.SET && !trained.isEmpty()) {
                Standardization.of(
                        description.normalization(),
                        new float[0],
                        trained.get(0).intValue());
            }
            boolean whole = task(description).perExample();
            ArgumentException.require(
                    decision == Decision.MOST_PROBABLE || task(description).hasClasses(),
                    "threshold",
                    "given for " + task(description).code(),
                    "leave it out: there are no classes");
            ArgumentException.require(
                    decision == Decision.MOST_PROBABLE
                            || threshold != null
                            || !task(description).isMultiLabel(),
                    "decision",
                    "given for " + description.task(),
                    "give a threshold: several labels may apply at once");
            ArgumentException.require(
                    postprocessing || task(description) == Task.SEGMENTATION,
                    "postprocessing",
                    "none, for " + description.task(),
                    "leave it out: there are no classes of positions of which one applies, so nothing is cleaned");
            requirePrepared();
            if (!trained.isEmpty()) {
                flips.requireWithin(trained.size() - 1);
            }
            ArgumentException.require(
                    !whole || window.length == 0,
                    "window",
                    window,
                    "leave it out: networks for " + description.task() + " take inputs whole");
            ArgumentException.require(
                    window.length < 2 || trained.isEmpty() || window.length == trained.size() - 1,
                    "window",
                    window,
                    "give one number, or one for each axis of " + trained + " after the channels");
            SlidingWindows built = windows.build();
            ArgumentException.require(
                    ofWindows == null || built.window().length > 0,
                    ofWindows == null ? "" : ofWindows,
                    "given, but inputs are taken whole",
                    whole ? "leave it out" : "give a window too, or a description with an input shape");
            return new Predictor(this, built);
        }

        /** Refuses what would not be done to images of nnU-Net. */
        private void requirePrepared() {
            if (processing == null) {
                return;
            }
            boolean slices = new ImagePreparation(processing).inSlices();
            ArgumentException.require(
                    !slices || window.length == 0 || window.length > 1 && window[0] == 1,
                    "window",
                    window,
                    "give 1 for the first axis, along which the network sees slices, and a number for each of the others");
            ArgumentException.require(
                    geometry == GridPolicy.RESAMPLE,
                    "geometry",
                    geometry,
                    "leave it out: the model brings all images to its own spacing");
            ArgumentException.require(
                    decision == Decision.MOST_PROBABLE
                            || processing.regionOrder().isEmpty(),
                    "threshold",
                    "given for regions, which are where they are more probable than not",
                    "leave it out");
            Processing.Resampling back = processing.outputResampling();
            ArgumentException.require(
                    back.order() <= 1 && back.coarseOrder() <= 1,
                    "model",
                    "resamples its outputs by splines of order " + Math.max(back.order(), back.coarseOrder()),
                    "use one whose plans say 0 or 1, as nnU-Net's planners do");
        }

        /** Refuses networks whose outputs are not the same thing. */
        private void requireSame(ModelDescription first, ModelDescription other) {
            boolean windows = window.length > 0
                    || first.inputShape().equals(other.inputShape())
                    || task(first).perExample();
            boolean same = task(first) == task(other)
                    && first.classes().equals(other.classes())
                    && Objects.equals(first.samplingRate(), other.samplingRate())
                    && first.spacing().equals(other.spacing())
                    && Objects.equals(first.orientation(), other.orientation())
                    && channels(first).equals(channels(other));
            ArgumentException.require(
                    same,
                    "models",
                    "for " + text(first) + " and for " + text(other),
                    "average models for the same task, classes, channels and spacing");
            ArgumentException.require(
                    windows,
                    "models",
                    "trained on " + first.inputShape() + " and on " + other.inputShape(),
                    "give the size of a window, too");
        }

        private static List<Long> channels(ModelDescription description) {
            return description.inputShape().stream().limit(1).toList();
        }

        private static String text(ModelDescription description) {
            return description.task() + " " + description.classes() + " of " + channels(description) + " channels"
                    + (description.spacing().isEmpty() ? "" : " at " + description.spacing())
                    + (description.samplingRate() == null ? "" : " at " + description.samplingRate() + " Hz");
        }
    }
}
