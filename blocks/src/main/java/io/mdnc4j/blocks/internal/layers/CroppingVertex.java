package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.internal.channelslast.Maps;
import io.mdnc4j.blocks.internal.channelslast.Program;
import java.util.Arrays;
import java.util.function.Function;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Computes a {@code CropVertex}. */
@SuppressWarnings("overrides") // DL4J declares setInputs both with and without varargs
public final class CroppingVertex extends PlainVertex {
    private final boolean concatenate;
    private final Function<long[][], long[]> croppedSize;

    /**
     * @param concatenate whether the inputs are joined along channels
     * @param croppedSize the common size of the cropped inputs with these spatial sizes
     */
    public CroppingVertex(
            ComputationGraph graph,
            String name,
            int index,
            boolean concatenate,
            Function<long[][], long[]> croppedSize,
            DataType dataType) {
        super(graph, name, index, dataType);
        this.concatenate = concatenate;
        this.croppedSize = croppedSize;
    }

    @Override
    Maps describe(Program program, Maps... x) {
        long[] size = croppedSize.apply(Arrays.stream(x).map(Maps::size).toArray(long[][]::new));
        return concatenate ? program.crop(vertexName, size, x) : program.crop(vertexName, size, x[0]);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        requireInputs();
        long[] size = croppedSize.apply(
                Arrays.stream(inputs).map(CroppingVertex::size).toArray(long[][]::new));
        if (!concatenate) {
            INDArray y = create(workspaces, ArrayType.ACTIVATIONS, inputs[0], inputs[0].size(1), size);
            return y.assign(inputs[0].get(window(inputs[0], size)));
        }
        long first = inputs[0].size(1);
        long second = inputs[1].size(1);
        INDArray y = create(workspaces, ArrayType.ACTIVATIONS, inputs[0], first + second, size);
        channels(y, 0, first).assign(inputs[0].get(window(inputs[0], size)));
        channels(y, first, first + second).assign(inputs[1].get(window(inputs[1], size)));
        return y;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        requireEpsilon();
        long[] size = size(epsilon);
        INDArray[] gradients = new INDArray[inputs.length];
        long from = 0;
        for (int i = 0; i < inputs.length; i++) {
            INDArray gradient = workspaces.create(ArrayType.ACTIVATION_GRAD, dataType, inputs[i].shape(), 'c');
            long to = from + inputs[i].size(1);
            if (i == 0 || concatenate) { // a reference is only measured: its gradient is 0
                gradient.get(window(gradient, size)).assign(channels(epsilon, from, to));
            }
            gradients[i] = gradient;
            from = to;
        }
        return new Pair<>(null, gradients);
    }

    private INDArray create(
            LayerWorkspaceMgr workspaces, ArrayType type, INDArray like, long channels, long[] spatialSize) {
        long[] shape = new long[spatialSize.length + 2];
        shape[0] = like.size(0);
        shape[1] = channels;
        System.arraycopy(spatialSize, 0, shape, 2, spatialSize.length);
        return workspaces.createUninitialized(type, dataType, shape, 'c');
    }

    private static long[] size(INDArray activations) {
        return Arrays.copyOfRange(activations.shape(), 2, activations.rank());
    }

    /** All samples and channels, and the central part of that size. */
    private static INDArrayIndex[] window(INDArray activations, long[] size) {
        INDArrayIndex[] window = all(activations);
        for (int i = 0; i < size.length; i++) {
            long start = (activations.size(i + 2) - size[i]) / 2;
            window[i + 2] = NDArrayIndex.interval(start, start + size[i]);
        }
        return window;
    }

    private static INDArray channels(INDArray activations, long from, long to) {
        INDArrayIndex[] part = all(activations);
        part[1] = NDArrayIndex.interval(from, to);
        return activations.get(part);
    }

    private static INDArrayIndex[] all(INDArray activations) {
        INDArrayIndex[] all = new INDArrayIndex[activations.rank()];
        Arrays.fill(all, NDArrayIndex.all());
        return all;
    }
}
