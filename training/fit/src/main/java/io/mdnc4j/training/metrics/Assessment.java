package io.mdnc4j.training.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.StatUtils;

/** What was counted for each example, and the metrics that follow. */
public final class Assessment {
    private static final int RESAMPLES = 1000;
    private static final double TAIL = 2.5;
    private static final double ALL = 100;
    private static final long SEED = 20;

    private final Measures measures;
    private final List<String> names = new ArrayList<>();
    private final List<double[]> counts = new ArrayList<>();

    /**
     * An assessment without examples.
     *
     * @param measures what was counted, and what follows from it
     */
    public Assessment(Measures measures) {
        this.measures = measures;
    }

    /**
     * Adds an example.
     *
     * @param name what it is called in reports, such as its file
     * @param count what {@link Measures#count} gave for it; not copied
     */
    public void add(String name, double[] count) {
        names.add(name);
        counts.add(count);
    }

    /**
     * Adds the examples of another one.
     *
     * @param other of which the same was counted
     */
    public void addAll(Assessment other) {
        names.addAll(other.names);
        counts.addAll(other.counts);
    }

    /** {@return the number of examples} */
    public int size() {
        return counts.size();
    }

    /**
     * Name of an example.
     *
     * @param index from 0, in the order in which they were added
     * @return the name
     */
    public String name(int index) {
        return names.get(index);
    }

    /**
     * Metrics of one example.
     *
     * @param index from 0, in the order in which they were added
     * @return the metrics by name, the leading one first
     */
    public Map<String, Double> metrics(int index) {
        return measures.metrics(counts.get(index));
    }

    /**
     * What was counted for one example.
     *
     * @param index from 0, in the order in which they were added
     * @return a copy
     */
    public double[] counts(int index) {
        return counts.get(index).clone();
    }

    /** {@return the sums of the counts of all examples, of which there must be one} */
    public double[] sums() {
        return sums(counts);
    }

    /** {@return the metrics of all examples together by name, the leading one first; there must be an example} */
    public Map<String, Double> metrics() {
        return measures.metrics(sums());
    }

    /**
     * The 95% confidence intervals of the metrics, {@code {low, high}}: percentiles of the metrics of 1,000 selections of as
     * many examples, drawn with replacement (bootstrap; Efron, Ann. Stat. 7:1, 1979). Empty with fewer than two examples.
     *
     * @return the intervals by the names of the metrics, the same each time
     */
    public Map<String, double[]> intervals() {
        Map<String, double[]> intervals = new LinkedHashMap<>();
        if (size() < 2) {
            return intervals;
        }
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, double[]> values = new LinkedHashMap<>();
        for (int i = 0; i < RESAMPLES; i++) {
            List<double[]> drawn = new ArrayList<>(size());
            for (int j = 0; j < size(); j++) {
                drawn.add(counts.get(random.nextInt(size())));
            }
            for (Map.Entry<String, Double> metric :
                    measures.metrics(sums(drawn)).entrySet()) {
                values.computeIfAbsent(metric.getKey(), name -> new double[RESAMPLES])[i] = metric.getValue();
            }
        }
        values.forEach((name, all) -> intervals.put(
                name, new double[] {StatUtils.percentile(all, TAIL), StatUtils.percentile(all, ALL - TAIL)}));
        return intervals;
    }

    private static double[] sums(List<double[]> counts) {
        double[] sums = new double[counts.get(0).length];
        for (double[] count : counts) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += count[i];
            }
        }
        return sums;
    }
}
