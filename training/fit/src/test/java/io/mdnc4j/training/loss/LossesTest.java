package io.mdnc4j.training.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.MultiLabelLoss;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.zoo.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Every loss in a network, in double: gradients against central differences, JSON, and values by other formulas. */
class LossesTest {
    private static final double EPSILON = 1e-6;
    private static final double MAX_RELATIVE_ERROR = 1e-4;
    private static final double MIN_ABSOLUTE_ERROR = 1e-8;
    private static final int CLASSES = 3;

    @BeforeAll
    static void doubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterAll
    static void floats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    static Stream<Arguments> losses() {
        List<Arguments> cases = new ArrayList<>();
        for (SpatialDims dims : SpatialDims.values()) {
            for (ILossFunction loss : List.of(
                    new DiceLoss(),
                    new DiceCrossEntropy(),
                    new FocalLoss(),
                    new FocalLoss(0.5),
                    new SsimLoss(),
                    new SsimLoss(2),
                    new KnownValuesLoss(),
                    new KnownValuesLoss(true),
                    new MultiLabelLoss(),
                    new MultiLabelLoss(false, true),
                    new MultiLabelLoss(true, true))) {
                cases.add(Arguments.of(dims, loss));
            }
        }
        return cases.stream();
    }

    private static boolean ofClasses(ILossFunction loss) {
        return loss instanceof ClassLoss;
    }

