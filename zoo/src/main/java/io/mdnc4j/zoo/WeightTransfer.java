package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What was copied from one network into another: an encoder's weights into a U-Net or auto-encoder of the same family, the
 * other way round, or between networks that have keys in common.
 *
 * <pre>{@code
 * System.out.println(WeightTransfer.copy(encoder, unet));
 * }</pre>
 *
 * <p>An encoder's first convolution becomes the other's, its stages become the stages down in their order, and the one after
 * them the middle stage, as far as that is equal: its last block, which scales up there, gets only the first normalisation
 * and activation.
 *
 * @param moved keys in the target, with the keys in the source that their values are from
 * @param left keys in the target whose values stayed, with the reason
 */
public record WeightTransfer(Map<String, String> moved, Map<String, String> left) {
    private static final String FIRST = "first.";
    private static final String STAGE = "stage.";
    private static final String HOURGLASS_FIRST = "conv_first.";
    private static final String MIDDLE = "conv_middle_up.";
    private static final Pattern DOWN = Pattern.compile("^conv_down_list\\.(\\d{1,4})\\.");
    private static final Pattern BODY = Pattern.compile("^netbody\\.(\\d{1,4})\\.");

    /**
     * Maps are copied, in their order.
     *
     * @param moved keys in the target, with the keys in the source that their values are from
     * @param left keys in the target whose values stayed, with the reason
     */
    public WeightTransfer {
        moved = Collections.unmodifiableMap(new LinkedHashMap<>(moved));
        left = Collections.unmodifiableMap(new LinkedHashMap<>(left));
    }

    /**
     * Copies every tensor that both networks have in the same place and shape.
     *
     * @param from the source
     * @param to the target, whose parameters are set
     * @return what was copied and what was not
     * @throws ArgumentException if there is none
     */
    public static WeightTransfer copy(ComputationGraph from, ComputationGraph to) {
        Map<String, INDArray> source = StateDict.of(from);
        Map<String, INDArray> target = StateDict.of(to);
        Map<String, String> sourceKeys = new LinkedHashMap<>();
        UnaryOperator<String> sourcePlace = places(source.keySet());
        UnaryOperator<String> targetPlace = places(target.keySet());
        source.keySet().forEach(key -> sourceKeys.put(sourcePlace.apply(key), key));
        Map<String, String> moved = new LinkedHashMap<>();
        Map<String, String> left = new LinkedHashMap<>();
        target.forEach((key, tensor) -> {
            String sourceKey = sourceKeys.get(targetPlace.apply(key));
            if (sourceKey == null) {
                left.put(key, "has no counterpart");
                return;
            }
            INDArray values = source.get(sourceKey);
            if (!Arrays.equals(values.shape(), tensor.shape())) {
                left.put(
                        key,
                        Arrays.toString(tensor.shape()) + " where " + sourceKey + " is "
                                + Arrays.toString(values.shape()));
                return;
            }
            tensor.assign(values);
            moved.put(key, sourceKey);
        });
        if (moved.isEmpty()) {
            throw new ArgumentException(
                    "from",
                    "no tensor has the place and shape of one in the other network, such as "
                            + left.entrySet().iterator().next(),
                    "use networks of the same family, block, kernel and channels");
        }
        return new WeightTransfer(moved, left);
    }

    /** Names of places that are equal where encoders, U-Nets and auto-encoders have different keys for the same one. */
    private static UnaryOperator<String> places(Set<String> keys) {
        if (keys.stream().anyMatch(key -> key.startsWith(MIDDLE))) {
            long down = keys.stream()
                    .flatMap(key -> DOWN.matcher(key).results().map(MatchResult::group))
                    .distinct()
                    .count();
            return key -> {
                if (key.startsWith(MIDDLE)) {
                    return STAGE + down + "." + key.substring(MIDDLE.length());
                }
                return key.startsWith(HOURGLASS_FIRST)
                        ? FIRST + key.substring(HOURGLASS_FIRST.length())
                        : DOWN.matcher(key).replaceFirst(STAGE + "$1.");
            };
        }
        if (keys.stream().anyMatch(key -> key.startsWith(HOURGLASS_FIRST))) {
            return UnaryOperator.identity(); // a decoder
        }
        return key -> BODY.matcher(key).replaceFirst(result -> {
            int number = Integer.parseInt(result.group(1));
            return number == 0 ? FIRST : STAGE + (number - 1) + ".";
        });
    }

    /** Counts, then the keys that stayed. */
    @Override
    public String toString() {
        List<String> lines = left.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList();
        return moved.size() + " tensors moved, " + left.size() + " left" + (lines.isEmpty() ? "" : ": " + lines);
    }
}
