package io.mdnc4j.training.task;

import io.mdnc4j.blocks.ArgumentException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Data that are parted in several ways, so that every example is tested once (cross-validation). What one fold keeps in memory
 * goes with it: ask for one at a time.
 *
 * @param count folds, 2 or more
 * @param at the data of a fold, from 0
 */
public record DataFolds(int count, IntFunction<TrainingData> at) {
    /**
     * The data of a fold.
     *
     * @param fold from 0
     * @return its examples in three parts, read anew
     * @throws ArgumentException if there is no such fold
     */
    public TrainingData get(int fold) {
        ArgumentException.require(fold >= 0 && fold < count, "fold", fold, "give 0 to " + (count - 1));
        return at.apply(fold).ofFold(fold + 1, count);
    }

    /**
     * Stretches of a series, one for each of so many folds, that is tested, and after each, behind the last at the start, one that
     * validates.
     *
     * @param length of the series
     * @param share of what is not tested that validates; at least one
     */
    static Stretch stretch(int fold, int count, int length, double share) {
        int start = (int) ((long) length * fold / count);
        int end = (int) ((long) length * (fold + 1) / count);
        int validating = Math.max(1, (int) Math.round(share * (length - (end - start))));
        return new Stretch(start, end, validating, length);
    }

    /** Which places of a series a fold tests, validates and trains with. */
    record Stretch(int start, int end, int validating, int length) {
        boolean tests(int place) {
            return place >= start && place < end;
        }

        boolean validates(int place) {
            return Math.floorMod(place - end, length) < validating;
        }

        int[] tested() {
            return IntStream.range(start, end).toArray();
        }

        int[] validated() {
            return IntStream.range(0, length).filter(this::validates).toArray();
        }

        int[] trained() {
            return IntStream.range(0, length)
                    .filter(place -> !tests(place) && !validates(place))
                    .toArray();
        }
    }
}
