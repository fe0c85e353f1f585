package io.mdnc4j.training.run;

import io.mdnc4j.training.plots.ConfusionPlot;
import io.mdnc4j.training.plots.Sample;
import io.mdnc4j.training.plots.SamplesPlot;
import io.mdnc4j.training.plots.ScatterPlot;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The results of a run as pictures and a page of HTML. */
final class ResultPage {
    private static final int SHOWN = 4;
    private static final int CLASSIFIED = 32;
    private static final Map<String, String> HEADINGS = Map.of(
            RunFolder.SAMPLES_PLOT, "Samples",
            RunFolder.SCATTER_PLOT, "Prediction",
            RunFolder.CONFUSION_PLOT, "Confusion");
    private static final Map<String, String> CAPTIONS = Map.of(
            RunFolder.SAMPLES_PLOT, "Some examples of the test part and what the network makes of them.",
            RunFolder.SCATTER_PLOT, "What the network answers over what was wanted, for each example of the test part.",
            RunFolder.CONFUSION_PLOT, "How often each class of the test part was taken for each.");

    private final RunFolder folder;
    private final TrainingData data;
    private final Results results;
    private final Report report;

    /** @param data of which overview, task and classes are shown */
    ResultPage(RunFolder folder, String title, String lead, TrainingData data, Results results) {
        this.folder = folder;
        this.data = data;
        this.results = results;
        this.report = new Report(title, lead);
    }

    /** How many samples are shown. */
    static int samples(TrainingData data) {
        return data.task().perExample() ? CLASSIFIED : SHOWN;
    }

    /** Some test examples, at most so many: of classes those that were not found first, the others evenly chosen. */
    static List<Sample> samples(TrainingData data, Predictor predictor, Results results, int most) {
        int size = data.test().size();
        int count = Math.min(size, most);
        Set<Integer> chosen = new LinkedHashSet<>();
        boolean mistaken = data.task().perExample() && data.task().hasClasses();
        for (int i = 0; i < size && mistaken && chosen.size() < count / 2; i++) {
            if (!isRight(results.network().metrics(i), results.leading())) {
                chosen.add(i);
            }
        }
        for (int i = 0; i < count; i++) {
            chosen.add((2 * i + 1) * size / (2 * count));
        }
        List<Sample> samples = new ArrayList<>();
        predictor.predict(
                Examples.of(chosen.stream().limit(count).map(data.test()::get).toList()),
                (example, output) -> samples.add(new Sample(
                        example,
                        Results.decided(predictor, output, predictor.cleaning().isEmpty() ? null : example.grid()))));
        return samples;
    }

    /** Whether an example's class, or all of its labels, were found. */
    private static boolean isRight(Map<String, Double> metrics, String leading) {
        return !(metrics.getOrDefault("exact_match", metrics.get(leading)) < 1);
    }

    /** Adds the methods' and the network's results on the test part. */
    ResultPage tested(String heading) {
        report.rows(heading, List.of("", results.leading(), "95% confidence interval"), results.rows());
        return this;
    }

    /** Adds a table of rows of texts. */
    ResultPage rows(String heading, List<String> columns, List<List<String>> rows) {
        report.rows(heading, columns, rows);
        return this;
    }

    /** Adds what postprocessing was chosen, where that was tried. */
    ResultPage postprocessing() {
        if (!results.choices().isEmpty()) {
            report.rows(
                    "Postprocessing, chosen on " + results.choice().examples()
                            + " whole examples of the validation part",
                    List.of("class", "what is done", "Dice without", "Dice with"),
                    results.choices());
        }
        return this;
    }

    /** Draws, saves and adds samples, and what suits the task. */
    ResultPage pictures(List<Sample> samples, ModelDescription description) {
        Map<String, BufferedImage> pictures = new LinkedHashMap<>();
        pictures.put(RunFolder.SAMPLES_PLOT, SamplesPlot.draw(samples, description, data.measures()));
        if (data.task().hasClasses() && !data.task().isMultiLabel()) {
            pictures.put(
                    RunFolder.CONFUSION_PLOT,
                    ConfusionPlot.draw(
                            description.classes(),
                            data.measures().confusion(results.network().sums())));
        }
        if (data.task() == Task.ESTIMATION) {
            pictures.put(
                    RunFolder.SCATTER_PLOT,
                    ScatterPlot.draw(description.output().names(), results.network()));
        }
        pictures.forEach((name, picture) -> {
            folder.writePicture(name, picture);
            report.picture(HEADINGS.get(name), CAPTIONS.get(name), picture);
        });
        return this;
    }

    /** Saves and adds the losses of a training. */
    ResultPage losses(String name, String heading, BufferedImage picture) {
        folder.writePicture(name, picture);
        report.picture(heading, "Losses of training and validation part over the epochs.", picture);
        return this;
    }

    /** Adds the data, the numbers and the settings. */
    ResultPage numbers(Map<String, String> plan, Map<String, Object> metrics) {
        Map<String, String> found = new LinkedHashMap<>(data.overview().facts());
        found.putAll(plan);
        report.values("Data", found);
        report.lines("Warnings", data.overview().warnings());
        // tables of their own say what is a list
        Map<String, Object> numbers = new LinkedHashMap<>(metrics);
        numbers.values().removeIf(value -> value instanceof List);
        report.values("Numbers", numbers);
        if (folder.has(RunFolder.CONFIG)) {
            Map<String, Object> settings = new LinkedHashMap<>();
            folder.readJson(RunFolder.CONFIG)
                    .properties()
                    .forEach(entry -> settings.put(
                            entry.getKey(),
                            entry.getValue().isValueNode() ? entry.getValue().asText() : entry.getValue()));
            report.values("Settings", settings);
        }
        return this;
    }

    /** Adds the epochs of a training. */
    ResultPage epochs(History history) {
        report.epochs(history.epochs());
        return this;
    }

    /** Writes the page. */
    void write() {
        folder.write(RunFolder.REPORT, file -> Files.writeString(file, report.page()));
    }
}
