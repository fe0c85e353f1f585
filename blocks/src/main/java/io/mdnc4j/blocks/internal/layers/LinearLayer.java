package io.mdnc4j.blocks.internal.layers;

import static io.mdnc4j.blocks.internal.layers.ParameterNames.BIAS;
import static io.mdnc4j.blocks.internal.layers.ParameterNames.WEIGHT;

import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Computes a {@code Linear} map. */
public final class LinearLayer extends SpatialLayerBase {
    public LinearLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces) {
        INDArray weight = parameter(WEIGHT, training, workspaces);
        INDArray y = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, dataType, x.size(0), layerConf().getNOut());
        Nd4j.matmul(vectors(x), weight, y, false, true, false);
        INDArray bias = parameter(BIAS, training, workspaces);
        return bias == null ? y : y.addiRowVector(bias);
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray weight = parameter(WEIGHT, true, workspaces);
        gradientOf(WEIGHT).assign(Nd4j.matmul(dy, vectors(x), true, false, false));
        if (gradientOf(BIAS) != null) {
            gradientOf(BIAS).assign(dy.sum(0));
        }
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        Nd4j.matmul(dy, weight, vectors(dx), false, false, false);
        return dx;
    }

    @Override
    Maps describe(Program program, Maps x) {
        return Arrays.stream(x.size()).allMatch(length -> length == 1)
                ? program.multiply(
                        layerConf().getLayerName(),
                        layerConf().getNOut(),
                        trained(program, WEIGHT),
                        trained(program, BIAS),
                        x)
                : null;
    }

    /** {@code [N, C, 1...]} as {@code [N, C]}. */
    private INDArray vectors(INDArray x) {
        if (x.length() != x.size(0) * x.size(1)) {
            throw wrongInput("shape " + Arrays.toString(x.shape()), "give it [N, C] or [N, C, 1...]");
        }
        return x.reshape('c', x.size(0), x.size(1));
    }
}
