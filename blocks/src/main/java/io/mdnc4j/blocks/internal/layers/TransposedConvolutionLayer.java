package io.mdnc4j.blocks.internal.layers;

import static io.mdnc4j.blocks.internal.layers.ParameterNames.BIAS;
import static io.mdnc4j.blocks.internal.layers.ParameterNames.WEIGHT;

import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import io.mdnc4j.blocks.internal.kernels.CellConvolution;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a {@code NonOverlappingTransposedConvolution}. */
public final class TransposedConvolutionLayer extends SpatialLayerBase {
    /** Elements between product and output at a time: 64 MB. */
    private static final long AT_ONCE = 1 << 24;

    private final int[] cell;

    /** @param cell kernel and stride, one number an axis */
    public TransposedConvolutionLayer(NeuralNetConfiguration conf, DataType dataType, int... cell) {
        super(conf, dataType);
        this.cell = cell;
    }

    @Override
    INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces) {
        requireAxes(x, cell.length);
        long[] shape = x.shape().clone();
        shape[1] = layerConf().getNOut();
        for (int axis = 0; axis < cell.length; axis++) {
            shape[axis + 2] *= cell[axis];
        }
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        arithmetic(ArrayType.FF_WORKING_MEM, workspaces)
                .forward(x, parameter(WEIGHT, training, workspaces), parameter(BIAS, training, workspaces), y);
        return y;
    }

    @Override
    Maps describe(Program program, Maps x) {
        return x.size().length == cell.length
                ? program.transpose(
                        layerConf().getLayerName(),
                        cell,
                        layerConf().getNOut(),
                        trained(program, WEIGHT),
                        trained(program, BIAS),
                        x)
                : null;
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        arithmetic(ArrayType.BP_WORKING_MEM, workspaces)
                .backward(
                        x,
                        parameter(WEIGHT, true, workspaces),
                        parameter(BIAS, true, workspaces),
                        dy,
                        dx,
                        gradientOf(WEIGHT),
                        gradientOf(BIAS));
        return dx;
    }

    private CellConvolution arithmetic(ArrayType working, LayerWorkspaceMgr workspaces) {
        return new CellConvolution(
                cell, AT_ONCE, shape -> workspaces.createUninitialized(working, dataType, shape, 'c'));
    }
}
