package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.Task;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Times a convolution and a matrix product of about the same number of operations. */
final class SpeedProbe {
    private static final int BATCH = 8;
    private static final int CHANNELS = 64;
    private static final int SIZE = 64;
    private static final int KERNEL = 3;

    /** Rows of a square product with nearly the convolution's operations. */
    private static final int ROWS = 1064;

    private static final int WARM_UP = 3;
    private static final int RUNS = 10;

    private SpeedProbe() {}

    /** GFLOP/s of a 3x3 convolution of [8, 64, 64, 64], same padding, weights [64, 64, 3, 3]. */
    static double convolution() {
        INDArray input = Nd4j.rand(DataType.FLOAT, BATCH, CHANNELS, SIZE, SIZE);
        INDArray weights = Nd4j.rand(DataType.FLOAT, CHANNELS, CHANNELS, KERNEL, KERNEL);
        INDArray output = Nd4j.create(DataType.FLOAT, BATCH, CHANNELS, SIZE, SIZE);
        DynamicCustomOp operation = DynamicCustomOp.builder("conv2d")
                .addInputs(input, weights)
                .addOutputs(output)
                // kernel, stride, padding, dilation, explicit padding, NCHW, weights [out, in, kH, kW]
                .addIntegerArguments(KERNEL, KERNEL, 1, 1, 1, 1, 1, 1, 0, 0, 1)
                .build();
        double macs = (double) BATCH * CHANNELS * SIZE * SIZE * CHANNELS * KERNEL * KERNEL;
        return gflops(macs, () -> Nd4j.exec(operation));
    }

    /** GFLOP/s of the product of two square matrices. */
    static double matrixProduct() {
        INDArray a = Nd4j.rand(DataType.FLOAT, ROWS, ROWS);
        INDArray b = Nd4j.rand(DataType.FLOAT, ROWS, ROWS);
        INDArray product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {ROWS, ROWS}, 'f');
        return gflops(Math.pow(ROWS, 3), () -> a.mmuli(b, product));
    }

    /** The native kernels of a training step's convolution with kernel 3 and 64 channels; empty where there are none. */
    static List<String> kernels() {
        ComputationGraph network = NetworkModel.builder("conv.encoder2d")
                .inputShape(1, SIZE, SIZE)
                .channel(CHANNELS)
                .layers(2, 1)
                .updater(new Sgd(0))
                .task(Task.REGRESSION)
                .build()
                .init();
        INDArray input = Nd4j.rand(DataType.FLOAT, 1, 1, SIZE, SIZE);
        network.fit(new DataSet(input, network.outputSingle(input)));
        return network instanceof InPlaceComputationGraph own
                ? own.layerKernels().values().stream()
                        .filter(names -> names.size() > 2)
                        .skip(1) // the first layer has one channel
                        .findFirst()
                        .orElse(List.of())
                : List.of();
    }

    /** The fastest of some runs, for other programs only ever slow one down. */
    private static double gflops(double macs, Runnable work) {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < WARM_UP + RUNS; i++) {
            long start = System.nanoTime();
            work.run();
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return 2 * macs / fastest;
    }
}
