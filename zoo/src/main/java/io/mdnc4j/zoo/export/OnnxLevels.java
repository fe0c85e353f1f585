package io.mdnc4j.zoo.export;

import static io.mdnc4j.zoo.export.OnnxGraph.attribute;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.nnunet.Processing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Normalisation of what goes into a network as nodes of an ONNX graph: {@code (x - mean) / deviation}, of samples or of their
 * channels by their own numbers, or by those of a training set. All is computed in float, since many runtimes have no more: means
 * are corrected by the mean of what is left, deviations are those of values scaled to at most 1.
 */
final class OnnxLevels {
    /** What deviations of nnU-Net are at least. */
    private static final float LEAST = 1e-8f;

    private static final float BYTE = 255;

    private final OnnxGraph graph;
    private final int rank;

    /**
     * Values by name, each of which spreads over samples.
     *
     * @param normalised the values
     * @param mean what was subtracted; {@code null} where nothing was
     * @param deviation what was divided by; {@code null} where nothing was
     */
    record Levels(
            String normalised,
            @Nullable String mean,
            @Nullable String deviation) {}

    /** @param rank axes of the values, with those of samples and channels */
    OnnxLevels(OnnxGraph graph, int rank) {
        this.graph = graph;
        this.rank = rank;
    }

    /**
     * Adds a normalisation.
     *
     * @throws ArgumentException if it has numbers of other channels
     */
    Levels add(Normalization how, String input, long channels) {
        return switch (how.by()) {
            case NONE -> new Levels(input, null, null);
            case SAMPLE -> own("levels", input, 1, 0);
            case CHANNEL -> own("levels", input, 2, 0);
            case SET -> {
                ArgumentException.require(
                        how.mean().size() == channels && how.deviation().size() == channels,
                        "description",
                        "means of " + how.mean().size() + " channels, for a network of " + channels,
                        "state one for each");
                yield ofSet("levels", input, how.mean(), how.deviation());
            }
        };
    }

    /**
     * Adds the normalisation of nnU-Net, each channel in its own way.
     *
     * @throws ArgumentException if what is outside of the image is left out, which no operator tells
     */
    String add(List<Processing.Channel> channels, String input) {
        List<String> done = new ArrayList<>();
        for (int c = 0; c < channels.size(); c++) {
            String name = "levels" + c;
            String channel = channels.size() == 1
                    ? input
                    : graph.node(
                            "Slice",
                            name + ".channel",
                            List.of(input, graph.integers(c), graph.integers(c + 1), graph.integers(1)));
            done.add(add(channels.get(c), name, channel));
        }
        return done.size() == 1 ? done.get(0) : graph.node("Concat", "levels", done, attribute("axis", 1L));
    }

    private String add(Processing.Channel how, String name, String input) {
        return switch (how.scheme()) {
            case Z_SCORE -> {
                ArgumentException.require(
                        !how.masked(),
                        "selfContained",
                        "a channel is normalised by what is not outside of the image, which no ONNX operator tells",
                        "export the network alone, and normalise before it");
                yield own(name, input, 1, LEAST).normalised();
            }
            case CT -> {
                String clipped = graph.node(
                        "Clip",
                        name + ".clipped",
                        List.of(input, scalar(name + ".lower", how.lower()), scalar(name + ".upper", how.upper())));
                yield ofSet(name, clipped, List.of(how.mean()), List.of(Math.max(how.deviation(), LEAST)))
                        .normalised();
            }
            case UNIT_RANGE -> {
                String least = reduced("ReduceMin", name + ".least", input, 1);
                String most = reduced("ReduceMax", name + ".most", input, 1);
                String width = graph.node("Sub", name + ".width", List.of(most, least));
                String divisor = graph.node("Max", name + ".divisor", List.of(width, graph.floats(LEAST)));
                String shifted = graph.node("Sub", name + ".shifted", List.of(input, least));
                yield graph.node("Div", name + ".normalised", List.of(shifted, divisor));
            }
            case BYTES -> graph.node("Div", name + ".normalised", List.of(input, graph.floats(BYTE)));
            case NONE -> input;
        };
    }

    /** By the mean and deviation of each sample, from that axis on; constant ones are divided by 1, or by what is least. */
    private Levels own(String name, String input, int from, float least) {
        String first = reduced("ReduceMean", name + ".estimate", input, from);
        String shifted = graph.node("Sub", name + ".shifted", List.of(input, first));
        String rest = reduced("ReduceMean", name + ".rest", shifted, from);
        String mean = graph.node("Add", name + ".mean", List.of(first, rest));
        String centred = graph.node("Sub", name + ".centred", List.of(shifted, rest));

        String most = reduced("ReduceMax", name + ".most", input, from);
        String lowest = reduced("ReduceMin", name + ".lowest", input, from);
        String flat = graph.node("Equal", name + ".flat", List.of(most, lowest));
        String one = graph.floats(1);
        String largest =
                reduced("ReduceMax", name + ".largest", graph.node("Abs", name + ".sizes", List.of(centred)), from);
        String scale = graph.node("Where", name + ".scale", List.of(flat, one, largest));
        String unit = graph.node("Div", name + ".unit", List.of(centred, scale));
        String squares = graph.node("Mul", name + ".squares", List.of(unit, unit));
        String root =
                graph.node("Sqrt", name + ".root", List.of(reduced("ReduceMean", name + ".variance", squares, from)));
        String spread = graph.node("Where", name + ".spread", List.of(flat, one, root));
        String deviation = graph.node("Mul", name + ".deviation", List.of(scale, spread));
        if (least > 0) {
            deviation = graph.node("Max", name + ".divisor", List.of(deviation, graph.floats(least)));
        }
        return new Levels(graph.node("Div", name + ".normalised", List.of(centred, deviation)), mean, deviation);
    }

    private Levels ofSet(String name, String input, List<Double> means, List<Double> deviations) {
        String mean = constant(name + ".mean", means);
        String deviation = constant(name + ".deviation", deviations);
        String shifted = graph.node("Sub", name + ".shifted", List.of(input, mean));
        List<Double> rest = means.stream().map(m -> m - (float) (double) m).toList();
        boolean rounded =
                IntStream.range(0, rest.size()).anyMatch(c -> Math.abs(rest.get(c)) > Math.ulp(1f) * deviations.get(c));
        if (rounded) {
            // of large means a float keeps too little
            shifted = graph.node("Sub", name + ".centred", List.of(shifted, constant(name + ".rest", rest)));
        }
        return new Levels(graph.node("Div", name + ".normalised", List.of(shifted, deviation)), mean, deviation);
    }

    /** Numbers of channels. */
    String constant(String name, List<Double> values) {
        long[] shape = new long[rank];
        Arrays.fill(shape, 1);
        shape[1] = values.size();
        float[] floats = new float[values.size()];
        for (int c = 0; c < floats.length; c++) {
            floats[c] = (float) (double) values.get(c);
        }
        return graph.weight(name, Nd4j.createFromArray(floats), shape);
    }

    private String scalar(String name, double value) {
        return graph.weight(name, Nd4j.createFromArray((float) value));
    }

    /** Over all axes from that one on; those stay, with one element. */
    private String reduced(String operator, String name, String input, int from) {
        int[] axes = IntStream.range(from, rank).toArray();
        // without axes it would be over all of them
        return axes.length == 0
                ? graph.node("Identity", name, List.of(input))
                : graph.node(operator, name, List.of(input), attribute("axes", axes), attribute("keepdims", 1L));
    }
}
