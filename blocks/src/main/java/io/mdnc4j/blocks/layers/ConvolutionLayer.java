package io.mdnc4j.blocks.layers;

import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.Parameter;
import io.mdnc4j.blocks.kernels.Convolutions;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a {@link Convolution}. */
public final class ConvolutionLayer extends SpatialLayerBase<Convolution> {
    public ConvolutionLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    INDArray forward(INDArray vectorOrMap, boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = map(vectorOrMap);
        Convolutions arithmetic = layerConf().arithmetic();
        long[] size = Arrays.copyOfRange(x.shape(), 2, x.rank());
        long[] outputSize = arithmetic.outputSize(requireAxes(size));
        if (Arrays.stream(outputSize).anyMatch(length -> length < 1)) {
            throw new IllegalArgumentException("input: layer \"" + layerConf().getLayerName() + "\" has kernel "
                    + Arrays.toString(layerConf().getKernelSize()) + " and padding "
                    + Arrays.toString(layerConf().getPadding()) + ", its input only size " + Arrays.toString(size));
        }
        long[] shape = new long[x.rank()];
        shape[0] = x.size(0);
        shape[1] = layerConf().getNOut();
        System.arraycopy(outputSize, 0, shape, 2, outputSize.length);
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        arithmetic.forward(
                x,
                parameter(Parameter.WEIGHT, training, workspaces),
                parameter(Parameter.BIAS, training, workspaces),
                y);
        return y;
    }

    /** {@code [N, C]} as {@code [N, C, 1...]}; others as they are. */
    private INDArray map(INDArray x) {
        if (x.rank() > 2) {
            return x;
        }
        long[] shape = Arrays.copyOf(x.shape(), layerConf().getKernelSize().length + 2);
        Arrays.fill(shape, 2, shape.length, 1);
        return x.reshape('c', shape);
    }

    private long[] requireAxes(long[] size) {
        if (size.length != layerConf().getKernelSize().length) {
            throw new IllegalArgumentException("input: layer \"" + layerConf().getLayerName() + "\" is for "
                    + layerConf().getKernelSize().length + " spatial dimensions, got " + size.length);
        }
        return size;
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        layerConf()
                .arithmetic()
                .backward(
                        map(x),
                        parameter(Parameter.WEIGHT, true, workspaces),
                        parameter(Parameter.BIAS, true, workspaces),
                        dy,
                        map(dx),
                        gradientOf(Parameter.WEIGHT),
                        gradientOf(Parameter.BIAS));
        return dx;
    }
}
