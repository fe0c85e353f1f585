package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Computes an {@code AdaptiveAveragePooling}, window by window: there are few. */
public final class AdaptiveAveragePoolingLayer extends SpatialLayerBase {
    private final long[] size;

    public AdaptiveAveragePoolingLayer(NeuralNetConfiguration conf, DataType dataType, long[] size) {
        super(conf, dataType);
        this.size = size;
    }

    @Override
    Maps describe(Program program, Maps x) {
        int axes = x.size().length;
        return axes == 0
                ? null
                : program.pool(layerConf().getLayerName(), SpatialDims.of(axes).perAxis("size", size), x);
    }

    @Override
    INDArray forward(INDArray x, boolean training, LayerWorkspaceMgr workspaces) {
        long[] shape = x.shape().clone();
        long[] size = outputSize(x);
        System.arraycopy(size, 0, shape, 2, size.length);
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        int[] axes = IntStream.range(2, x.rank()).toArray();
        forEachWindow(
                x,
                size,
                (window, element) -> y.get(element).assign(x.get(window).mean(true, axes)));
        return y;
    }

    @Override
    INDArray backward(INDArray x, INDArray dy, LayerWorkspaceMgr workspaces) {
        INDArray dx = workspaces.create(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        long maps = x.size(0) * x.size(1);
        forEachWindow(x, outputSize(x), (window, element) -> {
            INDArray target = dx.get(window);
            target.addi(dy.get(element).div((double) target.length() / maps).broadcast(target.shape()));
        });
        return dx;
    }

    private long[] outputSize(INDArray x) {
        return SpatialDims.of(x.rank() - 2).perAxis("size", size);
    }

    private static void forEachWindow(INDArray x, long[] size, BiConsumer<INDArrayIndex[], INDArrayIndex[]> action) {
        long count = java.util.Arrays.stream(size).reduce(1, Math::multiplyExact);
        for (long flat = 0; flat < count; flat++) {
            INDArrayIndex[] window = new INDArrayIndex[x.rank()];
            INDArrayIndex[] element = new INDArrayIndex[x.rank()];
            window[0] = window[1] = element[0] = element[1] = NDArrayIndex.all();
            long rest = flat;
            for (int axis = size.length - 1; axis >= 0; axis--) {
                long i = rest % size[axis];
                rest /= size[axis];
                long in = x.size(axis + 2);
                long from = i * in / size[axis];
                long to = ((i + 1) * in + size[axis] - 1) / size[axis];
                window[axis + 2] = NDArrayIndex.interval(from, to);
                element[axis + 2] = NDArrayIndex.interval(i, i + 1);
            }
            action.accept(window, element);
        }
    }
}
