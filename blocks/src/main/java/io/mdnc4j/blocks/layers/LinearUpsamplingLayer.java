package io.mdnc4j.blocks.layers;

import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.kernels.Kernels;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a {@link LinearUpsampling}. */
public final class LinearUpsamplingLayer extends SpatialLayerBase<LinearUpsampling> {
    public LinearUpsamplingLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces) {
        long[] shape = x.shape().clone();
        long[] size = layerConf().outputSize(Arrays.copyOfRange(shape, 2, shape.length));
        System.arraycopy(size, 0, shape, 2, size.length);
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        Kernels.of(x, y).interpolate(x, y);
        return y;
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        Kernels.of(dy, dx).interpolateBackward(dy, dx);
        return dx;
    }
}
