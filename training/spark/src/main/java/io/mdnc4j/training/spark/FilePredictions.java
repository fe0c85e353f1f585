package io.mdnc4j.training.spark;

import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.predict.Predictor;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.datavec.spark.util.SerializableHadoopConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Predicts for some files of a folder, on one worker.
 *
 * @param model name of the model's file, which Spark has distributed
 * @param input URI of the folder with the inputs
 * @param output URI of the folder for the outputs
 * @param batch windows at a time
 * @param hadoop how file systems are reached
 */
record FilePredictions(String model, String input, String output, int batch, Broadcast<SerializableHadoopConfig> hadoop)
        implements FlatMapFunction<Iterator<String>, FilePredictions.Outcome> {
    /** The formats by the ends of names: float arrays {@code [C, size...]}. */
    private static final Map<String, Function<Path, INDArray>> READERS =
            Map.of(".csv", FilePredictions::signal, ".npy", FilePredictions::array);

    /** What came of a file: the output's shape, or why there is none. */
    record Outcome(String file, String text, boolean failed) implements Serializable {}

    /** Whether a file of that name is in a known format. */
    static boolean canRead(String name) {
        return READERS.containsKey(extension(name));
    }

    private static String extension(String name) {
        return name.substring(Math.max(0, name.lastIndexOf('.'))).toLowerCase(Locale.ROOT);
    }

    private static INDArray signal(Path file) {
        double[] samples = Signal.read(file, Signal.ECG_RATE).samples();
        return Nd4j.createFromArray(samples).castTo(DataType.FLOAT).reshape('c', 1, samples.length);
    }

    private static INDArray array(Path file) {
        return Nd4j.createFromNpyFile(file.toFile()).castTo(DataType.FLOAT);
    }

    @Override
    public Iterator<Outcome> call(Iterator<String> files) throws IOException {
        Store from = new Store(input, hadoop.getValue().getConfiguration());
        Store to = new Store(output, hadoop.getValue().getConfiguration());
        Predictor predictor = Predictor.read(Path.of(SparkFiles.get(model)), batch);
        Path folder = Files.createTempDirectory("mdnc4j-predict");
        List<Outcome> outcomes = new ArrayList<>();
        while (files.hasNext()) {
            String name = files.next();
            Path local = folder.resolve(name);
            from.get(name, local);
            outcomes.add(predict(predictor, name, local, to));
            Files.delete(local);
        }
        Files.delete(folder);
        return outcomes.iterator();
    }

    /** A file that cannot be used is no reason to stop; a store that cannot be written is. */
    private static Outcome predict(Predictor predictor, String name, Path local, Store to) throws IOException {
        INDArray result;
        try {
            result = predictor.predict(READERS.get(extension(name)).apply(local));
        } catch (RuntimeException e) {
            return new Outcome(name, e.getMessage(), true);
        }
        Path file = local.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".out.npy");
        Files.write(file, Nd4j.toNpyByteArray(result));
        to.put(file, file.getFileName().toString().replaceFirst("\\.out\\.npy$", ".npy"));
        Files.delete(file);
        return new Outcome(name, java.util.Arrays.toString(result.shape()), false);
    }
}
