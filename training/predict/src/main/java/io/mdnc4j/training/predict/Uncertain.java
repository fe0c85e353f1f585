package io.mdnc4j.training.predict;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * An output that is the mean of several answers, and how much these differ: of several networks, of one to flipped windows, or
 * both. Where windows overlap, the variances within them are blended like the means; that the windows themselves differ is not
 * counted.
 *
 * @param output {@code [C', size...]}, or {@code [K]} of a whole example
 * @param deviation standard deviation (of the population) of the answers, of the same shape and unit
 */
public record Uncertain(INDArray output, INDArray deviation) {
    /**
     * Parts what {@link Predictor#predictUncertain(java.util.Iterator)} gives.
     *
     * @param both means and variances, {@code [2 C', size...]} or {@code [2 K]}; not kept
     * @return means and standard deviations
     */
    public static Uncertain of(INDArray both) {
        INDArray variance = half(both, 1);
        // splines between variances of other grids may be a little below them
        BooleanIndexing.replaceWhere(variance, 0, Conditions.lessThan(0));
        return new Uncertain(half(both, 0), Transforms.sqrt(variance, false));
    }

    private static INDArray half(INDArray both, int which) {
        long channels = both.size(0) / 2;
        INDArrayIndex[] index = new INDArrayIndex[both.rank()];
        Arrays.fill(index, NDArrayIndex.all());
        index[0] = NDArrayIndex.interval(which * channels, (which + 1) * channels);
        return both.get(index).dup('c');
    }
}
