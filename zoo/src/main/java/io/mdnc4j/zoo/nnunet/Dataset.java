package io.mdnc4j.zoo.nnunet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code dataset.json} says.
 *
 * @param channels names of the channels
 * @param fileEnding ending of images' names
 * @param labels classes or, where there are any, regions, in the order of the network's outputs
 * @param regionOrder numbers that regions get; empty for classes
 * @param ignored number that masks have where nobody knows the class; {@code null} for none
 */
record Dataset(
        List<String> channels,
        String fileEnding,
        List<Processing.Label> labels,
        List<Integer> regionOrder,
        @Nullable Integer ignored) {
    private static final String LABELS = "labels";
    private static final String IGNORED = "ignore";
    private static final List<String> ENDINGS = List.of(".nii.gz", ".nii");

    static Dataset of(JsonFile file) throws PlansException {
        JsonFile named = file.object(file.has("channel_names") ? "channel_names" : "modality");
        Map<Integer, String> channels = new TreeMap<>();
        for (Map.Entry<String, JsonNode> channel : named.node().properties()) {
            channels.put(number(file, channel.getKey()), channel.getValue().asText());
        }
        if (channels.isEmpty() || !List.copyOf(channels.keySet()).equals(upTo(channels.size()))) {
            throw file.refusal("its channels are numbered " + channels.keySet() + ", not 0, 1, 2 ...");
        }
        file.requireOneOf("file_ending", "the file ending", ENDINGS);
        String ending = file.has("file_ending") ? file.text("file_ending") : ENDINGS.get(0);
        List<Processing.Label> labels = labels(file);
        boolean regions = labels.stream().anyMatch(label -> label.numbers().size() > 1);
        return regions
                ? ofRegions(file, List.copyOf(channels.values()), ending, labels)
                : ofClasses(file, List.copyOf(channels.values()), ending, labels);
    }

    private static List<Processing.Label> labels(JsonFile file) throws PlansException {
        List<Processing.Label> labels = new ArrayList<>();
        JsonFile listed = file.object(LABELS);
        for (Map.Entry<String, JsonNode> label : listed.node().properties()) {
            if (label.getKey().equals(IGNORED)) {
                continue; // where training knew no class; never an answer
            }
            List<Integer> numbers = label.getValue().isArray()
                    ? listed.integers(label.getKey())
                    : List.of(listed.integer(label.getKey(), label.getValue()));
            if (numbers.isEmpty() || numbers.stream().anyMatch(number -> number < 0)) {
                throw file.refusal("label \"" + Architecture.shown(label.getKey()) + "\" has " + numbers
                        + ", not whole numbers from 0 on");
            }
            labels.add(new Processing.Label(label.getKey(), numbers));
        }
        return labels;
    }

    private static Dataset ofClasses(JsonFile file, List<String> channels, String ending, List<Processing.Label> labels)
            throws PlansException {
        List<Processing.Label> sorted = labels.stream()
                .sorted(java.util.Comparator.comparing(label -> label.numbers().get(0)))
                .toList();
        List<Integer> numbers =
                sorted.stream().map(label -> label.numbers().get(0)).toList();
        if (sorted.size() < 2 || !numbers.equals(upTo(sorted.size()))) {
            throw file.refusal("its labels have the numbers " + numbers + ", not 0, 1, 2 ...");
        }
        return new Dataset(channels, ending, sorted, List.of(), ignored(file));
    }

    private static Dataset ofRegions(JsonFile file, List<String> channels, String ending, List<Processing.Label> labels)
            throws PlansException {
        List<Processing.Label> regions = labels.stream()
                .filter(label -> label.numbers().stream().anyMatch(number -> number != 0))
                .toList();
        List<Integer> order = file.integers("regions_class_order");
        if (order.size() != regions.size()) {
            throw file.refusal("has " + regions.size() + " regions, but " + order.size() + " regions_class_order");
        }
        return new Dataset(channels, ending, regions, order, ignored(file));
    }

    private static @Nullable Integer ignored(JsonFile file) throws PlansException {
        JsonFile listed = file.object(LABELS);
        JsonNode number = listed.node().get(IGNORED);
        return number == null ? null : listed.integer(IGNORED, number);
    }

    private static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static int number(JsonFile file, String text) throws PlansException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw file.refusal("channel \"" + Architecture.shown(text) + "\" is not numbered");
        }
    }
}
