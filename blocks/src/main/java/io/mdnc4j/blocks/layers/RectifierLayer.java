package io.mdnc4j.blocks.layers;

import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.blocks.conf.Parameter;
import io.mdnc4j.blocks.conf.ReLU;
import io.mdnc4j.blocks.conf.SpatialLayer;
import io.mdnc4j.blocks.kernels.Kernels;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a {@link PReLU} or, without a slope, a {@link ReLU}. */
public final class RectifierLayer extends SpatialLayerBase<SpatialLayer> {
    public RectifierLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces) {
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, x.shape(), 'c');
        Kernels.of(x, y).prelu(x, parameter(Parameter.WEIGHT, training, workspaces), y);
        return y;
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        Kernels.of(x, dy, dx)
                .preluBackward(x, dy, parameter(Parameter.WEIGHT, true, workspaces), dx, gradientOf(Parameter.WEIGHT));
        return dx;
    }
}
