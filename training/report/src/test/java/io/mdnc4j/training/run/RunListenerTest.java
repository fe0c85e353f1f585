package io.mdnc4j.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.zoo.ConvEncoder;
import io.mdnc4j.zoo.ConvUNet;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class RunListenerTest {
    @TempDir
    Path output;

    @Test
    void aPlainFitLoopLeavesHistoryModelAndReport() throws IOException {
        INDArray signal = Nd4j.rand(DataType.FLOAT, 12, 1, 64);
        List<DataSet> samples = new DataSet(signal, signal.mul(2)).asList();
        ListDataSetIterator<DataSet> training = new ListDataSetIterator<>(samples, 4);
        ComputationGraph network = SmallGraph.create(new long[] {1, 64}, b -> b.updater(new Adam(0.01)), 1);
        RunFolder folder = RunFolder.create(output, "plain");
        RunListener listener = new RunListener("a <plain> loop", folder, training, 3);
        assertThrows(IllegalStateException.class, listener::report);

        network.setListeners(listener);
        network.fit(training, 3);
        listener.report();

        List<String> history = Files.readAllLines(folder.file(RunFolder.HISTORY));
        assertEquals(4, history.size(), history.toString());
        assertTrue(history.get(3).startsWith("3,9,") && history.get(3).endsWith(",0.0100000"), history.get(3));
        assertEquals(
                network.params(), ModelFiles.read(folder.file(RunFolder.MODEL)).params());
        String page = Files.readString(folder.file(RunFolder.REPORT));
        assertTrue(page.contains("a &lt;plain&gt; loop") && page.contains("data:image/png;base64,"), "not in the page");
        assertFalse(page.matches("(?s).*(src|href)=\"?(http|/).*"), "refers to other files");
    }

    /** The model file of three epochs of a plain loop. */
    private Path fit(ComputationGraph network, DataSet data, ModelDescription known) {
        ListDataSetIterator<DataSet> training = new ListDataSetIterator<>(data.asList(), 4);
        RunFolder folder = RunFolder.create(output, "described");
        network.setListeners(new RunListener("described", folder, training, 3).description(known));
        network.fit(training, 3);
        return folder.file(RunFolder.MODEL);
    }

    private static ModelDescription nothingKnown() {
        return new ModelDescription(null, null, null, null, null, null, null, null, null);
    }

    @Test
    void valuesArePredictedByTheModelFile() throws IOException {
        INDArray signal = Nd4j.rand(DataType.FLOAT, 8, 1, 64);
        ComputationGraph network = SmallGraph.create(new long[] {1, 64}, b -> b.updater(new Adam(0.01)), 1);
        Path model = fit(network, new DataSet(signal, signal.mul(2)), nothingKnown());

        Predictor predictor = Predictor.read(model);
        assertEquals("regression", predictor.description().task());
        assertEquals(List.of(1L, 64L), predictor.description().inputShape());
        assertEquals(List.of(), predictor.description().classes());
        INDArray expected = ModelFiles.read(model).outputSingle(signal);
        for (int n = 0; n < 8; n++) {
            assertEquals(expected.slice(n), predictor.predict(signal.slice(n)));
        }
    }

    @Test
    void classesArePredictedByTheModelFile() throws IOException {
        INDArray images = Nd4j.rand(DataType.FLOAT, 8, 1, 8, 8);
        INDArray positions = Nd4j.zeros(DataType.FLOAT, 8, 3, 8, 8);
        positions.get(NDArrayIndex.all(), NDArrayIndex.point(1)).assign(1);
        Path model = fit(
                ConvUNet.builder()
                        .inputShape(1, 8, 8)
                        .outPlanes(3)
                        .channel(2)
                        .layers(1, 1)
                        .task(Task.SEGMENTATION)
                        .build()
                        .init(),
                new DataSet(images, positions),
                nothingKnown());

        Predictor predictor = Predictor.read(model);
        assertEquals("segmentation", predictor.description().task());
        assertEquals(List.of("0", "1", "2"), predictor.description().classes());
        assertEquals(ModelFiles.read(model).outputSingle(images).slice(5), predictor.predict(images.slice(5)));
    }

    @Test
    void labelsArePredictedByTheModelFile() throws IOException {
        INDArray images = Nd4j.rand(DataType.FLOAT, 8, 1, 8, 8);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 8, 2);
        labels.getColumn(0).assign(1);
        labels.putScalar(3, 1, -1);
        Path model = fit(
                ConvEncoder.builder()
                        .inputShape(1, 8, 8)
                        .outLength(2)
                        .channel(2)
                        .layers(1, 1)
                        .task(Task.MULTI_LABEL_CLASSIFICATION)
                        .build()
                        .init(),
                new DataSet(images, labels),
                nothingKnown());
        Predictor predictor = Predictor.read(model);
        assertEquals("multi-label-classification", predictor.description().task());
        assertEquals(List.of("0", "1"), predictor.description().classes());
        assertEquals(ModelFiles.read(model).outputSingle(images).slice(5), predictor.predict(images.slice(5)));
    }

    @Test
    void numbersOfWholesArePredictedByTheModelFile() throws IOException {
        INDArray images = Nd4j.rand(DataType.FLOAT, 8, 1, 8, 8);
        Path model = fit(
                ConvEncoder.builder()
                        .inputShape(1, 8, 8)
                        .outLength(2)
                        .channel(2)
                        .layers(1, 1)
                        .task(Task.ESTIMATION)
                        .build()
                        .init(),
                new DataSet(images, Nd4j.rand(DataType.FLOAT, 8, 2)),
                nothingKnown());
        Predictor predictor = Predictor.read(model);
        assertEquals("estimation", predictor.description().task());
        assertEquals(List.of("0", "1"), predictor.description().output().names());
        assertEquals(ModelFiles.read(model).outputSingle(images).slice(5), predictor.predict(images.slice(5)));
    }

    @Test
    void whatIsToldOfAModelStandsInItsFile() throws IOException {
        INDArray images = Nd4j.rand(DataType.FLOAT, 8, 1, 8, 8);
        INDArray wholes = Nd4j.zeros(DataType.FLOAT, 8, 2);
        wholes.getColumn(0).assign(1);
        ModelDescription.Normalization scale = new ModelDescription.Normalization(
                ModelDescription.Normalization.By.SET, List.of(1.0), List.of(2.0), false);
        Path model = fit(
                ConvEncoder.builder()
                        .inputShape(1, 8, 8)
                        .outLength(2)
                        .channel(2)
                        .layers(1, 1)
                        .task(Task.CLASSIFICATION)
                        .build()
                        .init(),
                new DataSet(images, wholes),
                new ModelDescription(
                        "conv.encoder2d", null, null, scale, List.of("cat", "dog"), null, null, null, null));

        Predictor predictor = Predictor.read(model);
        assertEquals(
                new ModelDescription(
                        "conv.encoder2d",
                        "classification",
                        List.of(1L, 8L, 8L),
                        scale,
                        List.of("cat", "dog"),
                        null,
                        null,
                        null,
                        null),
                predictor.description());
        INDArray expected = ModelFiles.read(model).outputSingle(images.slice(5).reshape(1, 1, 8, 8));
        INDArray found = predictor.predict(images.slice(5).mul(2).add(1));
        assertTrue(expected.slice(0).equalsWithEps(found, 1e-5), expected + " and " + found);
    }

    @Test
    void lossesOfTrainingAndValidationMeanTheSame() {
        // penalties, and a last batch of two examples beside one of four whose loss is another
        INDArray signal = Nd4j.rand(DataType.FLOAT, 6, 1, 64);
        signal.get(NDArrayIndex.interval(4, 6)).muli(10);
        ListDataSetIterator<DataSet> data = new ListDataSetIterator<>(new DataSet(signal, signal.mul(3)).asList(), 4);
        ComputationGraph network =
                SmallGraph.create(new long[] {1, 64}, b -> b.updater(new Sgd(0)).l2(0.1), 1);
        RunFolder folder = RunFolder.create(output, "still");
        network.setListeners(new RunListener("still", folder, data, 2));
        network.fit(data, 2);

        for (EpochResult epoch : History.resume(folder, 2).epochs()) {
            assertEquals(epoch.validationLoss(), epoch.trainLoss(), 1e-5 * epoch.validationLoss(), epoch.toString());
        }
    }

    @Test
    void networksThatItCannotDescribeAreRefusedBeforeTheyTrain() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("left", "right")
                .addLayer("output", new OutputLayer.Builder().nIn(4).nOut(2).build(), "left", "right")
                .setOutputs("output")
                .build());
        network.init();
        ListDataSetIterator<DataSet> none = new ListDataSetIterator<>(List.of(), 1);
        RunListener listener = new RunListener("two", RunFolder.create(output, "two"), none, 1);
        assertThrows(ArgumentException.class, () -> listener.onEpochStart(network));
        assertThrows(
                IllegalArgumentException.class,
                () -> listener.description(
                        new ModelDescription(null, "divination", null, null, null, null, null, null, null)));
    }
}