    private static ComputationGraph network(SpatialDims dims, ILossFunction loss, long... size) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .seed(3)
                .graphBuilder()
                .addInputs("input");
        String last = new BlockGraph(builder, dims, BlockStyle.DEFAULT, null)
                .convolution("first", "input", 1, CLASSES, dims.perAxis("kernel", 3), true);
        builder.addLayer(
                        "output",
                        new SpatialLossLayer.Builder(loss)
                                .activation(
                                        ofClasses(loss)
                                                ? Activation.SOFTMAX
                                                : loss instanceof MultiLabelLoss ? Activation.SIGMOID : Activation.TANH)
                                .build(),
                        last)
                .setOutputs("output")
                .setInputTypes(dims.inputType(1, size));
        ComputationGraph network = new ComputationGraph(builder.build());
        network.init();
        return network;
    }

    /**
     * One-hot classes with an unlabelled position in ten, any number of labels, of which one in five is unknown, or values, of
     * which one in three is known where it may be so.
     */
    private static INDArray labels(ILossFunction loss, long... shape) {
        INDArray values = Nd4j.randn(DataType.DOUBLE, shape);
        if (loss instanceof MultiLabelLoss) {
            for (long i = 0; i < values.length(); i++) {
                values.putScalar(i, i % 5 == 4 ? -1 : i * i % 3 == 1 ? 1 : 0);
            }
        }
        if (loss instanceof KnownValuesLoss) {
            for (long i = 0; i < values.length(); i++) {
                values.putScalar(i, i % 3 == 1 ? values.getDouble(i) : Double.NaN);
            }
        }
        if (!ofClasses(loss)) {
            return values;
        }
        int positions = (int) (values.length() / shape[0] / CLASSES);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, shape[0], CLASSES, positions);
        for (int n = 0; n < shape[0]; n++) {
            for (int i = n; i < positions; i++) {
                if (i % 10 != 9) {
                    labels.putScalar(n, i * i % CLASSES, i, 1);
                }
            }
        }
        return labels.reshape('c', shape);
    }

    @ParameterizedTest(name = "{1}, {0}")
    @MethodSource("losses")
    void gradientsAndJson(SpatialDims dims, ILossFunction loss) {
        // longer than the window of the structural similarity, shorter, and of even length
        long[] size = Arrays.copyOf(new long[] {13, 5, 4}, dims.count());
        ComputationGraph network = network(dims, loss, size);
        long[] shape = new long[dims.arrayRank()];
        shape[0] = 2;
        shape[1] = 1;
        System.arraycopy(size, 0, shape, 2, size.length);
        Nd4j.getRandom().setSeed(7);
        INDArray input = Nd4j.randn(DataType.DOUBLE, shape);
        shape[1] = CLASSES;
        INDArray labels = labels(loss, shape);
        assertTrue(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                .net(network)
                .inputs(new INDArray[] {input})
                .labels(new INDArray[] {labels})
                .epsilon(EPSILON)
                .maxRelError(MAX_RELATIVE_ERROR)
                .minAbsoluteError(MIN_ABSOLUTE_ERROR)));

        DataSet data = new DataSet(input, labels);
        INDArray each = network.scoreExamples(data, false);
        assertEquals(network.score(data), each.meanNumber().doubleValue(), 1e-9);

        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(
                network.getConfiguration().toJson());
        assertEquals(network.getConfiguration(), read);
        ComputationGraph again = new ComputationGraph(read);
        again.init();
        again.setParams(network.params());
        assertEquals(network.score(data), again.score(data), 0);
    }

    @Test
    void focalLossOfOnePosition() {
        INDArray output = Nd4j.createFromArray(new double[][] {{1, 0, -1}});
        INDArray labels = Nd4j.createFromArray(new double[][] {{0, 1, 0}});
        double p = 1 / (Math.E + 1 + 1 / Math.E);
        ActivationSoftmax softmax = new ActivationSoftmax();
        assertEquals(
                -Math.pow(1 - p, 2) * Math.log(p),
                new FocalLoss().computeScore(labels, output, softmax, null, true),
                1e-12);
        INDArray crossEntropy = new FocalLoss(0).computeGradient(labels, output, softmax, null);
        assertEquals(p - 1, crossEntropy.getDouble(1), 1e-12);
    }

    private static final INDArray BEFORE = Nd4j.createFromArray(-40, -2, .5, 1, 3, 60, .25, -.75, 2, -1.5, 0, -.1)
            .reshape('c', 2, 2, 3);

    /** Computed with PyTorch 1.13: {@code BCEWithLogitsLoss}, and its gradient. */
    @Test
    void binaryCrossEntropyIsThatOfPyTorch() {
        INDArray labels =
                Nd4j.createFromArray(0., 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1).reshape('c', 2, 2, 3);
        ActivationSigmoid sigmoid = new ActivationSigmoid();
        MultiLabelLoss loss = new MultiLabelLoss();
        assertEquals(5.557629132497336, loss.computeScore(labels, BEFORE, sigmoid, null, true), 1e-12);
        double[] slopes = {
            3.5402952127429907e-19,
            -0.07339975649815687,
            -0.03146172239984545,
            0.06092154821916707,
            -0.003952156098130553,
            0.08333333333333333,
            -0.03648529159285016,
            0.026735108402050584,
            -0.009933576835176474,
            0.015202126983863029,
            0.041666666666666664,
            -0.043748265623245
        };
        // of a sum over two samples
        assertArrayEquals(
                slopes,
                loss.computeGradient(labels, BEFORE, sigmoid, null)
                        .div(2)
                        .data()
                        .asDouble(),
                1e-15);
        assertEquals(
                0.36054114268935755,
                new MultiLabelLoss(false, true).computeScore(labels, BEFORE, sigmoid, null, true),
                1e-12);
        // the same without elements that are not known
        labels.putScalar(4, -1).putScalar(8, -1);
        assertEquals(6.651603422735131, loss.computeScore(labels, BEFORE, sigmoid, null, true), 1e-12);
        assertEquals(0, loss.computeGradient(labels, BEFORE, sigmoid, null).getDouble(4), 0);
    }

    @Test
    void labelsOfWhichNothingIsKnownHaveNeitherLossNorGradient() {
        INDArray unknown = Nd4j.valueArrayOf(BEFORE.shape(), -1, DataType.DOUBLE);
        INDArray extreme = BEFORE.mul(1e5);
        for (MultiLabelLoss loss : List.of(new MultiLabelLoss(), new MultiLabelLoss(true, true))) {
            assertEquals(0, loss.computeScore(unknown, BEFORE, new ActivationSigmoid(), null, true), 1e-15);
            INDArray gradient = loss.computeGradient(unknown, BEFORE, new ActivationSigmoid(), null);
            assertEquals(0, gradient.norm1Number().doubleValue(), 0);
            INDArray all = Nd4j.ones(DataType.DOUBLE, BEFORE.shape());
            assertTrue(Double.isFinite(loss.computeScore(all, extreme, new ActivationSigmoid(), null, true)));
            assertTrue(Double.isFinite(loss.computeGradient(all, extreme, new ActivationSigmoid(), null)
                    .norm1Number()
                    .doubleValue()));
        }
    }

    @Test
    void unknownValuesHaveNeitherLossNorGradient() {
        INDArray output = Nd4j.createFromArray(new double[][][] {{{1, 2, 3}}, {{4, 5, 6}}});
        INDArray labels = Nd4j.createFromArray(new double[][][] {{{Double.NaN, 4, Double.NaN}}, {{1, 5, Double.NaN}}});
        ActivationIdentity identity = new ActivationIdentity();
        KnownValuesLoss squared = new KnownValuesLoss();
        // a sum over two samples, each the mean of three known values
        assertEquals(2 * (4 + 9 + 0) / 3.0, squared.computeScore(labels, output, identity, null, false), 1e-12);
        assertArrayEquals(
                new double[] {0, -2 * 2 * 2 / 3.0, 0, 2 * 2 * 3 / 3.0, 0, 0},
                squared.computeGradient(labels, output, identity, null).data().asDouble(),
                1e-12);
        KnownValuesLoss absolute = new KnownValuesLoss(true);
        assertEquals((2 + 3 + 0) / 3.0, absolute.computeScore(labels, output, identity, null, true), 1e-12);
        INDArray unknown = Nd4j.valueArrayOf(output.shape(), Double.NaN, DataType.DOUBLE);
        assertEquals(0, squared.computeScore(unknown, output, identity, null, true), 0);
        assertEquals(
                0,
                squared.computeGradient(unknown, output, identity, null)
                        .norm1Number()
                        .doubleValue(),
                0);
    }

    @Test
    void whereAllIsKnownTheErrorsAreTheUsualOnes() {
        INDArray input = Nd4j.randn(DataType.DOUBLE, 2, 1, 9);
        INDArray labels = Nd4j.randn(DataType.DOUBLE, 2, CLASSES, 9);
        for (Losses kind : List.of(Losses.MSE, Losses.MAE)) {
            ComputationGraph usual = network(SpatialDims.ONE, kind.create(), 9);
            ComputationGraph known = network(SpatialDims.ONE, kind.createOfKnown(), 9);
            for (ComputationGraph network : List.of(usual, known)) {
                network.setInputs(input);
                network.setLabels(labels);
                network.computeGradientAndScore();
            }
            assertEquals(usual.score(), known.score(), 1e-12);
            assertEquals(
                    0, usual.gradient().gradient().distance2(known.gradient().gradient()), 1e-12);
        }
    }

    @Test
    void diceOfCertainAnswers() {
        INDArray output = Nd4j.createFromArray(new double[][] {{99, 0}, {0, 99}, {0, 99}, {99, 0}});
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}});
        // one position of both, two of each
        assertEquals(
                1 - (2 + 1) / (4 + 1.0),
                new DiceLoss().computeScore(labels, output, new ActivationSoftmax(), null, true),
                1e-12);
    }

    @Test
    void extremeOutputsStayFinite() {
        INDArray output = Nd4j.createFromArray(new double[][] {{2000, -2000}, {-2000, 2000}});
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0}, {1, 0}});
        for (ILossFunction loss : List.of(new DiceCrossEntropy(), new FocalLoss(), new FocalLoss(0.5))) {
            double score = loss.computeScore(labels, output, new ActivationSoftmax(), null, true);
            INDArray gradient = loss.computeGradient(labels, output, new ActivationSoftmax(), null);
            assertTrue(Double.isFinite(score), loss + " " + score);
            assertEquals(0, gradient.isNaN().castTo(DataType.DOUBLE).sumNumber().doubleValue(), loss + " " + gradient);
        }
    }

    @Test
    void whatDoesNotSuitIsRefused() {
        INDArray row = Nd4j.ones(DataType.DOUBLE, 4, 1);
        assertThrows(IllegalArgumentException.class, Losses.SSIM::createOfKnown);
        assertThrows(IllegalArgumentException.class, Losses.FOCAL::createOfLabels);
        assertThrows(IllegalArgumentException.class, () -> Losses.of(Task.MULTI_LABEL_SEGMENTATION, "focal"));
        assertThrows(IllegalArgumentException.class, () -> Losses.of(Task.MULTI_LABEL_SEGMENTATION, "mse"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new MultiLabelLoss().computeScore(row, row, new ActivationSoftmax(), null, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> new KnownValuesLoss().computeScore(row, row, new ActivationSoftmax(), null, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> new KnownValuesLoss().computeScore(row, row, new ActivationIdentity(), row, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> new DiceLoss().computeScore(row, row, new ActivationSoftmax(), null, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SsimLoss().computeScore(row, row, new ActivationIdentity(), null, true));
        assertThrows(IllegalArgumentException.class, () -> new FocalLoss(-1));
        assertThrows(IllegalArgumentException.class, () -> new SsimLoss(0));
        assertThrows(IllegalArgumentException.class, () -> Losses.parse("dice", false));
        for (Losses loss : Losses.values()) {
            assertEquals(
                    loss,
                    Losses.parse(loss.code(), loss.create() instanceof ClassLoss || loss == Losses.CROSS_ENTROPY));
        }
    }
}
