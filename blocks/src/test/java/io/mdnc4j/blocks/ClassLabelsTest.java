package io.mdnc4j.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.conf.AdaptiveAveragePooling;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.Linear;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Class numbers as labels do what one-hot labels do. */
class ClassLabelsTest {
    private static final int CLASSES = 3;
    private static final int SAMPLES = 3;

    @BeforeAll
    static void doubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void floats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    /** Output {@code [N, 3, size...]}, or {@code [N, 3]} where {@code dims} is {@code null}. */
    private static ComputationGraph network(SpatialDims dims, ILossFunction loss, Activation activation) {
        return network(dims, loss, activation, new NoOp());
    }

    private static ComputationGraph network(
            SpatialDims dims, ILossFunction loss, Activation activation, IUpdater updater) {
        SpatialDims of = dims == null ? SpatialDims.TWO : dims;
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .seed(3)
                .graphBuilder()
                .addInputs("input")
                .addLayer(
                        "conv",
                        new Convolution.Builder(of.perAxis("kernel", 1))
                                .nOut(CLASSES)
                                .build(),
                        "input");
        String last = "conv";
        if (dims == null) {
            builder.addLayer("pool", new AdaptiveAveragePooling.Builder(1, 1).build(), "conv")
                    .addLayer("linear", new Linear.Builder().nOut(CLASSES).build(), "pool");
            last = "linear";
        }
        builder.addLayer(
                        "output",
                        new SpatialLossLayer.Builder(loss)
                                .activation(activation)
                                .build(),
                        last)
                .setOutputs("output")
                .setInputTypes(of.inputType(2, Graphs.size(of)));
        ComputationGraph network = new ComputationGraph(builder.build());
        network.init();
        return network;
    }

    private static ComputationGraph network(SpatialDims dims) {
        return network(dims, new LossMCXENT(), Activation.SOFTMAX);
    }

    private static INDArray input(SpatialDims dims) {
        SpatialDims of = dims == null ? SpatialDims.TWO : dims;
        long[] shape = new long[of.arrayRank()];
        shape[0] = SAMPLES;
        shape[1] = 2;
        System.arraycopy(Graphs.size(of), 0, shape, 2, of.count());
        Nd4j.getRandom().setSeed(7);
        return Nd4j.randn(DataType.DOUBLE, shape);
    }

