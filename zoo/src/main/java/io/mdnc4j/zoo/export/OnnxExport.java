package io.mdnc4j.zoo.export;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelDescription.Output;
import io.mdnc4j.zoo.ModelDescription.Windows;
import io.mdnc4j.zoo.ModelFolds;
import io.mdnc4j.zoo.nnunet.Processing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * A network as an ONNX file, alone or with all that belongs around it: values go in as files have them and come out in the same
 * units.
 *
 * <pre>{@code
 * OnnxExport export = OnnxExport.builder(network, description).selfContained(true).build();
 * export.write(Path.of("model.onnx"));
 * export.leftOut().forEach(System.out::println); // what the program that runs it has to do
 * }</pre>
 *
 * <p>Input {@code input} and output {@code output} are {@code FLOAT [N, C, size...]}, or {@code [N, K]} where they are vectors. The
 * file's metadata entry {@value ModelDescription#NOTE} describes the graph that is in it: of a self-contained one values are not
 * to be normalised any more.
 */
public final class OnnxExport {
    /** What {@link io.mdnc4j.zoo.TrainedOn#classValues} says where a network was trained on numbered objects. */
    private static final String OBJECTS = "objects";

    private final ComputationGraph network;
    private final @Nullable ModelDescription description;
    private final @Nullable Processing processing;
    private final boolean selfContained;
    private final long[] fixedSize;

    private OnnxExport(Builder builder) {
        network = builder.network;
        description = builder.description;
        processing = builder.processing;
        selfContained = builder.selfContained;
        fixedSize = builder.fixedSize;
    }

    /**
     * An export of the network alone, unless more is asked for.
     *
     * @param network initialised
     * @param description goes with it; {@code null} if there is none
     * @return a builder
     */
    public static Builder builder(ComputationGraph network, @Nullable ModelDescription description) {
        return new Builder(network, description);
    }

    /** {@return what the graph's inputs and outputs are, which stands in the file; {@code null} if nothing is known} */
    public @Nullable ModelDescription description() {
        ModelDescription known = description;
        if (known == null) {
            return null;
        }
        if (known.inWindows()) {
            known = known.withWindows(Objects.requireNonNullElse(known.windows(), Windows.DEFAULT));
        }
        if (fixedSize.length > 0 && !known.inputShape().isEmpty()) {
            known = known.withInputShape(
                    LongStream.concat(LongStream.of(known.inputShape().get(0)), Arrays.stream(fixedSize(known)))
                            .boxed()
                            .toList());
        }
        return selfContained ? known.with(Normalization.NONE).withOutput(Output.PLAIN) : known;
    }

    private long[] fixedSize(ModelDescription known) {
        int axes = known.inputShape().size() - 1;
        return fixedSize.length == 1 && axes > 0
                ? LongStream.generate(() -> fixedSize[0]).limit(axes).toArray()
                : fixedSize;
    }

    /** What stands around the network; {@code null} for nothing. */
    @Nullable
    ModelDescription surroundings() {
        return selfContained ? description : null;
    }

    /** How nnU-Net treats images; {@code null} for networks of others. */
    @Nullable
    Processing processing() {
        return processing;
    }

    /** One number an axis or one for all; empty for open sizes. */
    long[] fixedSize() {
        return fixedSize.clone();
    }

    ComputationGraph network() {
        return network;
    }

    /**
     * {@return what predictions do with inputs and outputs that is not in the graph, one sentence each; the program that runs it has
     * to do it}
     */
    public List<String> leftOut() {
        List<String> left = new ArrayList<>();
        ModelDescription known = description;
        if (known == null) {
            return left;
        }
        Windows windows = Objects.requireNonNullElse(known.windows(), Windows.DEFAULT);
        boolean normalised = known.normalization().by() != Normalization.By.NONE
                || processing != null
                || !known.output().equals(Output.PLAIN);
        if (!selfContained && normalised) {
            left.add("normalisation, and its undoing");
        }
        if (processing != null && selfContained) {
            left.add("inputs are whole images, or slices of them, with the axes z, y, x transposed by "
                    + processing.transpose() + (processing.reoriented() ? " of right, front and head" : "")
                    + ", at the spacing " + processing.spacing() + ", cut to what is not zero");
        } else if (known.samplingRate() != null || !known.spacing().isEmpty()) {
            left.add("inputs have " + (known.samplingRate() != null ? known.samplingRate() + " samples a second" : "")
                    + (known.spacing().isEmpty() ? "" : "the spacing " + known.spacing() + " mm")
                    + (known.orientation() == null ? "" : " along " + known.orientation()) + ": resample others");
        }
        if (known.inWindows()) {
            left.add("windows: cut what is larger than " + sizes(known) + " into such as overlap by "
                    + windows.overlap() + ", and average the outputs weighted by '" + windows.blend() + "'");
        }
        if (!windows.flip().isEmpty()) {
            left.add("mirror images along the axes " + windows.flip() + ", of which predictions average the answers");
        }
        // in a model of nnU-Net that property has their names
        String folds = known.properties().get(ModelFolds.NOTE);
        if (processing == null ? folds != null : processing.folds().size() > 1) {
            left.add("the networks of all folds but the first, of " + folds
                    + ", with whose answers predictions average its own");
        }
        if (!known.postprocessing().isEmpty()) {
            left.add("postprocessing of whole inputs, of classes from 0: "
                    + known.postprocessing().stream()
                            .map(step -> "of " + step.of() + " " + step)
                            .collect(Collectors.joining("; ")));
        }
        if (OBJECTS.equals(known.trainedOn().classValues())) {
            left.add("telling objects apart, of which predictions number each: outputs are the probabilities of "
                    + String.join(", ", known.classes()));
        }
        return left;
    }

