package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import io.mdnc4j.blocks.internal.kernels.Kernels;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes an {@code AveragePooling}. */
public final class AveragePoolingLayer extends SpatialLayerBase {
    private final int[] window;

    /** @param window size of a window, one number an axis */
    public AveragePoolingLayer(NeuralNetConfiguration conf, DataType dataType, int... window) {
        super(conf, dataType);
        this.window = window;
    }

    @Override
    INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces) {
        requireAxes(x, window.length);
        long[] shape = x.shape().clone();
        for (int axis = 0; axis < window.length; axis++) {
            shape[axis + 2] /= window[axis];
            if (shape[axis + 2] == 0) {
                throw wrongInput(
                        "size " + Arrays.toString(Arrays.copyOfRange(x.shape(), 2, x.rank())),
                        "use at least one window, " + Arrays.toString(window));
            }
        }
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        Kernels.of(x, y).averageCells(x, window, y);
        return y;
    }

    @Override
    Maps describe(Program program, Maps x) {
        long[] size = x.size();
        boolean fits = size.length == window.length
                && IntStream.range(0, size.length).allMatch(axis -> size[axis] >= window[axis]);
        return fits ? program.average(layerConf().getLayerName(), window, x) : null;
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        Kernels.of(dy, dx).averageCellsBackward(dy, window, dx);
        return dx;
    }
}
