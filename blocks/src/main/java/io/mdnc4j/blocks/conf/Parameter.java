package io.mdnc4j.blocks.conf;

import java.util.Arrays;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One parameter tensor of a layer, named and laid out (row-major) as in PyTorch.
 *
 * @param name {@code weight}, {@code bias}, {@code runningMean} or {@code runningVar}; with the vertex's name before it,
 *     the key of the same tensor in a PyTorch state_dict
 * @param shape its shape, {@code [out, in, k...]} for convolutions
 * @param role how training treats it
 * @param start how it is initialised
 */
public record Parameter(String name, long[] shape, Role role, Start start) {
    public static final String WEIGHT = "weight";
    public static final String BIAS = "bias";

    /** How training treats a parameter. */
    public enum Role {
        /** Subject to l1, l2 and weight decay. */
        WEIGHT,
        /** Subject to what is set for biases only. */
        BIAS,
        /** Trained, never regularised: scales and slopes. */
        SCALE,
        /** Not trained, updated by the layer itself: running statistics. */
        STATE
    }

    /** Fills a parameter's memory with its initial values. */
    @FunctionalInterface
    public interface Start {
        void fill(INDArray view, long[] shape);
    }

    static Parameter constant(String name, long channels, Role role, double value) {
        return new Parameter(name, new long[] {channels}, role, (view, shape) -> view.assign(value));
    }

    static Parameter random(String name, long[] shape, Role role, IWeightInit init, long fanIn, long fanOut) {
        return new Parameter(name, shape, role, (view, s) -> init.init(fanIn, fanOut, s, 'c', view));
    }

    long length() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