    private static String sizes(ModelDescription known) {
        return known.inputShape().stream().skip(1).map(String::valueOf).collect(Collectors.joining(" x "));
    }

    /**
     * Requires a size that the network takes as it is, without padding.
     *
     * @param size one number an axis
     * @throws ArgumentException if it takes others only
     */
    public void requireTaken(long... size) {
        long[] multiples = OnnxNetwork.multiples(network);
        boolean taken = size.length == 0
                || size.length == multiples.length
                        && IntStream.range(0, size.length).allMatch(axis -> size[axis] % multiples[axis] == 0);
        ArgumentException.require(
                taken, "fixedSize", size, "use multiples of " + Arrays.toString(multiples) + ", the network's strides");
    }

    /**
     * Writes the file, atomically.
     *
     * @param file the file
     * @throws ArgumentException if a layer, or what belongs around the network, cannot be in a graph, naming it
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        AtomicFile.write(file.toAbsolutePath(), this::writeTo);
    }

    void writeTo(Path file) throws IOException {
        ModelDescription known = description();
        OnnxWriter.write(OnnxNetwork.of(this), known, known == null ? "" : documentation(known), file);
    }

    /** In words what the metadata say: other sizes are taken, but with other results. */
    private String documentation(ModelDescription known) {
        String shape = known.inputShape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
        String where = " All is said in the metadata entry '" + ModelDescription.NOTE
                + "' (JSON); its page onnx.md shows programs in Python and Java.";
        String units = selfContained
                ? "Values go in as files have them, and come out in units of the data; normalisation is in the graph. "
                : "";
        if (!known.inWindows()) {
            String whole = shape.isEmpty() ? "" : "Inputs are whole, like those of the training: " + shape + ".";
            return (units + whole + where).strip();
        }
        Windows windows = known.windows();
        return units + "Inputs are windows of " + shape
                + (selfContained ? "" : ", each normalised as the metadata say")
                + ". Cut larger ones into windows that"
                + " overlap by " + windows.overlap() + " at least, and average the outputs, weighted by '"
                + windows.blend()
                + "'. Other sizes are taken, too, with other and mostly worse results: the network was trained on"
                + " windows, and normalises each by its own mean and deviation." + where;
    }

    /** What goes into the file; each setting is checked when it is given, all together in {@link #build}. */
    public static final class Builder {
        private final ComputationGraph network;
        private final @Nullable ModelDescription description;
        private @Nullable Processing processing;
        private boolean selfContained;
        private long[] fixedSize = {};

        private Builder(ComputationGraph network, @Nullable ModelDescription description) {
            this.network = network;
            this.description = description;
        }

        /**
         * Whether the graph has in it what belongs around the network: padding, normalisation, and the way of answers back to values
         * of the data. It has not unless asked for.
         *
         * @param whole whether it has
         * @return this
         */
        public Builder selfContained(boolean whole) {
            selfContained = whole;
            return this;
        }

        /**
         * How nnU-Net treats images before the network.
         *
         * @param other what a model file says, {@link Processing#in}; {@code null} if it is of no model of nnU-Net
         * @return this
         */
        public Builder processing(@Nullable Processing other) {
            processing = other;
            return this;
        }

        /**
         * The size of inputs, of one sample at a time, for programs that take no others; unless given, batch and sizes are open.
         *
         * @param size one number an axis, or one for all
         * @return this
         * @throws ArgumentException if there is none, or one below 1
         */
        public Builder fixedSize(long... size) {
            ArgumentException.require(
                    size.length > 0 && Arrays.stream(size).allMatch(n -> n > 0 && n <= Integer.MAX_VALUE),
                    "fixedSize",
                    size,
                    "use sizes of at least 1");
            fixedSize = size.clone();
            return this;
        }

        /**
         * {@return the export}
         *
         * @throws ArgumentException if everything is to be in the graph, but there is no description, or several folds
         */
        public OnnxExport build() {
            ArgumentException.require(
                    !selfContained || description != null,
                    "selfContained",
                    "asked for, but the model has no description, which would tell what belongs around it",
                    "export the network alone");
            ArgumentException.require(
                    !selfContained || processing == null || processing.folds().size() == 1,
                    "selfContained",
                    "asked for, but the model has the folds "
                            + (processing == null ? Stream.of() : processing.folds().stream()).toList()
                            + ", and a graph one network",
                    "import one fold alone, and export that");
            return new OnnxExport(this);
        }
    }
}
