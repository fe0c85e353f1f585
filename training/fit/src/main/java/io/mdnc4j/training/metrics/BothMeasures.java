package io.mdnc4j.training.metrics;

import io.mdnc4j.training.predict.Example;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures one after the other. */
record BothMeasures(Measures first, Measures second) implements Measures {
    @Override
    public double[] count(INDArray target, INDArray output) {
        return joined(first.count(target, output), second.count(target, output));
    }

    @Override
    public double[] count(Example example, INDArray output) {
        return joined(first.count(example, output), second.count(example, output));
    }

    private static double[] joined(double[] ofFirst, double... ofSecond) {
        double[] counts = Arrays.copyOf(ofFirst, ofFirst.length + ofSecond.length);
        System.arraycopy(ofSecond, 0, counts, ofFirst.length, ofSecond.length);
        return counts;
    }

    @Override
    public int counts() {
        return first.counts() + second.counts();
    }

    @Override
    public double[] confusion(double[] sums) {
        double[] confusion = first.confusion(Arrays.copyOf(sums, first.counts()));
        return confusion.length > 0 ? confusion : second.confusion(Arrays.copyOfRange(sums, first.counts(), counts()));
    }

    @Override
    public Map<String, Double> metrics(double[] sums) {
        Map<String, Double> metrics = new LinkedHashMap<>(first.metrics(Arrays.copyOf(sums, first.counts())));
        metrics.putAll(second.metrics(Arrays.copyOfRange(sums, first.counts(), counts())));
        return metrics;
    }
}
