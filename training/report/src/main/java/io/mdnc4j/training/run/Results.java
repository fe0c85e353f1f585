package io.mdnc4j.training.run;

import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.metrics.Assessment;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.predict.Decision;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.Baseline;
import io.mdnc4j.training.task.TrainingData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a network makes of the test part, beside what simple methods do.
 *
 * @param baselines those methods
 * @param network the network's
 * @param validation the network's on the validation part
 */
public record Results(List<Row> baselines, Assessment network, Assessment validation) {
    /**
     * A method and what it reached.
     *
     * @param key its name in metrics, such as {@code filter}
     */
    public record Row(String key, Baseline.Method method, Assessment assessment) {
        /**
         * The method with its settings.
         *
         * @return title and settings, such as {@code filter (window 9)}
         */
        public String title() {
            return method.settings().isEmpty()
                    ? method.title()
                    : method.settings().entrySet().stream()
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .collect(Collectors.joining(", ", method.title() + " (", ")"));
        }
    }

    /**
     * Runs the network and the simple methods on the test part.
     *
     * @throws io.mdnc4j.blocks.ArgumentException if the network's output does not suit the task
     */
    static Results of(TrainingData data, Predictor predictor) {
        Measures measures = data.measures();
        List<Row> rows = new ArrayList<>();
        for (Baseline baseline : data.baselines()) {
            Baseline.Method method = baseline.fit().apply(data.test());
            rows.add(new Row(baseline.key(), method, assess(measures, method, data.test())));
        }
        return new Results(
                rows,
                assess(measures, predictor, data.test()),
                assess(data.validationMeasures(), predictor, data.validation()));
    }

    /**
     * What a network makes of examples.
     *
     * @param measures what is counted
     * @param predictor the network
     * @param examples with targets
     * @return the metrics, of each example and together
     */
    public static Assessment assess(Measures measures, Predictor predictor, Examples examples) {
        Assessment assessment = new Assessment(measures);
        predictor.predict(examples, (example, output) -> {
            INDArray told = decided(predictor, output);
            assessment.add(example.name(), measures.count(example, told));
            Release.of(output, told);
        });
        return assessment;
    }

    /** An output in which the class that a predictor decides for is the most probable one. */
    private static INDArray decided(Predictor predictor, INDArray output) {
        if (predictor.decision() == Decision.MOST_PROBABLE) {
            return output;
        }
        int[] classes = predictor.decision().classes(output);
        float[] certain = new float[(int) output.length()];
        for (int i = 0; i < classes.length; i++) {
            certain[classes[i] * classes.length + i] = 1;
        }
        return Nd4j.createFromArray(certain).reshape('c', output.shape());
    }

    private static Assessment assess(Measures measures, Baseline.Method method, Examples test) {
        Assessment assessment = new Assessment(measures);
        for (int i = 0; i < test.size(); i++) {
            Example example = test.get(i);
            assessment.add(
                    example.name(), measures.count(example, method.answer().apply(example)));
        }
        return assessment;
    }

    /**
     * Name of the leading metric.
     *
     * @return such as {@code snr_db}
     */
    public String leading() {
        return network.metrics().keySet().iterator().next();
    }

    /**
     * All by name: {@code test_snr_db} for the network, {@code test_snr_db_ci95} its confidence interval,
     * {@code filter_snr_db} and {@code filter_window} for the method with the key {@code filter} and its setting.
     *
     * @return in the order of {@code metrics.json}
     */
    public Map<String, Object> metrics() {
        Map<String, Object> metrics = new LinkedHashMap<>();
        network.metrics().forEach((name, value) -> metrics.put("test_" + name, value));
        network.intervals().forEach((name, value) -> metrics.put("test_" + name + "_ci95", value));
        for (Row row : baselines) {
            metrics.put(row.key() + "_" + leading(), row.assessment().metrics().get(leading()));
            row.method().settings().forEach((name, value) -> metrics.put(row.key() + "_" + name, value));
        }
        Map.Entry<String, Double> validated =
                validation.metrics().entrySet().iterator().next();
        metrics.put("validation_" + validated.getKey(), validated.getValue());
        metrics.put("test_examples", network.size());
        return metrics;
    }

    /** Methods and the network as rows of a table: what it is, the leading metric and its confidence interval. */
    List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        baselines.forEach(row -> rows.add(cells(row.title(), row.assessment())));
        rows.add(cells("network", network));
        return rows;
    }

    private List<String> cells(String title, Assessment assessment) {
        double[] interval = assessment.intervals().get(leading());
        return List.of(
                title, Report.text(assessment.metrics().get(leading())), interval == null ? "" : Report.text(interval));
    }
}
