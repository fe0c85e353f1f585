package io.mdnc4j.zoo;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mdnc4j.blocks.Coded;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a trained network needs besides its parameters to be used on new data. It travels with the model: as the note
 * {@value #NOTE} in a model file ({@link ModelFiles#write}), and as metadata in exported files.
 *
 * @param model name of the network, such as {@code conv.unet2d}; {@code null} if unknown
 * @param task code of a {@link Task}, such as {@code denoising}; {@code null} if unknown
 * @param inputShape shape of the features that it was trained on, without the batch, {@code [C, size...]}; empty if unknown
 * @param normalization how features are brought to the level and scale that the network was trained on
 * @param classes names of the classes, or of the labels of which several may apply at once, in the order of the output's
 *     channels; empty if there are none
 * @param unit of the values of inputs, such as {@code mV}; {@code null} if unknown
 * @param samplingRate samples a second of signals; {@code null} if unknown
 * @param spacing distance of neighbouring elements on each axis, in millimetres; empty if unknown
 * @param orientation for each axis of {@code spacing} a letter: where it leads to, of a body's right or left ({@code R},
 *     {@code L}), front or back ({@code A}, {@code P}), head or feet ({@code S}, {@code I}); {@code null} if unknown
 * @param windows how inputs larger than {@code inputShape} are cut and put together; {@code null} for the
 *     {@linkplain Windows#DEFAULT usual way}
 * @param output how the network's answers become values of the data
 * @param trainedOn what the examples were like that it was trained on
 * @param postprocessing how classes of positions are cleaned once they are found; empty for not at all
 * @param properties whatever else is worth knowing, such as the data's name and the result reached; in the order of their
 *     keys, so that equal descriptions are equal texts
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelDescription(
        @JsonProperty("model") String model,
        @JsonProperty("task") String task,
        @JsonProperty("input_shape") List<Long> inputShape,
        @JsonProperty("normalization") Normalization normalization,
        @JsonProperty("classes") List<String> classes,
        @JsonProperty("unit") String unit,
        @JsonProperty("sampling_rate") Double samplingRate,
        @JsonProperty("spacing") List<Double> spacing,
        @JsonProperty("orientation") String orientation,
        @JsonProperty("windows") Windows windows,

        @JsonProperty("output") @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Output.Plain.class)
        Output output,

        @JsonProperty("trained_on")
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = TrainedOn.Unknown.class)
        TrainedOn trainedOn,

        @JsonProperty("postprocessing") List<Postprocessing> postprocessing,
        @JsonProperty("properties") Map<String, String> properties) {
    /** Name of the note in a model file, and of the entry in the metadata of other formats. */
    public static final String NOTE = "mdnc4j";

    /** The property with the SHA-256 of the data that a network was trained on, in hexadecimal. */
    public static final String DATA_SHA256 = "data_sha256";

    /** Letters of which no two are of one axis of the body. */
    private static final Pattern ORIENTATION =
            Pattern.compile("(?!.*[RL].*[RL])(?!.*[AP].*[AP])(?!.*[SI].*[SI])[RLAPSI]*");

    private static final Predicate<Double> POSITIVE = value -> value > 0 && Double.isFinite(value);

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * Lists and maps are copied; {@code null} stands for empty ones and for no normalisation.
     *
     * @param inputShape shape of the features that it was trained on, without the batch, {@code [C, size...]}; empty if unknown
     * @param classes names of the classes, in the order of the output's channels; empty if there are none
     * @param model name of the network, such as {@code conv.unet2d}; {@code null} if unknown
     * @param task code of a {@link Task}, such as {@code denoising}; {@code null} if unknown
     * @param normalization how features are brought to the level and scale that the network was trained on
     * @param unit of the values of inputs, such as {@code mV}; {@code null} if unknown
     * @param samplingRate samples a second of signals; {@code null} if unknown
     * @param spacing distance of neighbouring elements on each axis, in millimetres; empty if unknown
     * @param orientation for each axis of {@code spacing} a letter of {@code RLAPSI}; {@code null} if unknown
     * @param windows how larger inputs are cut and put together; {@code null} for the usual way
     * @param output how the network's answers become values of the data
     * @param trainedOn what the examples were like that it was trained on; {@code null} if unknown
     * @param postprocessing how classes of positions are cleaned once they are found; empty for not at all
     * @param properties whatever else is worth knowing, such as the data's name and the result reached
     */
    public ModelDescription {
        inputShape = inputShape == null ? List.of() : List.copyOf(inputShape);
        normalization = normalization == null ? Normalization.NONE : normalization;
        classes = classes == null ? List.of() : List.copyOf(classes);
        spacing = spacing == null ? List.of() : List.copyOf(spacing);
        output = output == null ? Output.PLAIN : output;
        trainedOn = trainedOn == null ? TrainedOn.UNKNOWN : trainedOn;
        postprocessing = postprocessing == null ? List.of() : List.copyOf(postprocessing);
        properties = properties == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(properties)));
    }

    /**
     * The same with classes that stay as they are found.
     *
     * @param inputShape shape of the features that it was trained on, without the batch, {@code [C, size...]}; empty if unknown
     * @param classes names of the classes, in the order of the output's channels; empty if there are none
     * @param model name of the network, such as {@code conv.unet2d}; {@code null} if unknown
     * @param task code of a {@link Task}, such as {@code denoising}; {@code null} if unknown
     * @param normalization how features are brought to the level and scale that the network was trained on
     * @param unit of the values of inputs, such as {@code mV}; {@code null} if unknown
     * @param samplingRate samples a second of signals; {@code null} if unknown
     * @param spacing distance of neighbouring elements on each axis, in millimetres; empty if unknown
     * @param orientation for each axis of {@code spacing} a letter of {@code RLAPSI}; {@code null} if unknown
     * @param windows how larger inputs are cut and put together; {@code null} for the usual way
     * @param output how the network's answers become values of the data
     * @param trainedOn what the examples were like that it was trained on; {@code null} if unknown
     * @param properties whatever else is worth knowing, such as the data's name and the result reached
     */
    public ModelDescription(
            String model,
            String task,
            List<Long> inputShape,
            Normalization normalization,
            List<String> classes,
            String unit,
            Double samplingRate,
            List<Double> spacing,
            String orientation,
            Windows windows,
            Output output,
            TrainedOn trainedOn,
            Map<String, String> properties) {
        this(
                model,
                task,
                inputShape,
                normalization,
                classes,
                unit,
                samplingRate,
                spacing,
                orientation,
                windows,
                output,
                trainedOn,
                List.of(),
                properties);
    }

    /**
     * The same without orientation, with larger inputs cut in the usual way, and with answers that are taken as they are,
     * {@link Output#PLAIN}, of a network trained on what is {@link TrainedOn#UNKNOWN}.
     *
     * @param inputShape shape of the features that it was trained on, without the batch, {@code [C, size...]}; empty if unknown
     * @param classes names of the classes, in the order of the output's channels; empty if there are none
     * @param model name of the network, such as {@code conv.unet2d}; {@code null} if unknown
     * @param task code of a {@link Task}, such as {@code denoising}; {@code null} if unknown
     * @param normalization how features are brought to the level and scale that the network was trained on
     * @param unit of the values of inputs, such as {@code mV}; {@code null} if unknown
     * @param samplingRate samples a second of signals; {@code null} if unknown
     * @param spacing distance of neighbouring elements on each axis, in millimetres; empty if unknown
     * @param properties whatever else is worth knowing, such as the data's name and the result reached
     */
    public ModelDescription(
            String model,
            String task,
            List<Long> inputShape,
            Normalization normalization,
            List<String> classes,
            String unit,
            Double samplingRate,
            List<Double> spacing,
            Map<String, String> properties) {
        this(
                model,
                task,
                inputShape,
                normalization,
                classes,
                unit,
                samplingRate,
                spacing,
                null,
                null,
                Output.PLAIN,
                null,
                properties);
    }

    /**
     * The same of another network.
     *
     * @param other its name; {@code null} if unknown
     * @return a changed copy
     */
    public ModelDescription withModel(String other) {
        return changed(parts -> parts.model = other);
    }

    /**
     * The same on another grid.
     *
     * @param hertz samples a second of signals; {@code null} if unknown
     * @param distances of neighbouring elements on each axis, in millimetres; empty if unknown
     * @param directions for each of them a letter of {@code RLAPSI}; {@code null} if unknown
     * @return a changed copy
     */
    public ModelDescription withGrid(Double hertz, List<Double> distances, String directions) {
        return changed(parts -> {
            parts.samplingRate = hertz;
            parts.spacing = distances;
            parts.orientation = directions;
        });
    }

    /**
     * The same with another way to cut larger inputs.
     *
     * @param other way; {@code null} for the usual one
     * @return a changed copy
     */
    public ModelDescription withWindows(Windows other) {
        return changed(parts -> parts.windows = other);
    }

    /**
     * The same for features of another shape.
     *
     * @param other {@code [C, size...]}
     * @return a changed copy
     */
    public ModelDescription withInputShape(List<Long> other) {
        return changed(parts -> parts.inputShape = other);
    }

    /**
     * The same of inputs that are normalised in another way.
     *
     * @param other how
     * @return a changed copy
     */
    public ModelDescription with(Normalization other) {
        return changed(parts -> parts.normalization = other);
    }

    /**
     * The same with other answers.
     *
     * @param other how they become values of the data
     * @return a changed copy
     */
    public ModelDescription withOutput(Output other) {
        return changed(parts -> parts.output = other);
    }

    /**
     * The same of a network that was trained on other examples.
     *
     * @param other what they were like
     * @return a changed copy
     */
    public ModelDescription with(TrainedOn other) {
        return changed(parts -> parts.trainedOn = other);
    }

    /**
     * The same with other cleaning of classes.
     *
     * @param other for each class that does not stay as it is found
     * @return a changed copy
     */
    public ModelDescription withPostprocessing(List<Postprocessing> other) {
        return changed(parts -> parts.postprocessing = other);
    }

    /**
     * The same with other properties.
     *
     * @param other all of them
     * @return a changed copy
     */
    public ModelDescription withProperties(Map<String, String> other) {
        return changed(parts -> parts.properties = other);
    }

    /**
     * How inputs of any size become windows of {@code input_shape}, and their outputs one: as few windows as overlap by that
     * part are spread evenly, the first and last flush with the borders; the result is the mean of their outputs, weighted by
     * {@code blend}.
     *
     * @param overlap part of a window that the next one overlaps, at least, on each axis; from 0 to below 1
     * @param blend weights of a window's positions, the product of those along its axes: {@code hann}, {@code max(sin²(π (i +
     *     0.5) / length), 0.001)}; {@code gaussian}, {@code exp(-d² / 2σ²)} with {@code d = i - floor(length / 2)} and
     *     {@code σ = length / 8}; {@code constant}
     * @param padding what inputs are extended with that are smaller than a window: {@code none} (the window is as small, then),
     *     {@code reflect}, {@code zero}
     * @param flip axes along which windows are also given mirrored, of which all subsets are averaged; from 0 for the first
     *     after that of the channels, empty for none
     * @param evenTies whether a window that would begin in the middle between two elements begins at the even one, as
     *     nnU-Net's do, not at the later one
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Windows(
            @JsonProperty("overlap") double overlap,
            @JsonProperty("blend") String blend,
            @JsonProperty("padding") String padding,
            @JsonProperty("flip") List<Integer> flip,

            @JsonProperty("even_ties") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
            boolean evenTies) {
        /** What is done unless a description says otherwise: half a window overlaps, weighted by {@code hann}. */
        public static final Windows DEFAULT = new Windows(0.5, "hann", "none", List.of(), false);

        /**
         * Copies the list; {@code null} stands for the default's.
         *
         * @param overlap part of a window that the next one overlaps, at least, on each axis
         * @param blend weights of a window's positions
         * @param padding what inputs are extended with that are smaller than a window
         * @param flip axes along which windows are also given mirrored
         * @param evenTies whether a window that would begin between two elements begins at the even one
         */
        public Windows {
            blend = blend == null ? "hann" : blend;
            padding = padding == null ? "none" : padding;
            flip = flip == null ? List.of() : List.copyOf(flip);
        }

        /**
         * Windows that begin at the later of two elements that they would lie between.
         *
         * @param overlap part of a window that the next one overlaps, at least, on each axis
         * @param blend weights of a window's positions
         * @param padding what inputs are extended with that are smaller than a window
         * @param flip axes along which windows are also given mirrored
         */
        public Windows(double overlap, String blend, String padding, List<Integer> flip) {
            this(overlap, blend, padding, flip, false);
        }
    }

    /**
     * How a network's answers {@code y} become values of the data. At positions, {@code y + x} with the normalised input
     * {@code x} if they are residual, then {@code y * deviation + mean} of the input's {@link Normalization} if that says so. Of
     * whole examples, {@code y * deviation + mean} with the numbers here.
     *
     * @param residual whether the network answers with the difference between what is wanted and its input, both normalised
     * @param names of the numbers that it answers with for a whole example; empty for other answers
     * @param mean of each of these in the training set; empty if they are as the network gives them
     * @param deviation of each of these in the training set; empty if they are as the network gives them
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Output(
            @JsonProperty("residual") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
            boolean residual,

            @JsonProperty("names") List<String> names,
            @JsonProperty("mean") List<Double> mean,
            @JsonProperty("deviation") List<Double> deviation) {
        /** Answers are values of the data. */
        public static final Output PLAIN = new Output(false, List.of(), List.of(), List.of());

        /** Answers at positions that are to be added to the input. */
        public static final Output RESIDUAL = new Output(true, List.of(), List.of(), List.of());

        /**
         * Lists are copied; {@code null} stands for empty ones.
         *
         * @param residual whether the network answers with the difference between what is wanted and its input
         * @param names of the numbers that it answers with for a whole example; empty for other answers
         * @param mean of each of these in the training set; empty if they are as the network gives them
         * @param deviation of each of these in the training set; empty if they are as the network gives them
         */
        public Output {
            names = names == null ? List.of() : List.copyOf(names);
            mean = mean == null ? List.of() : List.copyOf(mean);
            deviation = deviation == null ? List.of() : List.copyOf(deviation);
        }

        /** Tells Jackson what need not be written: it calls {@code equals}. */
        static final class Plain {
            @Override
            public boolean equals(Object other) {
                return other == null || PLAIN.equals(other);
            }

            @Override
            public int hashCode() {
                return PLAIN.hashCode();
            }
        }
    }

    /**
     * How features are normalised: {@code (x - mean) / deviation}.
     *
     * @param by whose mean and deviation
     * @param mean of each channel, for {@link By#SET}; empty otherwise
     * @param deviation of each channel, for {@link By#SET}; empty otherwise
     * @param restored whether outputs are in normalised values, to be brought back by {@code y * deviation + mean}
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Normalization(
            @JsonProperty("by") By by,
            @JsonProperty("mean") List<Double> mean,
            @JsonProperty("deviation") List<Double> deviation,
            @JsonProperty("restored") boolean restored) {
        /** Features as they are. */
        public static final Normalization NONE = new Normalization(By.NONE, List.of(), List.of(), false);

        /** Whose mean and deviation. */
        public enum By implements Coded {
            /** Nobody's: nothing is normalised. */
            @JsonProperty("none")
            NONE,
            /** Each sample's own, over all of its elements. */
            @JsonProperty("sample")
            SAMPLE,
            /** Each sample's own, one pair a channel. */
            @JsonProperty("channel")
            CHANNEL,
            /** The training set's, one pair a channel. */
            @JsonProperty("set")
            SET;

            @Override
            public String code() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /**
         * Lists are copied; {@code null} stands for {@link By#NONE} and empty lists.
         *
         * @param mean of each channel, for {@link By#SET}; empty otherwise
         * @param deviation of each channel, for {@link By#SET}; empty otherwise
         * @param by whose mean and deviation
         * @param restored whether outputs are in normalised values, to be brought back by {@code y * deviation + mean}
         */
        public Normalization {
            by = by == null ? By.NONE : by;
            mean = mean == null ? List.of() : List.copyOf(mean);
            deviation = deviation == null ? List.of() : List.copyOf(deviation);
        }
    }

    /** {@return whether inputs are cut into windows of {@code input_shape}: it is known, and answers are for positions} */
    public boolean inWindows() {
        return !inputShape.isEmpty()
                && Arrays.stream(Task.values())
                        .filter(Task::perExample)
                        .noneMatch(whole -> whole.code().equalsIgnoreCase(task));
    }

    /**
     * {@return the description as JSON}
     */
    public String toJson() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of strings and numbers can be written", e);
        }
    }

    /**
     * Reads {@link #toJson()}; unknown keys are passed over.
     *
     * @param json the text
     * @return the description
     * @throws IOException if the text is no such JSON, or has numbers that cannot be: sizes below 1, deviations, rates or
     *     spacings that are not positive, infinite ones
     */
    public static ModelDescription fromJson(String json) throws IOException {
        try {
            ModelDescription description = MAPPER.readValue(json, ModelDescription.class);
            if (description == null) {
                throw new IOException("the model's description is not valid: it is null");
            }
            description.check();
            return description;
        } catch (JsonProcessingException e) {
            throw new IOException("the model's description is not valid: " + e.getOriginalMessage(), e);
        }
    }

    private void check() throws IOException {
        require("input_shape", inputShape, size -> size > 0, "sizes of at least 1");
        require(
                "sampling_rate",
                samplingRate == null ? List.of() : List.of(samplingRate),
                POSITIVE,
                "a positive number");
        require("spacing", spacing, POSITIVE, "positive numbers");
        require(
                "overlap",
                windows == null ? List.of() : List.of(windows.overlap),
                part -> part >= 0 && part < 1,
                "0 to less than 1");
        if (orientation != null
                && !(orientation.length() == spacing.size()
                        && ORIENTATION.matcher(orientation).matches())) {
            throw new IOException("the model's description is not valid: orientation " + orientation
                    + ", use one of R or L, A or P, S or I for each axis of the spacing " + spacing);
        }
        trainedOn.check();
        require(
                "postprocessing",
                postprocessing,
                step -> step.suits(classes.size()),
                "classes from 1 to " + (classes.size() - 1) + " and sizes of at least 0");
        require("deviation", normalization.deviation, POSITIVE, "positive numbers");
        require("mean", normalization.mean, Double::isFinite, "finite numbers");
        require("output deviation", output.deviation, POSITIVE, "positive numbers");
        require("output mean", output.mean, Double::isFinite, "finite numbers");
        int numbers = output.mean.isEmpty() ? 0 : output.names.size();
        if (output.mean.size() != numbers || output.deviation.size() != numbers) {
            throw new IOException("the model's description is not valid: its output has " + output.names.size()
                    + " names, " + output.mean.size() + " means and " + output.deviation.size() + " deviations");
        }
        boolean ofSet = normalization.by == Normalization.By.SET;
        if (normalization.mean.size() != normalization.deviation.size() || ofSet && normalization.mean.isEmpty()) {
            throw new IOException("the model's description is not valid: it has " + normalization.mean.size()
                    + " means, but " + normalization.deviation.size() + " deviations");
        }
    }

    private static <T> void require(String key, List<T> values, Predicate<T> condition, String wanted)
            throws IOException {
        if (!values.stream().allMatch(condition)) {
            throw new IOException("the model's description is not valid: " + key + " " + values + ", use " + wanted);
        }
    }

    private ModelDescription changed(Consumer<Parts> change) {
        Parts parts = new Parts(this);
        change.accept(parts);
        return parts.together();
    }

    /** The parts of a description while some of them are changed. */
    private static final class Parts {
        private String model;
        private String task;
        private List<Long> inputShape;
        private Normalization normalization;
        private List<String> classes;
        private String unit;
        private Double samplingRate;
        private List<Double> spacing;
        private String orientation;
        private Windows windows;
        private Output output;
        private TrainedOn trainedOn;
        private List<Postprocessing> postprocessing;
        private Map<String, String> properties;

        private Parts(ModelDescription of) {
            model = of.model;
            task = of.task;
            inputShape = of.inputShape;
            normalization = of.normalization;
            classes = of.classes;
            unit = of.unit;
            samplingRate = of.samplingRate;
            spacing = of.spacing;
            orientation = of.orientation;
            windows = of.windows;
            output = of.output;
            trainedOn = of.trainedOn;
            postprocessing = of.postprocessing;
            properties = of.properties;
        }

        private ModelDescription together() {
            return new ModelDescription(
                    model,
                    task,
                    inputShape,
                    normalization,
                    classes,
                    unit,
                    samplingRate,
                    spacing,
                    orientation,
                    windows,
                    output,
                    trainedOn,
                    postprocessing,
                    properties);
        }
    }
}
