package io.mdnc4j.blocks.internal.layers;

import static io.mdnc4j.blocks.internal.layers.ParameterNames.BIAS;
import static io.mdnc4j.blocks.internal.layers.ParameterNames.WEIGHT;

import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import io.mdnc4j.blocks.internal.kernels.Convolutions;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a {@code Convolution}. */
public final class ConvolutionLayer extends SpatialLayerBase {
    private final Convolutions arithmetic;

    public ConvolutionLayer(NeuralNetConfiguration conf, DataType dataType, Convolutions arithmetic) {
        super(conf, dataType);
        this.arithmetic = arithmetic;
    }

    @Override
    INDArray forward(INDArray vectorOrMap, boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = map(vectorOrMap);
        requireAxes(x, arithmetic.kernel().length);
        long[] size = Arrays.copyOfRange(x.shape(), 2, x.rank());
        long[] outputSize = arithmetic.outputSize(size);
        if (Arrays.stream(outputSize).anyMatch(length -> length < 1)) {
            throw wrongInput(
                    "size " + Arrays.toString(size),
                    "use at least what kernelSize " + Arrays.toString(arithmetic.kernel()) + " with padding "
                            + Arrays.toString(arithmetic.padding()) + " needs");
        }
        long[] shape = new long[x.rank()];
        shape[0] = x.size(0);
        shape[1] = layerConf().getNOut();
        System.arraycopy(outputSize, 0, shape, 2, outputSize.length);
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        arithmetic.forward(x, parameter(WEIGHT, training, workspaces), parameter(BIAS, training, workspaces), y);
        return y;
    }

    @Override
    Maps describe(Program program, Maps x) {
        int axes = arithmetic.kernel().length;
        long[] size = map(x.size());
        if (size.length != axes || Arrays.stream(arithmetic.outputSize(size)).anyMatch(length -> length < 1)) {
            return null;
        }
        return program.convolve(
                layerConf().getLayerName(),
                arithmetic,
                layerConf().getNOut(),
                trained(program, WEIGHT),
                trained(program, BIAS),
                x);
    }

    /** No size as that of a single position. */
    private long[] map(long... size) {
        if (size.length > 0) {
            return size;
        }
        long[] ones = new long[arithmetic.kernel().length];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** {@code [N, C]} as {@code [N, C, 1...]}; others as they are. */
    private INDArray map(INDArray x) {
        if (x.rank() > 2) {
            return x;
        }
        long[] shape = Arrays.copyOf(x.shape(), arithmetic.kernel().length + 2);
        Arrays.fill(shape, 2, shape.length, 1);
        return x.reshape('c', shape);
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        arithmetic.backward(
                map(x),
                parameter(WEIGHT, true, workspaces),
                parameter(BIAS, true, workspaces),
                dy,
                map(dx),
                gradientOf(WEIGHT),
                gradientOf(BIAS));
        return dx;
    }
}
