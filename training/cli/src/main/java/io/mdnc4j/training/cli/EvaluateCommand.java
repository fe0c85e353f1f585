package io.mdnc4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.blocks.io.PlainText;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.metrics.Assessment;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.run.ImageCases;
import io.mdnc4j.training.run.Results;
import io.mdnc4j.training.task.DataSource;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelFolds;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a trained network on data. */
@Command(
        name = "evaluate",
        description =
                "Measures a trained network, or the mean of several, on data, with 95%% confidence intervals over the examples.",
        footer = {
            "",
            "For a model of nnU-Net: images and masks as nnU-Net names them, --data imagesTs --targets labelsTs, a folder with"
                    + " both, or a list; all are measured, by Dice's coefficient of each class or region.",
            "",
            "Besides printing them, writes the metrics to evaluation-D.json and those of each example to"
                    + " evaluation-D.csv, beside the model or in OUTPUT."
        })
final class EvaluateCommand implements Callable<Integer> {
    /** What may be said of data for a model of nnU-Net. */
    private static final Set<String> OF_IMAGES = Set.of("data", "targets", "strict");

    private static final int NAME_WIDTH = 10;
    private static final String[] COLUMNS = {"metric", "value", "low", "high"};

    enum Format {
        TEXT,
        CSV,
        JSON
    }

    /** A part of the data. */
    enum Part {
        TEST,
        VALIDATION,
        ALL
    }

    @Parameters(
            arity = "1..*",
            paramLabel = "MODEL",
            description =
                    "a model.zip of train, or ecg-denoiser, digits or brain-mask, which come along; several, or a folder"
                            + " with several runs, whose outputs are averaged")
    private List<Path> models;

    @Mixin
    private DataOptions source;

    @Option(
            names = "--part",
            defaultValue = "test",
            description = "test, validation, or all of what is in files (default: test)")
    private Part part;

    @Mixin
    private PredictionOptions options;

    @Option(names = "--format", defaultValue = "text", description = "text, csv or json (default: text)")
    private Format format;

    @Option(names = "--output", paramLabel = "DIR", description = "where files go (default: beside the model)")
    private Path output;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    /** What was measured on which data. */
    private record Measured(String name, String fingerprint, Part part, Assessment assessment) {}

    @Override
    public Integer call() throws IOException {
        common.apply();
        DataSource wanted = source.source();
        Consumer<String> notes = line -> Errors.print(spec.commandLine(), line);
        Measured measured;
        try (FewNotes ofExamples = new FewNotes(notes)) {
            // the validation part is one of windows, which may well be empty
            Consumer<String> ofInputs = part == Part.VALIDATION ? line -> {} : ofExamples;
            Predictor predictor = options.predictor(
                    models, builder -> builder.geometry(wanted.geometry()).notes(ofInputs));
            measured = predictor.processing().isPresent()
                    ? ofImages(wanted, predictor, notes)
                    : ofExamples(wanted, predictor, notes);
        }
        save(measured);
        print(measured);
        return 0;
    }

    private Measured ofExamples(DataSource wanted, Predictor predictor, Consumer<String> notes) throws IOException {
        TrainingData data = wanted.load(predictor.description(), part == Part.ALL, notes);
        data.overview().warnings().forEach(warning -> notes.accept("warning: " + warning));
        requireSuited(predictor.description(), data);
        requireUnseen(predictor.description(), data);
        for (Path other : models.subList(1, models.size())) {
            Path file = Files.isDirectory(other) ? other.resolve("model.zip") : other;
            if (Files.isRegularFile(file)) {
                requireUnseen(ModelFiles.description(file).orElseThrow(), data);
            }
        }
        boolean validation = part == Part.VALIDATION;
        // what is cleaned as a whole is measured so
        Examples validated = predictor.cleaning().isEmpty() ? data.validation() : data.wholeValidation();
        Examples examples = validation ? validated : data.test();
        Assessment assessment =
                Results.assess(validation ? data.validationMeasures() : data.measures(), predictor, examples);
        if (!validation && predictor.unlikeTraining() > 1) {
            notes.accept(predictor.unlikeTraining() + " of " + examples.size()
                    + " examples are unlike what the network was trained on");
        }
        return new Measured(data.name(), data.fingerprint(), part, assessment);
    }

    /** For a model of nnU-Net, which knows itself what becomes of images: all of them. */
    private Measured ofImages(DataSource wanted, Predictor predictor, Consumer<String> notes) {
        for (Map.Entry<String, Object> given : wanted.toMap().entrySet()) {
            ArgumentException.require(
                    OF_IMAGES.contains(given.getKey()),
                    given.getKey(),
                    given.getValue(),
                    "leave it out: " + models() + " is a model of nnU-Net, which says itself what becomes of images");
        }
        ArgumentException.require(
                part != Part.VALIDATION,
                "part",
                lower(part),
                "leave it out: all images of the data are measured, and nnU-Net's folds say which ones validated");
        Path data = Path.of(source.data);
        ImageCases cases =
                ImageCases.of(predictor, data, source.targets == null ? null : Path.of(source.targets), notes);
        Assessment assessment = cases.assess(source.strict, notes);
        String name = data.toAbsolutePath().normalize().getFileName().toString();
        return new Measured(
                ArrayFiles.suffix(data).isPresent() ? ArrayFiles.stem(data) : name,
                cases.fingerprint(),
                Part.ALL,
                assessment);
    }

