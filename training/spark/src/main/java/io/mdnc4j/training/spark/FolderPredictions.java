package io.mdnc4j.training.spark;

import io.mdnc4j.training.predict.FileAnswers;
import io.mdnc4j.training.predict.FilePredictions;
import io.mdnc4j.training.predict.Predictor;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.datavec.spark.util.SerializableHadoopConfig;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Predicts for some files of a folder, on one worker.
 *
 * @param model name of the model's file, which Spark has distributed
 * @param input URI of the folder with the inputs
 * @param output URI of the folder for the outputs
 * @param format suffix of the outputs, {@code null} for that of the inputs
 * @param batch windows at a time
 * @param hadoop how file systems are reached
 */
record FolderPredictions(
        String model, String input, String output, String format, int batch, Broadcast<SerializableHadoopConfig> hadoop)
        implements FlatMapFunction<Iterator<String>, FolderPredictions.Outcome> {
    /** What came of a file: the output's name, its class or its numbers, or why there is none. */
    record Outcome(String file, String text, boolean failed) implements Serializable {}

    @Override
    public Iterator<Outcome> call(Iterator<String> files) throws IOException {
        Store from = new Store(input, hadoop.getValue().getConfiguration());
        Store to = new Store(output, hadoop.getValue().getConfiguration());
        Predictor predictor =
                Predictor.builder(Path.of(SparkFiles.get(model))).batch(batch).build();
        Path folder = Files.createTempDirectory("mdnc4j-predict");
        List<Outcome> outcomes = new ArrayList<>();
        while (files.hasNext()) {
            String name = files.next();
            Path local = folder.resolve(name);
            from.get(name, local);
            outcomes.add(outcome(predictor, local, folder.resolve("out"), to));
            Files.delete(local);
        }
        Files.deleteIfExists(folder.resolve("out"));
        Files.delete(folder);
        return outcomes.iterator();
    }

    private Outcome outcome(Predictor predictor, Path file, Path folder, Store to) throws IOException {
        String name = file.getFileName().toString();
        Path[] written = new Path[1];
        String text;
        try {
            text = predict(predictor, file, folder, written);
        } catch (RuntimeException e) { // a file that cannot be used is no reason to stop
            return new Outcome(name, e.getMessage(), true);
        }
        if (written[0] != null) {
            to.put(written[0]);
            Files.delete(written[0]);
        }
        return new Outcome(name, text, false);
    }

    private String predict(Predictor predictor, Path file, Path folder, Path... written) {
        if (!predictor.task().perExample()) {
            FilePredictions predictions = FilePredictions.builder(predictor)
                    .folder(folder)
                    .suffix(format)
                    .build();
            predictions.write(List.of(file));
            written[0] = predictions.target(file);
            return written[0].getFileName().toString();
        }
        String[] text = new String[1];
        FileAnswers.of(predictor, List.of(file), (input, output) -> text[0] = answer(predictor, output));
        return text[0];
    }

    /** The name of the class, those of labels with semicolons between, or the numbers with commas. */
    private static String answer(Predictor predictor, INDArray values) {
        if (predictor.task().isMultiLabel()) {
            return String.join(";", predictor.labelNames(values));
        }
        return predictor.task().hasClasses()
                ? predictor.description().classes().get(predictor.decision().classes(values)[0])
                : Arrays.stream(values.toDoubleVector())
                        .mapToObj(value -> Float.toString((float) value))
                        .collect(Collectors.joining(","));
    }
}
