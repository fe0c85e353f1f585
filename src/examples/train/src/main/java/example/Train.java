package example;

import io.mdnc4j.training.run.RunFolder;
import io.mdnc4j.training.run.RunListener;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ResUNet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.datavec.api.records.reader.impl.collection.CollectionSequenceRecordReader;
import org.datavec.api.writable.FloatWritable;
import org.datavec.api.writable.Writable;
import org.deeplearning4j.datasets.datavec.SequenceRecordReaderDataSetIterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.slf4j.LoggerFactory;

/** Takes noise out of sines: DataVec reads, DL4J fits, mdnc4j has the network, the report and the model file. */
public final class Train {
    private static final int LENGTH = 64;
    private static final int EPOCHS = 10;

    public static void main(String[] arguments) throws Exception {
        Path runs = Path.of(arguments[0]);
        Nd4j.getRandom().setSeed(1);
        DataSetIterator training = sines(64);
        DataSetIterator validation = sines(16);

        ComputationGraph network = ResUNet.builder()
                .inputShape(1, LENGTH)
                .channel(4)
                .layers(1, 1)
                .updater(new Adam(0.01))
                .build()
                .init();
        double before = loss(network, validation);
        RunListener listener = new RunListener("sines", RunFolder.create(runs, "sines"), validation, EPOCHS);
        network.setListeners(listener);
        network.fit(training, EPOCHS);
        listener.report();
        double after = loss(network, validation);

        Path file = runs.resolve("network.zip");
        ModelFiles.write(network, file);
        validation.reset();
        INDArray features = validation.next().getFeatures();
        boolean same = network.outputSingle(features).equals(ModelFiles.read(file).outputSingle(features));
        boolean report = Files.size(runs.resolve("sines/report.html")) > 0;
        String logger = LoggerFactory.getILoggerFactory().getClass().getName();

        System.out.printf("train: loss %.4f before, %.4f after; read again: %s; logger: %s%n", before, after, same, logger);
        System.exit(after < before / 2 && same && report && logger.contains("Simple") ? 0 : 1);
    }

    /** Mean loss over batches. */
    private static double loss(ComputationGraph network, DataSetIterator data) {
        double sum = 0;
        int count = 0;
        for (data.reset(); data.hasNext(); count++) {
            sum += network.score(data.next());
        }
        return sum / count;
    }

    private static DataSetIterator sines(int count) {
        DataSetIterator iterator = new SequenceRecordReaderDataSetIterator(
                new CollectionSequenceRecordReader(sequences(count)), 8, -1, 1, true);
        iterator.setPreProcessor(data -> data.setFeatures(
                data.getFeatures().add(Nd4j.randn(data.getFeatures().shape()).mul(0.3))));
        return iterator;
    }

    /** Records of two columns, what goes in (before the noise) and what should come out. */
    private static List<List<List<Writable>>> sequences(int count) {
        List<List<List<Writable>>> sequences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<List<Writable>> sequence = new ArrayList<>();
            for (int t = 0; t < LENGTH; t++) {
                FloatWritable value = new FloatWritable((float) Math.sin(0.2 * t + i));
                sequence.add(List.of(value, value));
            }
            sequences.add(sequence);
        }
        return sequences;
    }
}
