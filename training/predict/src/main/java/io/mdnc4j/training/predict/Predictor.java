package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelFileException;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.nnunet.Processing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
 * <p><b>Threads.</b> Any number of threads may use one predictor; as many as {@link Builder#threads} says compute at a time,
 * others wait, each for one batch. Outputs are the same as those of one thread. Each call runs on its own thread, and calls
 * {@code consumer}s there.
 *
 * <p><b>Memory.</b> A predictor keeps the network's parameters, once, and for each thread that computes at the same time as
 * others another set of layer objects around them; the state of the updater is not kept of networks that are read. It keeps
 * nothing of inputs or outputs. ND4J keeps, for each thread that has computed, workspaces as large as the activations of the
 * largest batch, until the thread is gone or calls {@code Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread()}.
 * Parameters lie outside of the heap; {@link #close} gives them back at once, else the garbage collector does some time after
 * the last use. A network that was given to {@link #builder(ComputationGraph, ModelDescription)} is used as it is: training it
 * further changes what is predicted, and must not be done while threads predict.
 */
public final class Predictor implements AutoCloseable {
    private final NetworkPool networks;
    private final ModelDescription description;
    private final Task task;
    private final SlidingWindows windows;
    private final InputCheck check;

    private Predictor(Builder builder, SlidingWindows windows) {
        networks = new NetworkPool(builder.network, builder.owned, builder.threads);
        description = builder.description;
        task = task(description);
        this.windows = windows;
        check = new InputCheck(description.inputShape(), builder.finite);
    }

    /**
     * Reads a network with its description, to be used with the default settings.
     *
     * @param model a model file with a description, as {@code train} and {@link ModelFiles#write(ComputationGraph,
     *     ModelDescription, Path)} write; where there is no such file, the name of a {@link Pretrained} network that comes along,
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
     * @param model as for {@link #read}
     * @return a builder, for one predictor
     * @throws ModelFileException if the file cannot be read
     * @throws IOException if the network that comes along cannot be read
     * @throws ArgumentException if there is neither such a file nor such a name, or the file has no description
     */
    public static Builder builder(Path model) throws IOException {
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
        // what nnU-Net does before and after its network is not done here, and without it answers would be wrong
        ArgumentException.require(
                ModelFiles.note(file, Processing.NOTE).isEmpty(),
                "model",
                file + " is a model of nnU-Net, whose images have to be prepared in a way of their own",
                "use its network, ModelFiles.read(file), on images so prepared; the note " + Processing.NOTE
                        + " says how");
        return new Builder(NetworkPool.replica(ModelFiles.read(file)), description, true);
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

    /** {@return what the network knows of its data} */
    public ModelDescription description() {
        return description;
    }

    /** {@return what the network is for; {@link Task#REGRESSION} if its description does not say} */
    public Task task() {
        return task;
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
        if (description.inputShape().isEmpty()
                || input.rank() != description.inputShape().size() + 1) {
            requireUsable(input, "");
            return windows.apply(input, this::answer);
        }
        ArgumentException.require(!input.isEmpty(), "input", input.shape(), "give at least one sample");
        int[] axes = new int[input.rank() - 1];
        Arrays.setAll(axes, axis -> axis + 1);
        INDArray dense = BlendedOutput.withoutGaps(input);
        List<Example> samples = new ArrayList<>();
        for (int n = 0; n < input.size(0); n++) {
            INDArray sample = dense.tensorAlongDimension(n, axes);
            requireUsable(sample, "sample " + n + " ");
            samples.add(new Example("sample " + n, sample, null));
        }
        List<INDArray> outputs = new ArrayList<>();
        windows.apply(Examples.of(samples), this::answer, (example, output) -> outputs.add(output));
        INDArray batch = Nd4j.createUninitialized(
                outputs.get(0).dataType(),
                BlendedOutput.shape(outputs.size(), outputs.get(0).shape()));
        for (int n = 0; n < outputs.size(); n++) {
            batch.slice(n).assign(outputs.get(n));
            Release.of(outputs.get(n));
        }
        return batch;
    }

    private void requireUsable(INDArray input, String which) {
        InputCheck.Fault fault = check.of(input);
        if (fault != null) {
            throw new ArgumentException("input", which + fault.value(), fault.remedy());
        }
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
        Examples usable = new Examples() {
            @Override
            public int size() {
                return examples.size();
            }

            @Override
            public Example get(int index) {
                Example example = examples.get(index);
                InputCheck.Fault fault = check.of(example.input());
                if (fault != null) {
                    throw new DataException(example.name() + ": " + fault.value() + "; " + fault.remedy());
                }
                return example;
            }
        };
        windows.apply(usable, this::answer, consumer);
    }

    /** The outputs for windows {@code [N, C, window...]}, both in the units of the data. */
    private INDArray answer(INDArray batch) {
        Normalization how = description.normalization();
        if (how.by() == Normalization.By.NONE) {
            return networks.output(batch);
        }
        Standardization[] levels = new Standardization[(int) batch.size(0)];
        for (int n = 0; n < levels.length; n++) {
            INDArray window = batch.slice(n);
            float[] values = OnHeap.floats(window);
            levels[n] = Standardization.of(how, values, (int) batch.size(1));
            levels[n].apply(values);
            write(values, window);
        }
        INDArray outputs = networks.output(batch);
        for (int n = 0; n < levels.length && how.restored(); n++) {
            levels[n].requireRestorable(outputs.size(1));
            INDArray output = outputs.slice(n);
            float[] values = OnHeap.floats(output);
            levels[n].restore(values);
            write(values, output);
        }
        return outputs;
    }

    private static void write(float[] values, INDArray target) {
        INDArray array = Nd4j.createFromArray(values);
        target.assign(array.reshape('c', target.shape()));
        Release.of(array);
    }

    /**
     * Gives the memory of the network's parameters back if the network was read here, once all threads have finished their
     * batches; predictions end in an {@link IllegalStateException} afterwards. Another call does nothing.
     */
    @Override
    public void close() {
        networks.close();
    }

    /** Settings of a predictor. */
    public static final class Builder {
        private final ComputationGraph network;
        private final ModelDescription description;
        private final boolean owned;
        private final SlidingWindows.Builder windows = SlidingWindows.builder();
        private long[] window = {};
        private boolean blended;
        private int threads = Runtime.getRuntime().availableProcessors();
        private boolean finite = true;

        private Builder(ComputationGraph network, ModelDescription description, boolean owned) {
            this.network = network;
            this.description = description;
            this.owned = owned;
        }

        /**
         * Windows that the network gets at a time, at most; 16 unless given. More need more memory.
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
            blended = true;
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
            blended = true;
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
         * The predictor of these settings.
         *
         * @return the predictor
         * @throws ArgumentException if the description has a task that there is not, or numbers that do not fit each other; if
         *     the window has another number of axes; or if window, overlap or blend were given though inputs are taken whole
         */
        public Predictor build() {
            List<Long> trained = description.inputShape();
            ArgumentException.require(
                    trained.stream().allMatch(size -> size > 0),
                    "description",
                    "input shape " + trained,
                    "state [C, size...], each at least 1");
            if (description.normalization().by() == Normalization.By.SET && !trained.isEmpty()) {
                Standardization.of(
                        description.normalization(),
                        new float[0],
                        trained.get(0).intValue());
            }
            boolean whole = task(description).perExample();
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
            if (!whole && window.length == 0 && !trained.isEmpty()) {
                windows.window(
                        trained.stream().skip(1).mapToLong(Long::longValue).toArray());
            }
            SlidingWindows built = windows.build();
            ArgumentException.require(
                    !blended || built.window().length > 0,
                    "overlap",
                    "overlap or blend are given, but inputs are taken whole",
                    whole ? "leave them out" : "give a window too, or a description with an input shape");
            return new Predictor(this, built);
        }
    }
}
