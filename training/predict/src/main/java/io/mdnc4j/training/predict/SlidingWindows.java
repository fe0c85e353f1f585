package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.zoo.ModelDescription;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Applies a function that takes windows of one size to arrays of any size: cuts windows that overlap, gives several at a time to
 * the function, and blends what it returns into one output of the array's size.
 *
 * <pre>{@code
 * SlidingWindows windows = SlidingWindows.builder().window(64, 128, 128).overlap(0.5).blend(Blend.GAUSSIAN).build();
 * INDArray output = windows.apply(volume, batch -> network.outputSingle(batch)); // [C, D, H, W] to [C', D, H, W]
 * }</pre>
 *
 * <p>Along an axis on which the array is smaller than the window, the window is as large as the array, unless {@link Padding}
 * extends the array. An array that one window
 * covers is the function's to answer as it likes; several windows need outputs of the window's size.
 *
 * <p>The function gets a new FLOAT array {@code [N, C, window...]} in row-major order, which it may change but not keep, and
 * returns {@code [N, C', window...]}, which must not be used by anybody else, for both are freed afterwards.
 *
 * <p>Immutable, and any number of threads may use one at a time; each call runs the function on its own thread. A call needs
 * memory for one batch, and for as many rows of the output and its weights as a window has; for the whole output where that is
 * asked for as one array.
 */
public final class SlidingWindows {
    private final long[] window;
    private final double overlap;
    private final Blend blend;
    private final Padding padding;
    private final RoundingMode rounding;
    private final boolean half;
    private final int batch;

    private SlidingWindows(Builder builder) {
        window = builder.window.clone();
        overlap = builder.overlap;
        blend = builder.blend;
        padding = builder.padding;
        rounding = builder.rounding;
        half = builder.half;
        batch = builder.batch;
    }

    /** {@return a builder with the defaults: inputs whole, overlap 0.5, {@link Blend#HANN}, no padding, 16 windows at a time} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The windows of a model, for those who run its network themselves.
     *
     * @param description of the model; what it does not say is as by default
     * @return a builder with windows of its input shape, unless that is unknown or inputs are taken whole
     * @throws ArgumentException if its blending or padding is not known, or its input shape has a size below 1
     */
    public static Builder builder(ModelDescription description) {
        List<Long> trained = description.inputShape();
        ArgumentException.require(
                trained.stream().allMatch(size -> size > 0),
                "description",
                "input shape " + trained,
                "state [C, size...], each at least 1");
        ModelDescription.Windows how =
                Objects.requireNonNullElse(description.windows(), ModelDescription.Windows.DEFAULT);
        Builder builder = builder()
                .overlap(how.overlap())
                .blend(Coded.parse(Blend.class, "blend", how.blend()))
                .padding(Coded.parse(Padding.class, "padding", how.padding()))
                .rounding(how.evenTies() ? RoundingMode.HALF_EVEN : RoundingMode.HALF_UP);
        return description.inWindows()
                ? builder.window(
                        trained.stream().skip(1).mapToLong(Long::longValue).toArray())
                : builder;
    }

    /** {@return a builder with these settings} */
    public Builder toBuilder() {
        return builder()
                .window(window)
                .overlap(overlap)
                .blend(blend)
                .padding(padding)
                .rounding(rounding)
                .halfPrecision(half)
                .batch(batch);
    }

    /** {@return the size of a window on each axis, or one number for all axes; empty if inputs are taken whole} */
    public long[] window() {
        return window.clone();
    }

    /** {@return the part of a window that the next one overlaps, at least, on each axis} */
    public double overlap() {
        return overlap;
    }

    /** {@return how overlapping outputs are weighted} */
    public Blend blend() {
        return blend;
    }

    /** {@return what an array that is smaller than a window is extended with} */
    public Padding padding() {
        return padding;
    }

    /** {@return whether weighted outputs are added up in half precision} */
    boolean isHalf() {
        return half;
    }

    /** {@return the windows that the function gets at a time, at most} */
    public int batch() {
        return batch;
    }

    /**
     * Where the windows of an array lie.
     *
     * @param size of the array on each axis, without channels
     * @return their grid; with padding, that of the array once it is padded
     * @throws ArgumentException if it has another number of axes than the window, or none
     */
    public WindowGrid grid(long... size) {
        if (window.length == 0) {
            return WindowGrid.of(size, size, overlap);
        }
        long[] wanted = SpatialDims.of(size.length).perAxis("window", window);
        long[] whole = padding.padded(size, wanted);
        Arrays.setAll(wanted, axis -> Math.min(wanted[axis], whole[axis]));
        return WindowGrid.of(whole, wanted, overlap, rounding);
    }

    /**
     * The output for one array.
     *
     * @param input {@code [C, size...]} of any type
     * @param function from {@code [N, C, window...]} to {@code [N, C', window...]}
     * @return {@code [C', size...]} in the type that the function returns, or whatever the function makes of an array that one
     *     window covers
     * @throws ArgumentException if the input is empty or has other axes than the window, or the output of the function is not of
     *     that shape
     */
    public INDArray apply(INDArray input, UnaryOperator<INDArray> function) {
        List<INDArray> outputs = new ArrayList<>(1);
        Examples one = Examples.of(List.of(new Example("input", input, null)));
        apply(one, function, (example, output) -> outputs.add(output));
        return outputs.get(0);
    }

    /**
     * The outputs for several arrays, of which windows may share a batch.
     *
     * @param examples of which {@link Example#input} is used; each is asked for once, in their order
     * @param function as for {@link #apply(INDArray, UnaryOperator)}
     * @param consumer gets each output as soon as it is complete, in the order of the examples, on the calling thread
     * @throws ArgumentException as {@link #apply(INDArray, UnaryOperator)}
     */
    public void apply(Examples examples, UnaryOperator<INDArray> function, BiConsumer<Example, INDArray> consumer) {
        apply(new ExampleFlows(examples, consumer), function);
    }

    /**
     * The outputs for several inputs, read and written in slabs. Of an input and its output only about as many rows along the
     * first axis as a window has are in memory, so their length there does not matter. The numbers are those of
     * {@link #apply(INDArray, UnaryOperator)}.
     *
     * @param flows the inputs with their sinks; each is asked for when the windows of the one before have been read
     * @param function as for {@link #apply(INDArray, UnaryOperator)}
     * @throws ArgumentException as {@link #apply(INDArray, UnaryOperator)}
     */
    public void apply(Iterator<? extends Flow> flows, UnaryOperator<INDArray> function) {
        try (WindowBatches batches = new WindowBatches(batch, function)) {
            while (flows.hasNext()) {
                batches.add(new WindowFlow(flows.next(), this));
            }
            batches.run();
        }
    }

    @Override
    public String toString() {
        return "SlidingWindows[window=" + Arrays.toString(window) + ", overlap=" + overlap + ", blend=" + blend.code()
                + ", padding=" + padding.code() + ", batch=" + batch + "]";
    }

    /** Settings of sliding windows; each is checked when it is given. */
    public static final class Builder {
        private long[] window = {};
        private double overlap = 0.5;
        private Blend blend = Blend.HANN;
        private Padding padding = Padding.NONE;
        private RoundingMode rounding = RoundingMode.HALF_UP;
        private boolean half;
        private int batch = 16;

        private Builder() {}

        /**
         * Size of a window; unless given, inputs are taken whole.
         *
         * @param size one number an axis, or one for all; none to take inputs whole
         * @return this
         * @throws ArgumentException if a number is less than 1 or more than an {@code int} holds
         */
        public Builder window(long... size) {
            ArgumentException.require(
                    Arrays.stream(size).allMatch(length -> length > 0 && length <= Integer.MAX_VALUE),
                    "window",
                    size,
                    "use at least 1 on each axis");
            window = size.clone();
            return this;
        }

        /**
         * Part of a window that the next one overlaps, at least, on each axis; 0.5 unless given.
         *
         * @param part from 0 (side by side) to below 1
         * @return this
         * @throws ArgumentException if it is not
         */
        public Builder overlap(double part) {
            WindowGrid.requireOverlap(part);
            overlap = part;
            return this;
        }

        /**
         * How overlapping outputs are weighted; {@link Blend#HANN} unless given.
         *
         * @param weights of the positions of a window
         * @return this
         */
        public Builder blend(Blend weights) {
            blend = weights;
            return this;
        }

        /**
         * What an array that is smaller than a window on some axis is extended with; {@link Padding#NONE} unless given: the
         * window is as small there.
         *
         * @param beyond the border
         * @return this
         */
        public Builder padding(Padding beyond) {
            padding = beyond;
            return this;
        }

        /**
         * Which element a window begins at that would begin in the middle between two; {@link RoundingMode#HALF_UP} unless given.
         *
         * @param ties that, or {@link RoundingMode#HALF_EVEN}
         * @return this
         * @throws ArgumentException if it is another one
         */
        public Builder rounding(RoundingMode ties) {
            WindowGrid.requireRounding(ties);
            rounding = ties;
            return this;
        }

        /**
         * Whether weighted outputs are added up in half precision, as nnU-Net does, in half the memory; false unless given, in
         * the type of the outputs. Where all weights are small, near the corners of an array, that rounds outputs to about whole
         * numbers.
         *
         * @param wanted whether they are
         * @return this
         */
        public Builder halfPrecision(boolean wanted) {
            half = wanted;
            return this;
        }

        /**
         * Windows that the function gets at a time, at most; 16 unless given.
         *
         * @param windows at least 1
         * @return this
         * @throws ArgumentException if it is less
         */
        public Builder batch(int windows) {
            ArgumentException.require(windows > 0, "batch", windows, "use at least 1 window");
            batch = windows;
            return this;
        }

        /** {@return sliding windows of these settings; the builder may be used on} */
        public SlidingWindows build() {
            return new SlidingWindows(this);
        }
    }
}
