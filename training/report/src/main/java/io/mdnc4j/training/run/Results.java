package io.mdnc4j.training.run;

import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.metrics.Assessment;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.metrics.PostprocessingChoice;
import io.mdnc4j.training.predict.Decision;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.Baseline;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a network makes of the test part, beside what simple methods do.
 *
 * @param baselines those methods
 * @param network the network's, with the postprocessing that its description says
 * @param validation the network's on the validation part
 * @param choice what postprocessing was chosen by; {@code null} where none was tried
 * @param unprocessed the network's without postprocessing; {@code null} where nothing is done
 */
public record Results(
        List<Row> baselines,
        Assessment network,
        Assessment validation,
        @Nullable PostprocessingChoice choice,
        @Nullable Assessment unprocessed) {
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
     * @param choice what its postprocessing was chosen by
     * @throws io.mdnc4j.blocks.ArgumentException if the network's output does not suit the task
     */
    static Results of(TrainingData data, Predictor predictor, @Nullable PostprocessingChoice choice) {
        Measures measures = data.measures();
        List<Row> rows = new ArrayList<>();
        for (Baseline baseline : data.baselines()) {
            Baseline.Method method = baseline.fit().apply(data.test());
            rows.add(new Row(baseline.key(), method, assess(measures, method, data.test())));
        }
        if (predictor.cleaning().isEmpty()) {
            return new Results(
                    rows,
                    assess(measures, predictor, data.test()),
                    assess(data.validationMeasures(), predictor, data.validation()),
                    choice,
                    null);
        }
        Assessment unprocessed = new Assessment(measures);
        Assessment network = assess(measures, predictor, data.test(), unprocessed);
        // of windows, of which not all components are whole
        Measures validated = data.validationMeasures();
        Assessment validation = new Assessment(validated);
        assess(validated, predictor, data.validation(), validation);
        return new Results(rows, network, validation, choice, unprocessed);
    }

    /**
     * Chooses postprocessing by the validation part.
     *
     * @param predictor whose classes are not cleaned
     * @return the choice; {@code null} where there are no classes of positions, where several may apply at once, and where these make up
     *     objects
     */
    static @Nullable PostprocessingChoice choice(TrainingData data, Predictor predictor) {
        if (data.task() != Task.SEGMENTATION || predictor.separatesObjects()) {
            return null;
        }
        ModelDescription description = data.description();
        PostprocessingChoice choice = new PostprocessingChoice(
                description.classes(), new Grid(description.samplingRate(), description.spacing(), ""));
        addTo(choice, data, predictor);
        return choice;
    }

    /** Tries postprocessing on the validation part. */
    static void addTo(PostprocessingChoice choice, TrainingData data, Predictor predictor) {
        predictor.predict(data.wholeValidation(), (example, output) -> {
            choice.add(example, predictor.decision().classes(output));
            Release.of(output);
        });
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
        return assess(measures, predictor, examples, null);
    }

    /** @param unprocessed takes, too, what the network finds before it is cleaned; {@code null} for nobody */
    static Assessment assess(
            Measures measures, Predictor predictor, Examples examples, @Nullable Assessment unprocessed) {
        Assessment assessment = new Assessment(measures);
        predictor.predict(examples, (example, output) -> {
            INDArray told = decided(predictor, output, predictor.cleaning().isEmpty() ? null : example.grid());
            assessment.add(example.name(), measures.count(example, told));
            if (unprocessed != null) {
                INDArray found = decided(predictor, output, null);
                unprocessed.add(example.name(), measures.count(example, found));
                Release.of(found);
            }
            Release.of(output, told);
        });
        return assessment;
    }

    /**
     * An output in which the class that a predictor decides for is the most probable one, and labels of several at once are more
     * probable than not.
     *
     * @param grid of the input, where classes are to be cleaned; {@code null} where not
     */
    static INDArray decided(Predictor predictor, INDArray output, @Nullable Grid grid) {
        if (predictor.task().isMultiLabel()) {
            return predictor.weighed(output);
        }
        if (predictor.decision() == Decision.MOST_PROBABLE && grid == null) {
            return output;
        }
        int[] classes = grid == null ? predictor.decision().classes(output) : predictor.classes(output, grid);
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
        if (unprocessed != null) {
            unprocessed
                    .metrics()
                    .forEach((name, value) -> metrics.put("test_" + name + "_without_postprocessing", value));
        }
        if (choice != null) {
            metrics.put(
                    "postprocessing",
                    choice.choices().stream().map(Results::json).toList());
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
        if (unprocessed != null) {
            rows.add(cells("network, without postprocessing", unprocessed));
        }
        rows.add(cells("network", network));
        return rows;
    }

    private static Map<String, Object> json(PostprocessingChoice.Choice choice) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("class", choice.name());
        json.put("step", choice.step().toString());
        json.put("validation_dice_without", number(choice.without()));
        json.put("validation_dice", number(choice.with()));
        return json;
    }

    /** JSON has no NaN. */
    private static @Nullable Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }

    /** What was chosen for each class, as rows of a table: class, what is done, its Dice coefficient without and with. */
    List<List<String>> choices() {
        return choice == null
                ? List.of()
                : choice.choices().stream()
                        .map(one -> List.of(
                                one.name(),
                                one.step().toString(),
                                String.format(Locale.ROOT, "%.4f", one.without()),
                                String.format(Locale.ROOT, "%.4f", one.with())))
                        .toList();
    }

    private List<String> cells(String title, Assessment assessment) {
        double[] interval = assessment.intervals().get(leading());
        return List.of(
                title, Report.text(assessment.metrics().get(leading())), interval == null ? "" : Report.text(interval));
    }
}
