package io.mdnc4j.training.data;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which target belongs to which input, by their names: {@code 7} to {@code 7}, {@code 7_image} to {@code 7_mask}. */
final class NamePairs {
    private NamePairs() {}

    /**
     * Pairs names.
     *
     * @param inputs names without the suffixes of formats, perhaps with folders before
     * @param targets others such
     * @return targets by inputs: the same name; if not all have one, their name and an ending that is the same for all; if not
     *     all have that, those that are the same without the words that all inputs, and all targets, begin or end with
     */
    static Map<String, String> of(Set<String> inputs, Set<String> targets) {
        String first = inputs.stream().findFirst().orElse("");
        Optional<String> ending = Stream.concat(
                        Stream.of(first), targets.stream().filter(target -> target.startsWith(first)))
                .map(target -> target.substring(first.length()))
                .filter(end -> inputs.stream().allMatch(input -> targets.contains(input + end)))
                .findFirst();
        if (ending.isPresent()) {
            return inputs.stream().collect(Collectors.toMap(name -> name, name -> name + ending.get()));
        }
        Map<String, String> byCore = cores(targets);
        Map<String, String> pairs = new HashMap<>();
        cores(inputs).forEach((core, name) -> {
            String target = byCore.get(core);
            if (target != null) {
                pairs.put(name, target);
            }
        });
        return pairs;
    }

    /** Names by what is left of them without the words that all begin or end with. */
    private static Map<String, String> cores(Set<String> names) {
        String first = names.stream().findFirst().orElse("");
        int before = first.lastIndexOf('/') + 1;
        int after = 0;
        if (names.size() > 1) {
            before = words(first, names, false);
            after = words(first, names, true);
        }
        Map<String, String> cores = new TreeMap<>();
        for (String name : names) {
            int end = Math.max(before, name.length() - after);
            cores.put(name.substring(Math.min(before, name.length()), end), name);
        }
        return cores;
    }

    /** Length of the whole words that all names begin, or end, with. */
    private static int words(String first, Set<String> names, boolean end) {
        int common = first.length();
        for (String name : names) {
            int same = 0;
            while (same < Math.min(common, name.length()) && at(first, same, end) == at(name, same, end)) {
                same++;
            }
            common = same;
        }
        while (common > 0 && !isBorder(first, common, end)) {
            common--;
        }
        return common;
    }

    private static char at(String name, int index, boolean fromEnd) {
        return name.charAt(fromEnd ? name.length() - 1 - index : index);
    }

    /** Whether a word ends there: at something that is neither letter nor digit, or between letters and digits. */
    private static boolean isBorder(String name, int length, boolean fromEnd) {
        if (length == name.length()) {
            return false;
        }
        char last = at(name, length - 1, fromEnd);
        char next = at(name, length, fromEnd);
        return !Character.isLetterOrDigit(last) || Character.isLetter(last) != Character.isLetter(next);
    }
}
