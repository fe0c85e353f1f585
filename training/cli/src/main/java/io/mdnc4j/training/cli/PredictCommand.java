package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.predict.FilePredictions;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.predict.Probabilities;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Uses a trained network on files. */
@Command(
        name = "predict",
        description = "Uses a trained network on files of any size.",
        footer = {
            "",
            "Values and classes of positions go to files of the input's name and format in OUTPUT; classes and numbers of"
                    + " whole files to standard output, as CSV with the probability of each class."
        })
final class PredictCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "a model.zip of train, or ecg-denoiser, digits or brain-mask, which come along")
    private Path model;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILES", description = "files to use it on")
    private List<Path> files;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "predictions",
            description = "folder of the results (default: predictions)")
    private Path output;

    @Option(
            names = "--format",
            paramLabel = "SUFFIX",
            description =
                    "format of the results, such as npy (default: the input's; classes png and csv where that is jpg"
                            + " or wav)")
    private String format;

    @Option(names = "--batch", defaultValue = "16", paramLabel = "N", description = "windows at a time (default: 16)")
    private int batch;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        common.apply();
        Predictor predictor =
                Predictor.builder(model).batch(batch).notes(this::note).build();
        ModelDescription description = predictor.description();
        ArgumentException.require(
                description.task() != null,
                "model",
                model + " does not say what it is for",
                "give one that train or a RunListener has written");
        boolean perExample = Task.parse(description.task()).perExample();
        for (String option : List.of("--output", "--format")) {
            if (perExample && spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + ": what is of whole files goes to standard output; leave it out, or redirect that");
            }
        }
        FilePredictions predictions = new FilePredictions(files, output, format, description);
        if (perExample) {
            tabulate(predictor, predictions);
        } else {
            PrintWriter out = spec.commandLine().getOut();
            predictor.predict(predictions, (example, values) -> {
                out.println(predictions.write(example, values));
                out.flush();
            });
        }
        if (predictions.withoutOpacity() > 0) {
            note("the opacity (alpha) of " + predictions.withoutOpacity() + " of " + files.size()
                    + " files is left out, as in the training");
        }
        if (predictor.unlikeTraining() > 1) {
            note(predictor.unlikeTraining() + " of " + files.size()
                    + " files are unlike what the network was trained on");
        }
        return 0;
    }

    private void note(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(Main.NAME + ": " + line);
        err.flush();
    }

    private void tabulate(Predictor predictor, Examples inputs) throws IOException {
        boolean hasClasses = predictor.task().hasClasses();
        List<String> names = hasClasses
                ? predictor.description().classes()
                : predictor.description().output().names();
        List<String> columns = new ArrayList<>(hasClasses ? List.of("file", "class") : List.of("file"));
        columns.addAll(names);
        CSVPrinter printer = CSVFormat.DEFAULT
                .builder()
                .setRecordSeparator('\n')
                .setHeader(columns.toArray(String[]::new))
                .build()
                .print(spec.commandLine().getOut());
        predictor.predict(inputs, (example, values) -> {
            try {
                requireNamed(names, values);
                printer.print(example.name());
                if (hasClasses) {
                    printer.print(names.get(Probabilities.mostProbable(values)[0]));
                }
                for (float value : values.toFloatVector()) {
                    printer.print(value);
                }
                printer.println();
                printer.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void requireNamed(List<String> names, INDArray values) {
        if (names.size() != values.length()) {
            throw new DataException(model + ": its description names " + names.size() + " of what its output has "
                    + values.length() + "; give a model whose description is its own");
        }
    }
}
