package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.PlainText;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.FileAnswers;
import io.mdnc4j.training.predict.FileListener;
import io.mdnc4j.training.predict.FilePredictions;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.predict.Uncertain;
import io.mdnc4j.zoo.ModelDescription;
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

/** Uses trained networks on files. */
@Command(
        name = "predict",
        description = "Uses a trained network, or the mean of several, on files of any size.",
        footer = {
            "",
            "Values and classes of positions go to files of the input's name and format in OUTPUT (several labels at once as a"
                    + " channel of 0 and 1 for each); classes, labels and numbers of whole files to standard output, as CSV with"
                    + " the probability of each class or label. A file that cannot be"
                    + " used is named and left out; the exit code is 2 then."
        })
final class PredictCommand implements Callable<Integer> {
    private static final String MODEL_SUFFIX = ".zip";

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "a model.zip of train, or ecg-denoiser, digits or brain-mask, which come along; a folder with the"
                            + " runs of several trainings, whose outputs are averaged")
    private Path model;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILES",
            description =
                    "files to use it on, folders of them, or patterns such as 'scans/*.nii.gz'; first of all, further"
                            + " model files *.zip to average with")
    private List<String> files;

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

    @Option(
            names = "--probabilities",
            description = "write the probability of each class or label, too, to NAME-probabilities, a channel each")
    private boolean probabilities;

    @Option(
            names = "--uncertainty",
            description = "write, too, how much several models, or answers to flipped windows, differ: their standard"
                    + " deviation, of classes the largest one of their probabilities, to NAME-uncertainty")
    private boolean uncertainty;

    @Mixin
    private PredictionOptions options;

    @Mixin
    private GridOptions grids;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    /** Names what cannot be used, and shows how far the rest is. */
    private class Outcome implements FileListener {
        private final PredictionProgress progress = new PredictionProgress(System.err);
        private int failures;

        @Override
        public void failed(Path input, RuntimeException problem) {
            progress.close();
            if (!Errors.named(problem, spec.commandLine(), input.toString())) {
                throw problem;
            }
            failures++;
        }

        int failures() {
            return failures;
        }

        @Override
        public void progress(Path input, int done, int all) {
            progress.show(input, done, all);
        }
    }

    @Override
    public Integer call() throws IOException {
        common.apply();
        List<Path> models = new ArrayList<>(List.of(model));
        int first = 0;
        while (first < files.size() && files.get(first).endsWith(MODEL_SUFFIX)) {
            models.add(Path.of(files.get(first++)));
        }
        ArgumentException.require(
                first < files.size(), "files", "only models are given: " + models, "name files to use them on, too");
        Predictor predictor = options.predictor(models, builder -> {
            grids.apply(builder);
            builder.notes(line -> Errors.print(spec.commandLine(), line));
        });
        ModelDescription description = predictor.description();
        ArgumentException.require(
                description.task() != null,
                "model",
                model + " does not say what it is for",
                "give one that train or a RunListener has written");
        boolean perExample = predictor.task().perExample();
        for (String option : List.of("--output", "--format", "--probabilities")) {
            if (perExample && spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option
                                + ": what is of whole files goes to standard output, classes with their probabilities; leave"
                                + " it out, or redirect that");
            }
        }
        List<Path> inputs = InputFiles.of(
                files.subList(first, files.size()), predictor::isInput, line -> Errors.print(spec.commandLine(), line));
        int failures = perExample ? tabulate(predictor, inputs) : write(predictor, inputs);
        if (failures > 0 && inputs.size() > 1) {
            Errors.print(spec.commandLine(), failures + " of " + inputs.size() + " files have no result");
        }
        if (predictor.unlikeTraining() > 1) {
            Errors.print(
                    spec.commandLine(),
                    predictor.unlikeTraining() + " of " + inputs.size()
                            + " files are unlike what the network was trained on");
        }
        return failures > 0 ? Errors.BAD_INPUT : 0;
    }

    /** Writes files; the number of those without. */
    private int write(Predictor predictor, List<Path> inputs) {
        PrintWriter out = spec.commandLine().getOut();
        class Written extends Outcome implements FilePredictions.Listener {
            @Override
            public void written(Path input, List<Path> results) {
                out.println(PlainText.of(results.get(0).toString()));
                out.flush();
            }

            @Override
            public void counted(Path input, int objects) {
                Errors.print(spec.commandLine(), input + ": " + objects + (objects == 1 ? " object" : " objects"));
            }
        }
        Written outcome = new Written();
        FilePredictions.builder(predictor)
                .folder(output)
                .suffix(format)
                .probabilities(probabilities)
                .uncertainty(uncertainty)
                .build()
                .write(inputs, outcome);
        return outcome.failures();
    }

    /** Prints classes or numbers; the number of files without. */
    private int tabulate(Predictor predictor, List<Path> inputs) throws IOException {
        boolean hasClasses = predictor.task().hasClasses();
        List<String> names = hasClasses
                ? predictor.description().classes()
                : predictor.description().output().names();
        boolean several = predictor.task().isMultiLabel();
        List<String> columns = new ArrayList<>(List.of("file"));
        if (hasClasses) {
            columns.add(several ? "labels" : "class");
        }
        names.forEach(name -> columns.add(PlainText.of(name)));
        if (uncertainty) {
            columns.add("uncertainty");
        }
        CSVPrinter printer = CSVFormat.DEFAULT
                .builder()
                .setRecordSeparator('\n')
                .setHeader(columns.toArray(String[]::new))
                .build()
                .print(spec.commandLine().getOut());
        class Printed extends Outcome implements FileAnswers.Listener {
            @Override
            public void answered(Path input, INDArray answer) {
                Uncertain apart = uncertainty ? Uncertain.of(answer) : new Uncertain(answer, answer);
                requireNamed(names, apart.output());
                try {
                    printer.print(PlainText.of(input.toString()));
                    if (several) {
                        // as the column of a list has them
                        printer.print(PlainText.of(String.join(";", predictor.labelNames(apart.output()))));
                    } else if (hasClasses) {
                        printer.print(
                                PlainText.of(names.get(predictor.decision().classes(apart.output())[0])));
                    }
                    for (float value : apart.output().toFloatVector()) {
                        printer.print(value);
                    }
                    if (uncertainty) {
                        printer.print(apart.deviation().maxNumber().floatValue());
                    }
                    printer.println();
                    printer.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        Printed outcome = new Printed();
        if (uncertainty) {
            FileAnswers.ofUncertain(predictor, inputs, outcome);
        } else {
            FileAnswers.of(predictor, inputs, outcome);
        }
        return outcome.failures();
    }

    private void requireNamed(List<String> names, INDArray values) {
        if (names.size() != values.length()) {
            throw new DataException(model + ": its description names " + names.size() + " of what its output has "
                    + values.length() + "; give a model whose description is its own");
        }
    }
}
