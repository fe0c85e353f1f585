package io.mdnc4j.training.predict.bioimageio;

import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Windows;
import io.mdnc4j.zoo.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code rdf.yaml} of a package, as maps and lists, in terms of the specification's version {@value #VERSION}.
 *
 * <p>Normalisation is in the graph, not among the {@code preprocessing}: the specification's operations add an epsilon to
 * deviations, and none of them undoes the normalisation of an input in an output.
 *
 * @param description of the network
 * @param task of it
 * @param input shape {@code [C, size...]}, or {@code [K]} of vectors
 * @param output shape {@code [C', size...]} of the answer to it, or {@code [K]}
 * @param fixed whether inputs have that size; else they have at least that
 * @param inputNames of the input's channels; empty if they have none
 */
record ResourceDescription(
        ModelDescription description, Task task, long[] input, long[] output, boolean fixed, List<String> inputNames) {
    /** Of the specification. */
    static final String VERSION = "0.5.7";

    static final String INPUT = "input";
    static final String OUTPUT = "output";

    /** Names of the axes of signals, images and volumes. */
    private static final List<List<String>> AXES = List.of(List.of("time"), List.of("y", "x"), List.of("z", "y", "x"));

    private static final int MOST_OF_NOTES = 128;

    private static final Pattern UNIT = Pattern.compile(
            "(Q|R|Y|Z|E|P|T|G|M|k|h|da|d|c|m|\u00b5|n|p|f|a|z|y|r|q)?(m|g|s|A|K|mol|cd|Hz|N|Pa|J|W|C|V|F|\u03a9|S|Wb|T|H|lm|lx"
                    + "|Bq|Gy|Sv|kat|l|L)");

    /** A file of the package. */
    record Part(String name, String sha256) {
        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("source", name);
            map.put("sha256", sha256);
            return map;
        }
    }

    /** The input's entry under {@code inputs}. */
    Map<String, Object> inputEntry(Part test) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", INPUT);
        entry.put(
                "description",
                shortened("values as files have them" + (description.unit() == null ? "" : ", in " + description.unit())
                        + "; normalised in the network's graph"));
        List<Map<String, Object>> axes = first(names(inputNames, (int) input[0]));
        for (int axis = 1; axis < input.length; axis++) {
            Map<String, Object> entryOfAxis = axis(axis - 1);
            Object size = input[axis];
            entryOfAxis.put("size", fixed ? size : sizes(input[axis]));
            axes.add(entryOfAxis);
        }
        entry.put("axes", axes);
        entry.put("test_tensor", test.asMap());
        entry.put("data", data(description.unit(), false));
        return entry;
    }

    /** The output's entry under {@code outputs}. */
    Map<String, Object> outputEntry(Part test) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", OUTPUT);
        List<String> names =
                task.hasClasses() ? description.classes() : description.output().names();
        boolean unchanged = output.length == input.length
                && Arrays.equals(
                        Arrays.copyOfRange(input, 1, input.length), Arrays.copyOfRange(output, 1, output.length));
        entry.put(
                "description",
                shortened(
                        task.hasClasses()
                                ? "probabilities of "
                                        + (task.isMultiLabel() ? "any number of " : "")
                                        + String.join(", ", names)
                                : "values" + (description.unit() == null ? "" : ", in " + description.unit())));
        List<Map<String, Object>> axes = first(names(names, (int) output[0]));
        for (int axis = 1; axis < output.length; axis++) {
            Map<String, Object> entryOfAxis = axis(axis - 1);
            entryOfAxis.put("size", unchanged ? reference(entryOfAxis.get("id")) : (Object) output[axis]);
            long halo = unchanged ? halo(input[axis]) : 0;
            if (halo > 0) {
                entryOfAxis.put("halo", halo);
            }
            axes.add(entryOfAxis);
        }
        entry.put("axes", axes);
        entry.put("test_tensor", test.asMap());
        entry.put("data", data(task.hasClasses() ? null : description.unit(), task.hasClasses()));
        return entry;
    }

    private static List<Map<String, Object>> first(List<String> channels) {
        List<Map<String, Object>> axes = new ArrayList<>();
        axes.add(new LinkedHashMap<>(Map.of("type", "batch")));
        Map<String, Object> channel = new LinkedHashMap<>();
        channel.put("type", "channel");
        channel.put("id", "channel");
        channel.put("channel_names", channels);
        axes.add(channel);
        return axes;
    }

    /**
     * Type and name of a spatial axis. Distances of elements are left out, since JDLL, by which deepImageJ and Icy read packages,
     * takes {@code scale} for how much larger outputs are than inputs; they stand under {@code config}.
     */
    private Map<String, Object> axis(int which) {
        int count = Math.max(input.length, output.length) - 1;
        Map<String, Object> axis = new LinkedHashMap<>();
        axis.put("type", count == 1 ? "time" : "space");
        axis.put("id", AXES.get(count - 1).get(which));
        return axis;
    }

    private static Map<String, Object> sizes(long least) {
        Map<String, Object> sizes = new LinkedHashMap<>();
        sizes.put("min", least);
        sizes.put("step", 1);
        return sizes;
    }

    private static Map<String, Object> reference(Object axis) {
        Map<String, Object> size = new LinkedHashMap<>();
        size.put("tensor_id", INPUT);
        size.put("axis_id", axis);
        return size;
    }

    /** What is cut off at each side, so that windows lie as far apart as predictions have them. */
    private long halo(long window) {
        double overlap = Objects.requireNonNullElse(description.windows(), Windows.DEFAULT)
                .overlap();
        return (long) (window * overlap / 2);
    }

    private static Map<String, Object> data(@Nullable String unit, boolean probability) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("type", "float32");
        if (probability) {
            data.put("range", List.of(0.0, 1.0));
        }
        if (unit != null && UNIT.matcher(unit).matches()) {
            data.put("unit", unit);
        }
        return data;
    }

    /** Names that are identifiers of Python, as the specification wants them, each another one. */
    static List<String> names(List<String> wanted, int count) {
        List<String> names = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (int c = 0; c < count; c++) {
            String plain = c < wanted.size() && wanted.size() == count
                    ? wanted.get(c).strip().replaceAll("[^A-Za-z0-9_]+", "_")
                    : "channel" + c;
            String name = plain.isEmpty() || Character.isDigit(plain.charAt(0)) ? "_" + plain : plain;
            names.add(used.add(name) ? name : name + "_" + c);
            used.add(names.get(c));
        }
        return names;
    }

    private static String shortened(String text) {
        return text.length() <= MOST_OF_NOTES ? text : text.substring(0, MOST_OF_NOTES - 3) + "...";
    }

    /** {@return the output's sizes in words} */
    String sizesInWords() {
        return String.join(
                " x ",
                IntStream.range(1, input.length)
                        .mapToObj(axis -> String.valueOf(input[axis]))
                        .toList());
    }
}
