package io.mdnc4j.training.ui;

import io.mdnc4j.blocks.conf.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.ui.model.stats.api.Histogram;
import org.deeplearning4j.ui.model.stats.api.StatsType;
import org.deeplearning4j.ui.model.stats.impl.java.JavaStatsReport;

/**
 * A report under the names that DL4J's layers give their parameters: {@code W} and {@code b}. The pages chart those alone
 * that end in "w", and look for "W" first.
 */
final class NamedReport extends JavaStatsReport {
    private static final Map<String, String> NAMES = Map.of("_" + Parameter.WEIGHT, "_W", "_" + Parameter.BIAS, "_b");

    @Override
    public void reportLearningRates(Map<String, Double> rates) {
        super.reportLearningRates(renamed(rates));
    }

    @Override
    public void reportHistograms(StatsType type, Map<String, Histogram> histograms) {
        super.reportHistograms(type, renamed(histograms));
    }

    @Override
    public void reportMean(StatsType type, Map<String, Double> means) {
        super.reportMean(type, renamed(means));
    }

    @Override
    public void reportStdev(StatsType type, Map<String, Double> deviations) {
        super.reportStdev(type, renamed(deviations));
    }

    @Override
    public void reportMeanMagnitudes(StatsType type, Map<String, Double> magnitudes) {
        super.reportMeanMagnitudes(type, renamed(magnitudes));
    }

    private static <T> Map<String, T> renamed(Map<String, T> values) {
        Map<String, T> renamed = new LinkedHashMap<>();
        if (values != null) {
            values.forEach((key, value) -> renamed.put(name(key), value));
        }
        return renamed;
    }

    private static String name(String key) {
        int end = Math.max(0, key.lastIndexOf('_'));
        String name = NAMES.get(key.substring(end));
        return name == null ? key : key.substring(0, end) + name;
    }
}
