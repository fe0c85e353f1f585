package io.mdnc4j.training.search;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a candidate.
 *
 * @param index number of the candidate, from 0
 * @param status whether it is in training, or how it ended
 * @param score lowest validation loss, {@code null} unless finished
 * @param budget part of the whole budget that it was trained for
 * @param steps batches trained
 * @param seconds time of training and validating, in seconds
 * @param parameters trained values of the network
 * @param memoryMebibytes estimate of what training takes, in MiB
 * @param settings by name, as {@link Hyperparameters#toMap()} has them
 * @param reason why it failed or was refused, empty otherwise
 */
public record CandidateRecord(
        int index,
        Status status,
        @Nullable Double score,
        double budget,
        long steps,
        double seconds,
        long parameters,
        double memoryMebibytes,
        Map<String, String> settings,
        String reason) {
    /** How it ended. */
    public enum Status {
        /** It is in training, or was when the process died. */
        RUNNING,
        /** It has a score. */
        FINISHED,
        /** Its training ended with an error, such as a diverging loss or too little memory. */
        FAILED,
        /** It was not trained, since it would take too much memory. */
        REFUSED
    }

    /** Whether it has a lower score than another one, or the other one has none. */
    boolean isBetterThan(@Nullable CandidateRecord other) {
        return score != null && (other == null || other.score == null || score < other.score);
    }

    /** {@return the settings with the stages' depths as numbers that can be plotted: {@code stages}, and {@code blocks} in all} */
    public Map<String, String> settingsToPlot() {
        Map<String, String> plotted = new LinkedHashMap<>();
        settings.forEach((name, value) -> {
            if (name.equals(Hyperparameters.LAYERS)) {
                int[] depths = Arrays.stream(value.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray();
                plotted.put("stages", String.valueOf(depths.length));
                plotted.put("blocks", String.valueOf(Arrays.stream(depths).sum()));
            } else {
                plotted.put(name, value);
            }
        });
        return plotted;
    }

    /** The same after a training of so many steps and seconds that ended with that score. */
    CandidateRecord finished(double reached, long trained, double took) {
        return new CandidateRecord(
                index, Status.FINISHED, reached, budget, trained, took, parameters, memoryMebibytes, settings, "");
    }

    /** The score, infinite without one. */
    double scoreOrFailed() {
        return score == null ? Strategy.FAILED : score;
    }
}
