package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Release;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mean of what several functions answer to windows and to their mirror images; on request with the variance of these answers
 * as further channels.
 *
 * @param members functions from {@code [N, C, window...]}, which they may change, to {@code [N, C', window...]}, a new array
 * @param flips of the windows that each of them gets
 * @param spread whether the output has the channels {@code C'} of the mean and as many of the variance
 */
record Ensemble(List<? extends UnaryOperator<INDArray>> members, Flips flips, boolean spread)
        implements UnaryOperator<INDArray> {
    /** {@return the answers that are averaged} */
    int size() {
        return members.size() * flips.count();
    }

    @Override
    public INDArray apply(INDArray batch) {
        if (size() == 1) {
            return members.get(0).apply(batch);
        }
        INDArray mean = null;
        INDArray squares = null;
        int count = 0;
        for (int flip = 0; flip < flips.count(); flip++) {
            for (UnaryOperator<INDArray> member : members) {
                INDArray answer = answer(member, flip, batch);
                count++;
                if (mean == null) {
                    mean = answer;
                    squares = spread ? Nd4j.zeros(answer.dataType(), answer.shape()) : null;
                } else {
                    requireShape(answer, mean);
                    update(mean, squares, answer, count);
                    Release.of(answer);
                }
            }
        }
        if (squares == null) {
            return mean;
        }
        INDArray both = Nd4j.concat(1, mean, squares.divi(count));
        Release.of(mean, squares);
        return both;
    }

    /** Welford's update of the mean and the sum of squared differences from it: values of any level lose no digits. */
    private static void update(INDArray mean, @Nullable INDArray squares, INDArray answer, int count) {
        INDArray difference = answer.sub(mean);
        INDArray part = difference.div(count);
        mean.addi(part);
        if (squares != null) {
            INDArray rest = answer.sub(mean);
            squares.addi(rest.muli(difference));
            Release.of(rest);
        }
        Release.of(difference, part);
    }

    /** The answer to flipped windows, flipped back. */
    private INDArray answer(UnaryOperator<INDArray> member, int flip, INDArray batch) {
        // a copy, which the member may change
        INDArray input = flips.apply(flip, batch);
        INDArray output = member.apply(input);
        Release.of(input);
        if (flip == 0 || output.rank() != batch.rank()) {
            // of a whole example: nothing lies anywhere
            return output;
        }
        INDArray back = flips.apply(flip, output);
        Release.of(output);
        return back;
    }

    private static void requireShape(INDArray answer, INDArray mean) {
        ArgumentException.require(
                Arrays.equals(answer.shape(), mean.shape()),
                "models",
                "outputs " + Arrays.toString(mean.shape()) + " and " + Arrays.toString(answer.shape()),
                "give models for the same task");
    }
}
