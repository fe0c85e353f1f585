package io.mdnc4j.blocks.conf;

import io.mdnc4j.blocks.internal.layers.ParameterNames;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One parameter tensor of a layer, named and laid out (row-major) as in PyTorch. It keeps a copy of its shape and hands out
 * copies, and is equal to another one of the same description.
 *
 * @param name {@code weight}, {@code bias}, {@code runningMean} or {@code runningVar}; with the vertex's name before it,
 *     the key of the same tensor in a PyTorch state_dict
 * @param shape its shape, {@code [out, in, k...]} for convolutions
 * @param role how training treats it
 * @param start how it is initialised
 */
public record Parameter(String name, long[] shape, Role role, Start start) {
    /** Name of a convolution's or linear map's weights, of a normalisation's scales and of slopes. */
    public static final String WEIGHT = ParameterNames.WEIGHT;

    /** Name of a bias, or of a normalisation's shifts. */
    public static final String BIAS = ParameterNames.BIAS;

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

    /** Fills a parameter's memory with its initial values. Those of one description are equal. */
    @FunctionalInterface
    public interface Start {
        /**
         * Writes the initial values.
         *
         * @param view where they go, {@code [length]}
         * @param shape the parameter's shape, of which {@code view} is the row-major order
         */
        void fill(INDArray view, long[] shape);
    }

    private record Constant(double value) implements Start {
        @Override
        public void fill(INDArray view, long[] shape) {
            view.assign(value);
        }
    }

    private record Random(IWeightInit init, double fanIn, double fanOut) implements Start {
        @Override
        public void fill(INDArray view, long[] shape) {
            init.init(fanIn, fanOut, shape, 'c', view);
        }
    }

    /**
     * Copies the shape.
     *
     * @param name its name, without an underscore
     * @param shape its shape
     * @param role how training treats it
     * @param start how it is initialised
     */
    public Parameter {
        shape = shape.clone();
    }

    static Parameter constant(String name, long channels, Role role, double value) {
        return new Parameter(name, new long[] {channels}, role, new Constant(value));
    }

    static Parameter random(String name, long[] shape, Role role, IWeightInit init, long fanIn, long fanOut) {
        return new Parameter(name, shape, role, new Random(init, fanIn, fanOut));
    }

    /** {@return a copy of the shape} */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** {@return the number of values} */
    public long length() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Parameter that
                && name.equals(that.name)
                && Arrays.equals(shape, that.shape)
                && role == that.role
                && start.equals(that.start);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, Arrays.hashCode(shape), role, start);
    }

    @Override
    public String toString() {
        return "Parameter[name=" + name + ", shape=" + Arrays.toString(shape) + ", role=" + role + ", start=" + start
                + "]";
    }
}
