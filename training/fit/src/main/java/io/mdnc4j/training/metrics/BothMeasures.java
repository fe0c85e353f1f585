package io.mdnc4j.training.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures one after the other. */
record BothMeasures(Measures first, Measures second) implements Measures {
    @Override
    public double[] count(INDArray target, INDArray output) {
        double[] counts = Arrays.copyOf(first.count(target, output), counts());
        System.arraycopy(second.count(target, output), 0, counts, first.counts(), second.counts());
        return counts;
    }

    @Override
    public int counts() {
        return first.counts() + second.counts();
    }

    @Override
    public Map<String, Double> metrics(double[] sums) {
        Map<String, Double> metrics = new LinkedHashMap<>(first.metrics(Arrays.copyOf(sums, first.counts())));
        metrics.putAll(second.metrics(Arrays.copyOfRange(sums, first.counts(), counts())));
        return metrics;
    }
}
