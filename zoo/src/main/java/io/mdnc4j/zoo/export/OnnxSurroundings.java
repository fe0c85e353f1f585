package io.mdnc4j.zoo.export;

import static io.mdnc4j.zoo.export.OnnxGraph.attribute;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelDescription.Output;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.export.OnnxLevels.Levels;
import io.mdnc4j.zoo.nnunet.Processing;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;

/**
 * What stands around a network in a graph that takes values as files have them: padding up to a window, normalisation, padding up
 * to what the network takes; and behind the network the same in the other order. Answers become values of the data as
 * {@link Output} says. Of nnU-Net's models values are normalised before they are padded.
 */
final class OnnxSurroundings {
    private static final String NONE = "none";
    private static final String REFLECT = "reflect";
    private static final List<String> PADDINGS = List.of(NONE, REFLECT, "zero");

    private final OnnxGraph graph;
    private final ModelDescription description;
    private final @Nullable Processing processing;
    private final InputType type;
    private final OnnxSize size;
    private final OnnxPadding ofWindow;
    private final OnnxPadding ofNetwork;
    private @Nullable Levels levels;

    /**
     * Around a network.
     *
     * @param description of its data
     * @param processing of nnU-Net; {@code null} for other networks
     * @param input name of what the graph gets
     * @param type of that
     * @param known its size; {@code null} where that is open
     * @param multiples of which the network takes sizes; empty for vectors
     */
    OnnxSurroundings(
            OnnxGraph graph,
            ModelDescription description,
            @Nullable Processing processing,
            String input,
            InputType type,
            long @Nullable [] known,
            long... multiples) {
        this.graph = graph;
        this.description = description;
        this.processing = processing;
        this.type = type;
        ModelDescription.Windows windows =
                Objects.requireNonNullElse(description.windows(), ModelDescription.Windows.DEFAULT);
        ArgumentException.require(
                PADDINGS.contains(windows.padding()),
                "description",
                "padding \"" + windows.padding() + "\"",
                "use one of " + String.join(", ", PADDINGS));
        boolean toWindow = multiples.length > 0
                && description.inWindows()
                && !windows.padding().equals(NONE);
        boolean toMultiple = Arrays.stream(multiples).anyMatch(multiple -> multiple > 1);
        // nothing is computed of sizes that are not asked for
        size = toWindow || toMultiple
                ? OnnxSize.of(graph, input + ".size", input, known)
                : OnnxSize.of(graph, known == null ? SpatialDims.size(type) : known);
        OnnxSize wide = toWindow
                ? size.max(
                        input + ".wide",
                        OnnxSize.of(
                                graph,
                                description.inputShape().stream()
                                        .skip(1)
                                        .mapToLong(Long::longValue)
                                        .toArray()))
                : size;
        OnnxSize taken = toMultiple ? wide.upToMultiple(input + ".taken", multiples) : wide;
        OnnxSize normalised = processing == null ? wide : size;
        ofWindow = OnnxPadding.of(graph, input + ".around", size, normalised);
        ofNetwork = OnnxPadding.of(graph, input + ".filled", normalised, taken);
    }

    /** {@return the size that the network gets; {@code null} where it is open} */
    long @Nullable [] taken() {
        return ofNetwork.padded().numbers();
    }

    /**
     * Adds what comes before the network.
     *
     * @return the name of what the network gets
     */
    String before(String input) {
        boolean mirrored =
                description.windows() != null && description.windows().padding().equals(REFLECT);
        String wide = mirrored ? ofWindow.mirrored(input, axes()) : ofWindow.zeros(input);
        OnnxLevels normalisation = new OnnxLevels(graph, rank(type));
        levels = processing == null
                ? normalisation.add(description.normalization(), wide, SpatialDims.channels(type))
                : new Levels(normalisation.add(processing.normalization(), wide), null, null);
        return ofNetwork.zeros(levels.normalised());
    }

    /** {@return whether answers of that type, to an input of {@link #taken}, are not yet what the graph answers} */
    boolean changes(InputType answer) {
        return isScaled() || isPadded() && isAtPositions(answer);
    }