    /** Class numbers {@code [N, size...]}; every fifth is unknown where asked for. */
    private static INDArray numbers(SpatialDims dims, boolean unknown) {
        long[] size = dims == null ? new long[0] : Graphs.size(dims);
        long[] shape = new long[size.length + 1];
        shape[0] = SAMPLES;
        System.arraycopy(size, 0, shape, 1, size.length);
        double[] numbers = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = unknown && i % 5 == 1 ? -1 : i * 7 % CLASSES;
        }
        return Nd4j.create(numbers, shape, 'c');
    }

    private static INDArray oneHot(INDArray numbers) {
        long positions = numbers.length() / SAMPLES;
        INDArray rows = numbers.reshape('c', SAMPLES, positions);
        long[] shape = new long[numbers.rank() + 1];
        shape[0] = SAMPLES;
        shape[1] = CLASSES;
        System.arraycopy(numbers.shape(), 1, shape, 2, numbers.rank() - 1);
        INDArray oneHot = Nd4j.zeros(DataType.DOUBLE, SAMPLES, CLASSES, positions);
        for (int n = 0; n < SAMPLES; n++) {
            for (int p = 0; p < positions; p++) {
                if (rows.getInt(n, p) >= 0) {
                    oneHot.putScalar(n, rows.getInt(n, p), p, 1);
                }
            }
        }
        return oneHot.reshape('c', shape);
    }

    private static INDArray withChannel(INDArray numbers) {
        long[] shape = new long[numbers.rank() + 1];
        shape[0] = SAMPLES;
        shape[1] = 1;
        System.arraycopy(numbers.shape(), 1, shape, 2, numbers.rank() - 1);
        return numbers.reshape('c', shape);
    }

    static Stream<SpatialDims> outputs() {
        return Stream.of(null, SpatialDims.ONE, SpatialDims.TWO, SpatialDims.THREE);
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void scoresAndGradientsAreThoseOfOneHotLabels(SpatialDims dims) {
        for (boolean unknown : new boolean[] {false, true}) {
            INDArray numbers = numbers(dims, unknown);
            INDArray oneHot = oneHot(numbers);
            ComputationGraph network = network(dims);
            DataSet reference = new DataSet(input(dims), oneHot);
            double score = network.score(reference);
            assertEquals(crossEntropy(network.outputSingle(input(dims)), oneHot), score, 1e-9);
            INDArray examples = network.scoreExamples(reference, false);
            INDArray gradient = gradient(network, reference);
            for (INDArray labels : List.of(
                    numbers,
                    withChannel(numbers),
                    numbers.castTo(DataType.INT32),
                    withChannel(numbers.castTo(DataType.FLOAT)).dup('f'))) {
                DataSet batch = new DataSet(input(dims), labels);
                assertEquals(score, network.score(batch), 1e-12);
                assertEquals(examples, network.scoreExamples(batch, false));
                assertEquals(gradient, gradient(network, batch));
                ComputationGraph fitted = network.clone();
                fitted.fit(new MultiDataSet(input(dims), labels));
                assertEquals(score, fitted.score(), 1e-12);
            }
        }
    }

    /** By PyTorch's definition: the mean of {@code -log p} over the positions whose class is known. */
    private static double crossEntropy(INDArray probabilities, INDArray oneHot) {
        double sum = 0;
        double count = 0;
        for (int i = 0; i < oneHot.length(); i++) {
            if (oneHot.dup('c').data().getDouble(i) == 1) {
                sum -= Math.log(probabilities.dup('c').data().getDouble(i));
                count++;
            }
        }
        return sum / count;
    }

    private static INDArray gradient(ComputationGraph network, DataSet batch) {
        network.setInputs(batch.getFeatures());
        network.setLabels(batch.getLabels());
        network.computeGradientAndScore();
        return network.gradient().gradient().dup();
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void gradientsAreThoseOfTheScore(SpatialDims dims) {
        for (INDArray labels : List.of(numbers(dims, true), oneHot(numbers(dims, true)))) {
            assertTrue(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                    .net(network(dims))
                    .epsilon(1e-6)
                    .maxRelError(1e-4)
                    .minAbsoluteError(1e-8)
                    .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)
                    .inputs(new INDArray[] {input(dims)})
                    .labels(new INDArray[] {labels})));
        }
    }

    @Test
    void unknownPositionsTeachNothing() {
        ComputationGraph network = network(SpatialDims.TWO);
        INDArray numbers = numbers(SpatialDims.TWO, false);
        // a batch of which only the first sample is known is a batch of that sample
        INDArray first = numbers.dup();
        first.slice(1).assign(-1);
        first.slice(2).assign(-1);
        DataSet padded = new DataSet(input(SpatialDims.TWO), first);
        DataSet alone = new DataSet(
                input(SpatialDims.TWO).slice(0).reshape('c', 1, 2, 5, 4),
                numbers.slice(0).reshape('c', 1, 5, 4));
        assertEquals(network.score(alone), network.score(padded), 1e-12);
        assertEquals(0, network.scoreExamples(padded, false).getDouble(2), 0);
        INDArray expected = gradient(network, alone);
        assertTrue(expected.equalsWithEps(gradient(network, padded).div(SAMPLES), 1e-12));

        DataSet nothing = new DataSet(input(SpatialDims.TWO), numbers.assign(-1));
        assertEquals(0, network.score(nothing), 0);
        assertEquals(0, gradient(network, nothing).amaxNumber().doubleValue(), 0);
    }

    @Test
    void theyTrain() {
        ComputationGraph trained = network(SpatialDims.TWO, new LossMCXENT(), Activation.SOFTMAX, new Sgd(1));
        INDArray input = input(SpatialDims.TWO);
        INDArray labels = input.argMax(1);
        double before = trained.score(new DataSet(input, labels));
        for (int step = 0; step < 30; step++) {
            trained.fit(new DataSet(input, labels));
        }
        assertTrue(trained.score(new DataSet(input, labels)) < 0.5 * before);
    }

    @Test
    void wrongNumbersAreNamedWithTheirPlace() {
        for (double wrong : new double[] {3, -2, 0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
            INDArray numbers = numbers(SpatialDims.TWO, true).putScalar(2, 3, 1, wrong);
            ArgumentException e = refused(network(SpatialDims.TWO), numbers);
            assertEquals(wrong + " at [2, 3, 1]", e.value());
            assertTrue(e.remedy().contains("from 0 to 2"), e.remedy());
        }
    }

    @Test
    void numbersAreForLossesOfClasses() {
        ArgumentException e =
                refused(network(SpatialDims.TWO, new LossMSE(), Activation.IDENTITY), numbers(SpatialDims.TWO, false));
        assertTrue(e.remedy().contains("LossMCXENT"), e.remedy());
        ArgumentException shape = refused(network(SpatialDims.TWO), Nd4j.zeros(SAMPLES, 2, 5, 4));
        assertTrue(shape.remedy().contains("[N, size...]"), shape.remedy());
        ArgumentException sparse =
                assertThrows(ArgumentException.class, () -> network(null, new LossSparseMCXENT(), Activation.SOFTMAX));
        assertEquals("lossFunction", sparse.argument());
    }

    private static ArgumentException refused(ComputationGraph network, INDArray labels) {
        ArgumentException e =
                assertThrows(ArgumentException.class, () -> network.fit(new DataSet(input(SpatialDims.TWO), labels)));
        assertEquals("labels", e.argument());
        return e;
    }
}
