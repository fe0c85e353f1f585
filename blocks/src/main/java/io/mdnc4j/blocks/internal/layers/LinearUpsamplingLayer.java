package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import io.mdnc4j.blocks.internal.kernels.Kernels;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a {@code LinearUpsampling}. */
public final class LinearUpsamplingLayer extends SpatialLayerBase {
    private final UnaryOperator<long[]> outputSize;

    /** @param outputSize the spatial size of the output for inputs of that spatial size */
    public LinearUpsamplingLayer(NeuralNetConfiguration conf, DataType dataType, UnaryOperator<long[]> outputSize) {
        super(conf, dataType);
        this.outputSize = outputSize;
    }

    @Override
    Maps describe(Program program, Maps x) {
        return program.upsample(layerConf().getLayerName(), outputSize.apply(x.size()), x);
    }

    @Override
    INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces) {
        long[] shape = x.shape().clone();
        long[] size = outputSize.apply(Arrays.copyOfRange(shape, 2, shape.length));
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
