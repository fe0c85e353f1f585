package io.mdnc4j.training.predict;

import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.nnunet.Processing;
import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What one network answers to one window, in the units of the data: without mirror images, other folds, or another grid. This is
 * what a file answers that carries everything ({@link io.mdnc4j.zoo.export.OnnxExport}).
 */
public final class WindowAnswer {
    private WindowAnswer() {}

    /**
     * The answer.
     *
     * @param network with one input and one output
     * @param description of its data
     * @param processing of a model of nnU-Net, whose window is on the network's grid and nowhere outside; {@code null} for all
     *     others
     * @param window {@code [C, size...]}, or {@code [K]} for a network of vectors, of any size that the network takes
     * @return values {@code [C', size...]}, probabilities {@code [K, size...]}, or {@code [K]} of the whole
     */
    public static INDArray of(
            ComputationGraph network, ModelDescription description, @Nullable Processing processing, INDArray window) {
        long[] shape = window.shape();
        if (processing != null) {
            INDArray values = new ImagePreparation(processing).normalized(window);
            return first(network.outputSingle(batch(values)));
        }
        if (shape.length == 1) {
            return first(new Member(new NetworkPool(network, false, 1), description).apply(batch(window.dup('c'))));
        }
        long[] size = Arrays.copyOfRange(shape, 1, shape.length);
        Predictor.Builder builder = Predictor.builder(network, description).flip();
        if (description.inWindows()) {
            // as large as the input, so that there is one, or as that of the training, so that it is padded as ever
            Arrays.setAll(
                    size, axis -> Math.max(size[axis], description.inputShape().get(axis + 1)));
            builder.window(size);
        }
        return builder.build().predict(window);
    }

    private static INDArray batch(INDArray one) {
        long[] shape = new long[one.rank() + 1];
        shape[0] = 1;
        System.arraycopy(one.shape(), 0, shape, 1, one.rank());
        return one.reshape('c', shape);
    }

    private static INDArray first(INDArray batch) {
        return batch.slice(0);
    }
}
