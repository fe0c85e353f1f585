package io.mdnc4j.blocks.internal.layers;

import static io.mdnc4j.blocks.internal.layers.ParameterNames.WEIGHT;

import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import io.mdnc4j.blocks.internal.channelslast.Slope;
import io.mdnc4j.blocks.internal.kernels.Kernels;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a {@code PReLU} or, without a slope of its own, a {@code LeakyReLU} or {@code ReLU}. */
public final class RectifierLayer extends SpatialLayerBase {
    /** Slopes above keep the sign of the input, which can then be had back from the output. */
    private static final double LEAST_SLOPE = 1e-6;

    private final boolean inPlace;
    private final double constantSlope;
    private boolean overwritten;

    /**
     * @param inPlace whether training may write the output over the input
     * @param constantSlope the slope where no parameter has it
     */
    public RectifierLayer(NeuralNetConfiguration conf, DataType dataType, boolean inPlace, double constantSlope) {
        super(conf, dataType);
        this.inPlace = inPlace;
        this.constantSlope = constantSlope;
    }

    @Override
    Maps describe(Program program, Maps x) {
        return program.rectify(layerConf().getLayerName(), slope(program), x);
    }

    /** As programs see it. */
    Slope slope(Program program) {
        return new Slope(trained(program, WEIGHT), constantSlope);
    }

    @Override
    INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces) {
        INDArray slope = slope(training, ArrayType.FF_WORKING_MEM, workspaces);
        overwritten = training && mayOverwrite(x, slope, workspaces);
        INDArray y = overwritten ? x : workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, x.shape(), 'c');
        Kernels.of(x, y).prelu(x, slope, y);
        return y;
    }

    private boolean mayOverwrite(INDArray x, INDArray slope, LayerWorkspaceMgr workspaces) {
        return inPlace
                && x == input
                && InPlace.allowed(x, workspaces)
                && (slope == null || Kernels.of(slope).least(slope) > LEAST_SLOPE);
    }

    /** The slope of each channel; {@code null} for 0. */
    private INDArray slope(boolean training, ArrayType working, LayerWorkspaceMgr workspaces) {
        INDArray parameter = parameter(WEIGHT, training, workspaces);
        if (parameter != null || constantSlope == 0) {
            return parameter;
        }
        return workspaces
                .createUninitialized(working, dataType, new long[] {layerConf().getNIn()}, 'c')
                .assign(constantSlope);
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray slope = slope(true, ArrayType.BP_WORKING_MEM, workspaces);
        INDArray dSlope = gradientOf(WEIGHT);
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        Kernels.of(x, dy, dx).preluBackward(x, overwritten, dy, slope, dx, dSlope);
        return dx;
    }
}