    /** {@return the type of the graph's answers} */
    InputType type(InputType answer) {
        long[] known = size.numbers();
        return known != null && isPadded() && isAtPositions(answer)
                ? SpatialDims.of(answer).inputType(SpatialDims.channels(answer), known)
                : answer;
    }

    /** Adds what comes after the network. */
    void after(String answer, InputType of, String output) {
        boolean atPositions = isAtPositions(of);
        long[] known = taken();
        long[] given = known == null ? SpatialDims.size(type) : known;
        ArgumentException.require(
                !(isPadded() && atPositions || description.output().residual() && isScaled())
                        || Arrays.equals(SpatialDims.size(of), given),
                "network",
                "is padded or residual, but its output has not the size of its input",
                "use a network whose outputs have the size of its inputs");
        String result = atPositions ? ofNetwork.cropped(answer, axes()) : answer;
        if (isScaled()) {
            result = scaled(result, of);
        }
        result = atPositions ? ofWindow.cropped(result, axes()) : result;
        graph.node("Identity", output, List.of(result));
    }

    private String scaled(String answer, InputType of) {
        Output output = description.output();
        if (!output.mean().isEmpty()) {
            requireChannels(output.mean().size(), of);
            OnnxLevels numbers = new OnnxLevels(graph, rank(of));
            return restored(
                    answer,
                    numbers.constant("answer.mean", output.mean()),
                    numbers.constant("answer.deviation", output.deviation()));
        }
        Levels taken = Objects.requireNonNull(levels);
        String result = answer;
        if (output.residual()) {
            ArgumentException.require(
                    SpatialDims.channels(of) == SpatialDims.channels(type),
                    "description",
                    "residual, but the output has " + SpatialDims.channels(of) + " channels and its input "
                            + SpatialDims.channels(type),
                    "use a network whose outputs have the shape of its inputs");
            result = graph.node("Add", "answer.sum", List.of(answer, taken.normalised()));
        }
        if (!description.normalization().restored() || taken.mean() == null || taken.deviation() == null) {
            return result;
        }
        Normalization how = description.normalization();
        boolean one = how.by() == Normalization.By.SAMPLE
                || SpatialDims.channels(type) == 1 && how.by() != Normalization.By.NONE;
        if (!one) {
            requireChannels(SpatialDims.channels(type), of);
        }
        return restored(result, spread("mean", taken.mean(), of), spread("deviation", taken.deviation(), of));
    }

    private String restored(String answer, String mean, String deviation) {
        String stretched = graph.node("Mul", "answer.stretched", List.of(answer, deviation));
        return graph.node("Add", "answer.restored", List.of(stretched, mean));
    }

    private static void requireChannels(long channels, InputType of) {
        ArgumentException.require(
                channels == SpatialDims.channels(of),
                "description",
                "means of " + channels + " channels are to be restored in an output of " + SpatialDims.channels(of),
                "set restored to false, or use a network of as many output channels");
    }

    /** Numbers of the input's rank, at that of the answer. */
    private String spread(String name, String value, InputType of) {
        int own = rank(type);
        int wanted = rank(of);
        if (own == wanted) {
            return value;
        }
        if (wanted == 2) {
            return graph.node("Flatten", "answer." + name, List.of(value), attribute("axis", 1L));
        }
        long[] added = LongStream.range(2, wanted).toArray();
        return graph.node("Unsqueeze", "answer." + name, List.of(value, graph.integers(added)));
    }

    /** As {@code predict} does: classes are probabilities, whatever the inputs' levels are. */
    private boolean isScaled() {
        boolean classes =
                description.task() != null && Task.parse(description.task()).hasClasses();
        return !classes
                && (description.normalization().restored()
                        || !description.output().equals(Output.PLAIN));
    }

    private boolean isPadded() {
        return !ofWindow.isNone() || !ofNetwork.isNone();
    }

    private boolean isAtPositions(InputType answer) {
        return SpatialDims.size(answer).length > 0 && axes() > 0;
    }

    private int axes() {
        return SpatialDims.size(type).length;
    }

    private static int rank(InputType type) {
        return SpatialDims.size(type).length + 2;
    }
}
