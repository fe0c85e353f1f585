package io.mdnc4j.zoo.export;

import static io.mdnc4j.zoo.export.OnnxGraph.attribute;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Elements around what a network gets, and the removal of what it answers to them: on both sides as equally as can be, the odd
 * one behind.
 *
 * @param name begins those of all values
 * @param size without them
 * @param padded with them
 * @param before those before each axis
 */
record OnnxPadding(OnnxGraph graph, String name, OnnxSize size, OnnxSize padded, OnnxSize before) {
    /** Around values of that size, up to another one. */
    static OnnxPadding of(OnnxGraph graph, String name, OnnxSize size, OnnxSize padded) {
        OnnxSize before = padded.minus(name + ".surplus", size).half(name + ".before");
        return new OnnxPadding(graph, name, size, padded, before);
    }

    /** {@return whether nothing is added} */
    boolean isNone() {
        return padded.is(size);
    }

    /** The value with zeros around it. */
    String zeros(String input) {
        if (isNone()) {
            return input;
        }
        OnnxSize after = padded.minus(name + ".both", size).minus(name + ".after", before);
        String none = graph.integers(0, 0); // samples and channels
        String pads = graph.node(
                "Concat", name + ".pads", List.of(none, before.vector(), none, after.vector()), attribute("axis", 0L));
        return graph.node("Pad", name + ".padded", List.of(input, pads));
    }

    /** The value with its mirror image around it, in which border elements occur once, again and again where it is small. */
    String mirrored(String input, int axes) {
        if (isNone()) {
            return input;
        }
        String result = input;
        for (int axis = 0; axis < axes; axis++) {
            String of = name + ".axis" + axis;
            String length = scalar(of + ".length", size, axis);
            String end = scalar(of + ".end", padded, axis);
            String start = scalar(of + ".start", before, axis);
            String one = graph.integer(1);
            String places = graph.node(
                    "Sub",
                    of + ".places",
                    List.of(graph.node("Range", of + ".range", List.of(graph.integer(0), end, one)), start));
            String last = graph.node("Sub", of + ".last", List.of(length, one));
            String twice = graph.node("Add", of + ".twice", List.of(last, last));
            // a single element is its own image
            String period = graph.node("Max", of + ".period", List.of(twice, one));
            String inPeriod = graph.node("Mod", of + ".inperiod", List.of(places, period));
            String back = graph.node("Sub", of + ".back", List.of(twice, inPeriod));
            String nearer = graph.node("Min", of + ".nearer", List.of(inPeriod, back));
            result =
                    graph.node("Gather", of + ".mirrored", List.of(result, nearer), attribute("axis", (long) axis + 2));
        }
        return result;
    }

    private String scalar(String of, OnnxSize sizes, int axis) {
        long[] numbers = sizes.numbers();
        return numbers != null
                ? graph.integer(numbers[axis])
                : graph.node("Gather", of, List.of(sizes.vector(), graph.integer(axis)), attribute("axis", 0L));
    }

    /** The answer without what belongs to them. */
    String cropped(String answer, int axes) {
        if (isNone()) {
            return answer;
        }
        OnnxSize end = before.plus(name + ".until", size);
        String spatial = graph.integers(LongStream.range(2, axes + 2L).toArray());
        return graph.node("Slice", name + ".cropped", List.of(answer, before.vector(), end.vector(), spatial));
    }
}
