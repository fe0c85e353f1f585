package io.mdnc4j.zoo.nnunet;

import io.mdnc4j.zoo.weights.Weights;
import io.mdnc4j.zoo.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The checkpoints of a model's folds, of which the first says what holds for all, as in nnU-Net. */
final class Checkpoints {
    private static final String FOLD = "fold_";
    private static final String FILE = "checkpoint_final.pth";

    /** The key of the network's state, beside optimiser and records. */
    private static final String STATE = "network_weights";

    private final Map<String, Weights> byFold;

    private Checkpoints(Map<String, Weights> byFold) {
        this.byFold = byFold;
    }

    /**
     * Those of some folds, or of all that are there: with numbers, or {@code all}.
     *
     * @param wanted names of folds; empty for all
     * @throws PlansException if one is missing, or there is none
     * @throws WeightsException if one cannot be read
     */
    static Checkpoints in(Path folder, List<String> wanted) throws PlansException, WeightsException {
        List<String> found = found(folder);
        if (found.isEmpty()) {
            throw new PlansException(folder + ": has no " + FOLD + "N with a " + FILE);
        }
        List<String> numbered =
                found.stream().filter(fold -> !fold.equals("all")).toList();
        List<String> folds = wanted.isEmpty() ? numbered.isEmpty() ? found : numbered : wanted;
        Map<String, Weights> byFold = new LinkedHashMap<>();
        for (String fold : folds) {
            if (!found.contains(fold)) {
                throw new PlansException(folder + ": has no " + FOLD + fold + " with a " + FILE + ", only folds "
                        + String.join(", ", found));
            }
            if (byFold.put(fold, Weights.load(folder.resolve(FOLD + fold).resolve(FILE), STATE)) != null) {
                throw new PlansException("fold " + fold + " is asked for twice");
            }
        }
        return new Checkpoints(byFold);
    }

    private static List<String> found(Path folder) throws PlansException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> Files.exists(entry.resolve(FILE)))
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches(FOLD + "(\\d{1,6}|all)"))
                    .map(name -> name.substring(FOLD.length()))
                    .sorted(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (IOException e) {
            throw new PlansException(folder + ": cannot be read: " + e.getMessage(), e);
        }
    }

    List<String> folds() {
        return List.copyOf(byFold.keySet());
    }

    Weights of(String fold) {
        return byFold.get(fold);
    }

    private Object value(String key) {
        return byFold.values().iterator().next().values().get(key);
    }

    @Nullable
    String trainer() {
        return value("trainer_name") instanceof String name ? name : null;
    }

    /** The configuration that was trained; {@code null} if it is not said. */
    @Nullable
    String configuration() {
        return value("init_args.configuration") instanceof String name ? name : null;
    }

    /** Axes along which windows may be mirrored; none where the checkpoint says so, or nothing. */
    List<Integer> mirrored() {
        List<Integer> axes = new ArrayList<>();
        if (value("inference_allowed_mirroring_axes") instanceof List<?> several) {
            for (Object axis : several) {
                axes.add(axis instanceof Number number ? number.intValue() : -1);
            }
        }
        return axes;
    }
}
