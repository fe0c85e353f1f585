package io.mdnc4j.training.cli;

import io.mdnc4j.training.data.DataException;
import io.mdnc4j.training.data.Example;
import io.mdnc4j.training.data.Examples;
import io.mdnc4j.training.metrics.ClassMeasures;
import io.mdnc4j.training.predict.FileFormat;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.TaskKind;
import io.mdnc4j.zoo.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Uses a trained network on files. */
@Command(
        name = "predict",
        description = "Uses a trained network on files of any size.",
        footer = {
            "",
            "Values and classes of positions go to files of the input's name and format in OUTPUT; classes of whole files"
                    + " to standard output, as CSV with the probability of each class."
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

    @Option(names = "--batch", defaultValue = "16", paramLabel = "N", description = "windows at a time (default: 16)")
    private int batch;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        common.apply();
        Predictor predictor = Predictor.read(model, batch);
        requireUsable();
        TaskKind kind = TaskKind.parse(predictor.description().task());
        if (kind.ofWhole()) {
            classify(predictor);
        } else {
            predictor.predict(
                    inputs(), (example, values) -> write(example, kind.hasClasses() ? classes(values) : values));
        }
        return 0;
    }

    /** Refuses what would fail after hours, or write over something. */
    private void requireUsable() {
        Set<String> names = new HashSet<>();
        for (Path file : files) {
            FileFormat.of(file);
            if (!Files.isReadable(file)) {
                throw new DataException(file + ": no such file, or not readable; check the path");
            }
            if (!names.add(file.getFileName().toString())) {
                throw new IllegalArgumentException("files: two are called " + file.getFileName()
                        + ", and so would be their results; use the command for each of their folders");
            }
            if (file.toAbsolutePath()
                    .normalize()
                    .equals(target(file).toAbsolutePath().normalize())) {
                throw new IllegalArgumentException(
                        "output: " + output + " has the inputs in it; choose another --output");
            }
        }
    }

    private Path target(Path file) {
        return output.resolve(file.getFileName());
    }

    private Examples inputs() {
        return new Examples() {
            @Override
            public int size() {
                return files.size();
            }

            @Override
            public Example get(int index) {
                Path file = files.get(index);
                return new Example(file.toString(), FileFormat.of(file).read(file), null);
            }
        };
    }

    /** Numbers of the most probable classes, {@code [1, size...]}. */
    private static INDArray classes(INDArray probabilities) {
        long[] shape = probabilities.shape().clone();
        shape[0] = 1;
        int[] numbers = ClassMeasures.mostProbable(probabilities);
        return Nd4j.createFromArray(numbers).castTo(probabilities.dataType()).reshape('c', shape);
    }

    private void write(Example example, INDArray values) {
        Path file = Path.of(example.name());
        try {
            Files.createDirectories(output);
            AtomicFile.write(target(file), temporary -> FileFormat.of(file).write(temporary, values, file));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    target(file) + ": cannot be written (" + e.getMessage() + "); choose another --output", e);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(target(file));
        out.flush();
    }

    private void classify(Predictor predictor) throws IOException {
        List<String> classes = predictor.description().classes();
        List<String> columns = new ArrayList<>(List.of("file", "class"));
        columns.addAll(classes);
        CSVPrinter printer = CSVFormat.DEFAULT
                .builder()
                .setRecordSeparator('\n')
                .setHeader(columns.toArray(String[]::new))
                .get()
                .print(spec.commandLine().getOut());
        predictor.predict(inputs(), (example, probabilities) -> {
            try {
                printer.print(example.name());
                printer.print(classes.get(ClassMeasures.mostProbable(probabilities)[0]));
                for (float probability : probabilities.toFloatVector()) {
                    printer.print(probability);
                }
                printer.println();
                printer.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
