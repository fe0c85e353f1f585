package io.mdnc4j.blocks.internal.layers;

import static io.mdnc4j.blocks.internal.layers.ParameterNames.BIAS;
import static io.mdnc4j.blocks.internal.layers.ParameterNames.RUNNING_MEAN;
import static io.mdnc4j.blocks.internal.layers.ParameterNames.RUNNING_VAR;
import static io.mdnc4j.blocks.internal.layers.ParameterNames.WEIGHT;

import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Norm;
import io.mdnc4j.blocks.internal.channelslast.Program;
import io.mdnc4j.blocks.internal.kernels.Grouping;
import io.mdnc4j.blocks.internal.kernels.Kernels;
import io.mdnc4j.blocks.internal.kernels.Statistics;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a normalisation; its two kinds differ in where the statistics come from. */
public abstract class NormalizationLayer extends SpatialLayerBase {
    private final Grouping grouping;
    final double eps;
    private Statistics statistics;
    private boolean ownStatistics;

    NormalizationLayer(NeuralNetConfiguration conf, DataType dataType, Grouping grouping, double eps) {
        super(conf, dataType);
        this.grouping = grouping;
        this.eps = eps;
    }

    /** The statistics to normalise with, or {@code null} for those of the input itself. */
    abstract Statistics fixedStatistics(boolean training);

    /** Called in the backward pass with the statistics of the batch, each of so many elements. */
    void update(long size, Statistics batch) {}

    @Override
    Maps describe(Program program, Maps x) {
        return program.normalize(layerConf().getLayerName(), norm(program, x), null, x);
    }

    /** {@link #describe} with the rectifier that follows, and that has this name and slope. */
    final Maps describe(Program program, RectifierLayer rectifier, Maps x) {
        return program.normalize(
                layerConf().getLayerName() + " " + rectifier.layerConf().getLayerName(),
                norm(program, x),
                rectifier.slope(program),
                x);
    }

    private Norm norm(Program program, Maps x) {
        long positions = Arrays.stream(x.size()).reduce(x.shape()[0], Math::multiplyExact);
        return new Norm(
                grouping == Grouping.INSTANCE,
                eps,
                this::fixedStatistics,
                trained(program, WEIGHT),
                trained(program, BIAS),
                batch -> update(positions, batch));
    }

    @Override
    INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces) {
        Statistics fixed = fixedStatistics(training);
        ownStatistics = fixed == null;
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, x.shape(), 'c');
        Kernels kernels = Kernels.of(x, y);
        INDArray scale = parameter(WEIGHT, training, workspaces);
        INDArray shift = parameter(BIAS, training, workspaces);
        if (ownStatistics) {
            statistics = kernels.normalizeByOwn(x, grouping, eps, scale, shift, y);
        } else {
            statistics = fixed;
            kernels.normalize(x, grouping, fixed, scale, shift, y);
        }
        return y;
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        Kernels.of(x, dy, dx)
                .normalizeBackward(
                        x,
                        dy,
                        grouping,
                        statistics,
                        ownStatistics,
                        parameter(WEIGHT, true, workspaces),
                        dx,
                        gradientOf(WEIGHT),
                        gradientOf(BIAS));
        update(grouping.size(x), statistics);
        return dx;
    }

    @Override
    public void clear() {
        super.clear();
        statistics = null;
    }

    /** Computes an {@code InstanceNormalization}. */
    public static final class Instance extends NormalizationLayer {
        public Instance(NeuralNetConfiguration conf, DataType dataType, double eps) {
            super(conf, dataType, Grouping.INSTANCE, eps);
        }

        @Override
        Statistics fixedStatistics(boolean training) {
            return null;
        }
    }

    /** Computes a {@code BatchNormalization}. */
    public static final class Batch extends NormalizationLayer {
        private final double momentum;
        private boolean training;

        public Batch(NeuralNetConfiguration conf, DataType dataType, double eps, double momentum) {
            super(conf, dataType, Grouping.BATCH, eps);
            this.momentum = momentum;
        }

        @Override
        Statistics fixedStatistics(boolean training) {
            this.training = training;
            return training ? null : Statistics.fixed(running(RUNNING_MEAN), running(RUNNING_VAR), eps);
        }

        private double[] running(String name) {
            return getParam(name).dup().data().asDouble();
        }

        /** As in DL4J, the running statistics move by a "gradient" that the updater subtracts unchanged. */
        @Override
        void update(long size, Statistics batch) {
            INDArray dMean = gradientOf(RUNNING_MEAN);
            INDArray dVar = gradientOf(RUNNING_VAR);
            if (!training) {
                dMean.assign(0);
                dVar.assign(0);
                return;
            }
            double unbiased = size > 1 ? (double) size / (size - 1) : 1;
            double[] mean = running(RUNNING_MEAN);
            double[] var = running(RUNNING_VAR);
            for (int c = 0; c < mean.length; c++) {
                dMean.putScalar(c, momentum * (mean[c] - batch.mean()[c]));
                dVar.putScalar(c, momentum * (var[c] - unbiased * batch.variance(c, eps)));
            }
        }

        @Override
        public boolean updaterDivideByMinibatch(String parameter) {
            return !parameter.startsWith("running") && super.updaterDivideByMinibatch(parameter);
        }
    }
}