    private void requireSuited(ModelDescription description, TrainingData data) {
        ArgumentException.require(
                Task.parse(description.task()) == data.task()
                        && description.classes().equals(data.description().classes())
                        && description
                                .output()
                                .names()
                                .equals(data.description().output().names()),
                "data",
                source.data + " is for " + data.task().code() + " "
                        + data.description().classes() + ", " + models() + " was trained for " + description.task()
                        + " "
                        + description.classes(),
                "give data for that task");
    }

    /**
     * The networks of all folds together have trained on every example, so that none would be a test; one of them has tested
     * others than the data's own split does.
     */
    private void requireUnseen(ModelDescription description, TrainingData data) {
        Map<String, String> properties = description.properties();
        ArgumentException.require(
                !properties.containsKey(ModelFolds.NOTE) && !properties.containsKey(TrainingData.FOLD)
                        || !data.fingerprint().equals(properties.get(ModelDescription.DATA_SHA256)),
                "data",
                source.data + " are those that " + models() + " was trained on in folds, each on another part",
                "give others; what each reached on the part that it was not trained on is in the run's metrics.json");
    }

    private void print(Measured measured) throws IOException {
        Assessment assessment = measured.assessment();
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case CSV -> {
                CSVPrinter printer = csv(COLUMNS).print(out);
                for (Object[] row : rows(assessment)) {
                    printer.printRecord(row);
                }
            }
            case JSON ->
                out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json(measured)));
            default -> {
                out.printf(
                        "%s, %s part, %d examples:%n",
                        PlainText.of(measured.name()), lower(measured.part()), assessment.size());
                List<Object[]> rows = rows(assessment);
                int width = rows.stream()
                        .mapToInt(row -> PlainText.of(row[0].toString()).length())
                        .reduce(NAME_WIDTH, Math::max);
                for (Object[] row : rows) {
                    out.printf(
                            Locale.ROOT,
                            "  %-" + width + "s %9.4f%s%n",
                            PlainText.of(row[0].toString()),
                            row[1],
                            interval(row));
                }
            }
        }
        out.flush();
    }

    private static String interval(Object... row) {
        return row[2] == null ? "" : String.format(Locale.ROOT, "   (95%%: %.4f to %.4f)", row[2], row[3]);
    }

    private static List<Object[]> rows(Assessment assessment) {
        Map<String, double[]> intervals = assessment.intervals();
        List<Object[]> rows = new ArrayList<>();
        assessment.metrics().forEach((name, value) -> {
            double[] ends = intervals.get(name);
            rows.add(new Object[] {name, value, ends == null ? null : ends[0], ends == null ? null : ends[1]});
        });
        return rows;
    }

    private Map<String, Object> json(Measured measured) {
        Assessment assessment = measured.assessment();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", models());
        json.put("data", measured.name());
        json.put("part", lower(measured.part()));
        json.put("examples", assessment.size());
        if (!options.given().isEmpty()) {
            json.put("options", options.given());
        }
        json.put("metrics", assessment.metrics());
        json.put("ci95", assessment.intervals());
        json.put(ConfigFile.DATA, measured.fingerprint());
        json.put(ConfigFile.VERSIONS, Versions.all());
        return json;
    }

    private String models() {
        return models.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private static String lower(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    private static CSVFormat csv(String... columns) {
        return CSVFormat.DEFAULT
                .builder()
                .setRecordSeparator('\n')
                .setHeader(columns)
                .build();
    }

    private void save(Measured measured) {
        Assessment assessment = measured.assessment();
        Path first = models.get(0).toAbsolutePath();
        Path beside = Files.isDirectory(first) ? first : first.getParent();
        Path folder = output == null ? beside : output;
        String name = "evaluation-" + measured.name();
        List<String> columns = new ArrayList<>(List.of("example"));
        columns.addAll(assessment.metrics().keySet());
        try {
            Files.createDirectories(folder);
            AtomicFile.write(
                    folder.resolve(name + ".json"),
                    file -> new ObjectMapper()
                            .writerWithDefaultPrettyPrinter()
                            .writeValue(file.toFile(), json(measured)));
            AtomicFile.write(folder.resolve(name + ".csv"), file -> {
                try (Writer writer = Files.newBufferedWriter(file);
                        CSVPrinter printer = csv(columns.toArray(String[]::new)).print(writer)) {
                    for (int i = 0; i < assessment.size(); i++) {
                        printer.print(assessment.name(i));
                        printer.printRecord(assessment.metrics(i).values());
                    }
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be written (" + e.getMessage() + "); give --output", e);
        }
    }
}
