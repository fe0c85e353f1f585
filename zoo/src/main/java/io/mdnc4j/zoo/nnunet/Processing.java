package io.mdnc4j.zoo.nnunet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelFolds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What nnU-Net does with an image before and after its network, as the plans of a model say. It travels in the model file as
 * the note {@value #NOTE}. Axes are those of nnU-Net's arrays: {@code [channel, z, y, x]}, NIfTI's axes reversed, then
 * transposed by {@code transpose}.
 *
 * @param trainer name of the trainer, such as {@code nnUNetTrainer}; {@code null} if unknown
 * @param configuration name of the configuration, such as {@code 3d_fullres}
 * @param folds names of the folds whose parameters the file has, the first those of its network, the others under
 *     {@link #parametersOf}
 * @param channels names of the channels, in the order of the files {@code _0000}, {@code _0001} ...
 * @param fileEnding ending of images' names, such as {@code .nii.gz}
 * @param reoriented whether images are brought to the axes right, front and head (RAS) before all else
 * @param transpose for each axis of what follows that of the image; its inverse undoes it
 * @param spacing distance of elements that the network was trained on, one number an axis, in 2D of the last two
 * @param normalization of each channel
 * @param imageResampling how images are brought to that spacing
 * @param outputResampling how the network's outputs are brought back, before the classes are decided
 * @param patch size of windows, one number an axis of the network
 * @param mirrored axes of the network along which windows are also given mirrored, all subsets averaged; empty for none
 * @param labels names and numbers of the classes, in the order of the output's channels
 * @param regionOrder numbers that regions get, one for each of {@code labels}, later ones over earlier ones; empty where the
 *     most probable class is taken
 * @param ignored number that masks have where nobody knows the class; {@code null} for none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Processing(
        @JsonProperty("trainer") @Nullable String trainer,
        @JsonProperty("configuration") String configuration,
        @JsonProperty("folds") List<String> folds,
        @JsonProperty("channels") List<String> channels,
        @JsonProperty("file_ending") String fileEnding,
        @JsonProperty("reoriented") boolean reoriented,
        @JsonProperty("transpose") List<Integer> transpose,
        @JsonProperty("spacing") List<Double> spacing,
        @JsonProperty("normalization") List<Channel> normalization,
        @JsonProperty("image_resampling") Resampling imageResampling,
        @JsonProperty("output_resampling") Resampling outputResampling,
        @JsonProperty("patch") List<Integer> patch,
        @JsonProperty("mirrored") List<Integer> mirrored,
        @JsonProperty("labels") List<Label> labels,
        @JsonProperty("region_order") List<Integer> regionOrder,
        @JsonProperty("ignored") @Nullable Integer ignored) {
    /** Name of the note in a model file. */
    public static final String NOTE = "nnunet";

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Axes of volumes. */
    private static final int AXES = 3;

    /**
     * How a channel is normalised.
     *
     * @param scheme in what way
     * @param masked whether only what is not outside of the image is measured and changed
     * @param mean of the training set, for {@link Scheme#CT}
     * @param deviation of the training set, for {@link Scheme#CT}
     * @param lower the least value, for {@link Scheme#CT}
     * @param upper the largest value, for {@link Scheme#CT}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Channel(
            @JsonProperty("scheme") Scheme scheme,
            @JsonProperty("masked") boolean masked,
            @JsonProperty("mean") @Nullable Double mean,
            @JsonProperty("deviation") @Nullable Double deviation,
            @JsonProperty("lower") @Nullable Double lower,
            @JsonProperty("upper") @Nullable Double upper) {}

    /**
     * How arrays are resampled: pixel centres map as {@code (i + 0.5) old / new - 0.5}.
     *
     * @param order of the splines: 0 nearest, 1 linear, 3 cubic with prefilter
     * @param coarseOrder of those along the axis of largest spacing, where that is resampled apart
     * @param apart whether the axis of largest spacing is resampled apart from the others; {@code null} where it is more than
     *     three times the smallest
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Resampling(
            @JsonProperty("order") int order,
            @JsonProperty("coarse_order") int coarseOrder,
            @JsonProperty("apart") @Nullable Boolean apart) {}

    /**
     * A class, or a region of several.
     *
     * @param name its name
     * @param numbers its number in images of classes, or those of all classes that belong to a region
     */
    public record Label(
            @JsonProperty("name") String name,
            @JsonProperty("numbers") List<Integer> numbers) {
        /**
         * Copies the list.
         *
         * @param name its name
         * @param numbers its number, or those of all classes that belong to it
         */
        public Label {
            numbers = numbers == null ? List.of() : List.copyOf(numbers);
        }
    }

    /**
     * Copies lists; {@code null} stands for empty ones.
     *
     * @param trainer name of the trainer
     * @param configuration name of the configuration
     * @param folds names of the folds whose parameters the file has
     * @param channels names of the channels
     * @param fileEnding ending of images' names
     * @param reoriented whether images are brought to the axes right, front and head (RAS) before all else
     * @param transpose for each axis of what follows that of the image
     * @param spacing distance of elements that the network was trained on
     * @param normalization of each channel
     * @param imageResampling how images are brought to that spacing
     * @param outputResampling how the network's outputs are brought back
     * @param patch size of windows
     * @param mirrored axes along which windows are also given mirrored
     * @param labels names and numbers of the classes, in the order of the output's channels
     * @param regionOrder numbers that regions get
     * @param ignored number where nobody knows the class
     */
    public Processing {
        folds = copy(folds);
        channels = copy(channels);
        transpose = copy(transpose);
        spacing = copy(spacing);
        normalization = copy(normalization);
        patch = copy(patch);
        mirrored = copy(mirrored);
        labels = copy(labels);
        regionOrder = copy(regionOrder);
    }

    private static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /**
     * {@return the name under which a model file has the parameters of a fold but the first: {@link ModelFiles#parameters}}
     *
     * @param fold its name
     */
    public static String parametersOf(String fold) {
        return ModelFolds.parametersOf(fold);
    }

    /** {@return as JSON} */
    public String toJson() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of strings and numbers can be written", e);
        }
    }

    /**
     * What a model file says of it.
     *
     * @param file the model file
     * @return empty if it is no model of nnU-Net
     * @throws IOException if the file cannot be read, or says what cannot be
     */
    public static Optional<Processing> in(Path file) throws IOException {
        Optional<String> note = ModelFiles.note(file, NOTE);
        return note.isEmpty() ? Optional.empty() : Optional.of(fromJson(note.get()));
    }

    /**
     * Reads {@link #toJson()}.
     *
     * @param json the text
     * @return what it says
     * @throws PlansException if it is no such JSON, or what it says does not go together
     */
    public static Processing fromJson(String json) throws PlansException {
        try {
            Processing read = MAPPER.readValue(json, Processing.class);
            if (read == null) {
                throw new PlansException("the note " + NOTE + " is empty");
            }
            read.check();
            return read;
        } catch (JsonProcessingException e) {
            throw new PlansException("the note " + NOTE + " is not valid: " + e.getOriginalMessage(), e);
        }
    }

    /** Refuses what does not go together. */
    void check() throws PlansException {
        int axes = patch.size();
        require("folds", !folds.isEmpty() && folds.size() == new HashSet<>(folds).size());
        require("channels", !channels.isEmpty() && normalization.size() == channels.size());
        require("normalization", normalization.stream().allMatch(Processing::isComplete));
        require("configuration and file_ending", configuration != null && fileEnding != null);
        require(
                "transpose",
                transpose.size() == AXES && new HashSet<>(transpose).equals(new HashSet<>(List.of(0, 1, 2))));
        require("patch", (axes == 2 || axes == AXES) && patch.stream().allMatch(size -> size >= 1));
        require("spacing", spacing.size() == axes && spacing.stream().allMatch(s -> s > 0 && Double.isFinite(s)));
        require(
                "mirrored",
                mirrored.size() == new HashSet<>(mirrored).size()
                        && mirrored.stream().allMatch(axis -> axis >= 0 && axis < axes));
        require("image_resampling", isKnown(imageResampling));
        require("output_resampling", isKnown(outputResampling));
        require("labels", !labels.isEmpty() && labels.stream().noneMatch(label -> label.numbers.isEmpty()));
        if (regionOrder.isEmpty()) {
            require(
                    "labels",
                    labels.size() >= 2
                            && IntStream.range(0, labels.size())
                                    .allMatch(i -> labels.get(i).numbers.equals(List.of(i))));
        } else {
            require("region_order", regionOrder.size() == labels.size());
        }
    }

    private static boolean isComplete(Channel channel) {
        return channel.scheme != null
                && (channel.scheme != Scheme.CT
                        || channel.mean != null
                                && channel.deviation != null
                                && channel.lower != null
                                && channel.upper != null
                                && channel.deviation > 0
                                && channel.lower <= channel.upper);
    }

    private static boolean isKnown(@Nullable Resampling resampling) {
        return resampling != null && List.of(0, 1, 3).containsAll(List.of(resampling.order, resampling.coarseOrder));
    }

    private static void require(String what, boolean condition) throws PlansException {
        if (!condition) {
            throw new PlansException("the model's " + what + " cannot be, or is missing");
        }
    }
}
