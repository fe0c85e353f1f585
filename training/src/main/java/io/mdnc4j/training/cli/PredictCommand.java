package io.mdnc4j.training.cli;

import io.mdnc4j.training.data.DataException;
import io.mdnc4j.training.data.Example;
import io.mdnc4j.training.data.Examples;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.metrics.ClassMeasures;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.TaskKind;
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
import org.nd4j.linalg.api.buffer.DataType;
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
    @Parameters(index = "0", paramLabel = "MODEL", description = "a model.zip of train")
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
            predictor.predict(inputs(predictor), (example, values) -> write(kind, Path.of(example.name()), values));
        }
        return 0;
    }

    /** Refuses what would fail after hours, or write over something. */
    private void requireUsable() {
        Set<String> names = new HashSet<>();
        for (Path file : files) {
            if (ArrayFiles.suffix(file).isEmpty()) {
                throw new IllegalArgumentException(
                        file + ": its name ends in none of " + ArrayFiles.suffixes() + "; rename or convert it");
            }
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

    private Examples inputs(Predictor predictor) {
        int axes = predictor.description().inputShape().size() - 1;
        return new Examples() {
            @Override
            public int size() {
                return files.size();
            }

            @Override
            public Example get(int index) {
                Path file = files.get(index);
                return new Example(file.toString(), input(file, axes), null);
            }
        };
    }

    private static INDArray input(Path file, int axes) {
        try {
            return ArrayFiles.read(file).withDimensions(axes).castTo(DataType.FLOAT);
        } catch (DataException e) {
            throw e.getMessage().startsWith(file.toString()) ? e : new DataException(file + ": " + e.getMessage(), e);
        }
    }

    /** Values keep the type of the input's where they are of the same kind; classes are small whole numbers. */
    private void write(TaskKind kind, Path file, INDArray output) {
        try {
            Files.createDirectories(this.output);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    this.output + ": cannot be made (" + e.getMessage() + "); choose another --output", e);
        }
        StoredArray input = ArrayFiles.read(file);
        StoredArray result = switch (kind) {
            case DENOISING -> input.with(output);
            case REGRESSION -> input.with(output, ElementType.FLOAT32);
            default -> input.with(classes(output), ElementType.UINT8);
        };
        ArrayFiles.write(target(file), result);
        PrintWriter out = spec.commandLine().getOut();
        out.println(target(file));
        out.flush();
    }

    /** Numbers of the most probable classes, {@code [1, size...]}. */
    private static INDArray classes(INDArray probabilities) {
        long[] shape = probabilities.shape().clone();
        shape[0] = 1;
        int[] numbers = ClassMeasures.mostProbable(probabilities);
        return Nd4j.createFromArray(numbers).castTo(probabilities.dataType()).reshape('c', shape);
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
        predictor.predict(inputs(predictor), (example, probabilities) -> {
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
