package io.mdnc4j.blocks.layers;

import io.mdnc4j.blocks.conf.Linear;
import io.mdnc4j.blocks.conf.Parameter;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Computes a {@link Linear} map. */
public final class LinearLayer extends SpatialLayerBase<Linear> {
    public LinearLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces) {
        INDArray weight = parameter(Parameter.WEIGHT, training, workspaces);
        INDArray y = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, dataType, x.size(0), layerConf().getNOut());
        Nd4j.matmul(vectors(x), weight, y, false, true, false);
        INDArray bias = parameter(Parameter.BIAS, training, workspaces);
        return bias == null ? y : y.addiRowVector(bias);
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray weight = parameter(Parameter.WEIGHT, true, workspaces);
        gradientOf(Parameter.WEIGHT).assign(Nd4j.matmul(dy, vectors(x), true, false, false));
        if (gradientOf(Parameter.BIAS) != null) {
            gradientOf(Parameter.BIAS).assign(dy.sum(0));
        }
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        Nd4j.matmul(dy, weight, vectors(dx), false, false, false);
        return dx;
    }

    /** {@code [N, C, 1...]} as {@code [N, C]}. */
    private static INDArray vectors(INDArray x) {
        if (x.length() != x.size(0) * x.size(1)) {
            throw new IllegalArgumentException(
                    "input: a linear layer maps [N, C] or [N, C, 1...], got an array of shape "
                            + java.util.Arrays.toString(x.shape()));
        }
        return x.reshape('c', x.size(0), x.size(1));
    }
}
