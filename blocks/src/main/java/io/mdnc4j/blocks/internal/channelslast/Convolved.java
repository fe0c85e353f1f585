package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.Convolutions;
import io.mdnc4j.blocks.internal.kernels.Natives;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bytedeco.dnnl.primitive_desc;

/** A convolution of maps, as all {@link Kernel}s of it see it. */
final class Convolved {
    final Maps x;
    final Maps y;
    final boolean biased;
    final InferencePrecision precision;
    final long[] xShape;
    final long[] weightShape;
    final long[] yShape;
    final long[] stride;
    final long[] padding;

    private final Convolutions convolution;
    private final long[] size;
    private final Natives natives = new Natives();
    private final Map<List<?>, primitive_desc> descriptions = new LinkedHashMap<>();
    private Window window;

    Convolved(Convolutions convolution, boolean biased, InferencePrecision precision, Maps x, Maps y) {
        this.convolution = convolution;
        this.biased = biased;
        this.precision = precision;
        this.x = x;
        this.y = y;
        size = size(convolution, x);
        xShape = Primitive.image(shape(x, size));
        yShape = Primitive.image(shape(y, convolution.outputSize(size)));
        long[] kernel = Primitive.axes(convolution.kernel(), 1);
        weightShape = new long[xShape.length];
        weightShape[0] = y.channels;
        weightShape[1] = x.channels;
        System.arraycopy(kernel, 0, weightShape, 2, kernel.length);
        stride = Primitive.axes(convolution.stride(), 1);
        padding = Primitive.axes(convolution.padding(), 0);
    }

    /** The size of the maps; of vectors too, which are maps of size 1. */
    static long[] size(Convolutions convolution, Maps x) {
        if (x.size.length > 0) {
            return x.size;
        }
        long[] size = new long[convolution.kernel().length];
        Arrays.fill(size, 1);
        return size;
    }

    private static long[] shape(Maps maps, long... size) {
        long[] shape = new long[size.length + 2];
        shape[0] = maps.samples;
        shape[1] = maps.channels;
        System.arraycopy(size, 0, shape, 2, size.length);
        return shape;
    }

    /** Whether each position is for itself: a linear map of its channels. */
    boolean pointwise() {
        return elements() == 1
                && Arrays.stream(stride).allMatch(step -> step == 1)
                && Arrays.stream(padding).allMatch(zeros -> zeros == 0);
    }

    /** Positions of the output, in all samples. */
    long rows() {
        return (long) y.samples * y.positions;
    }

    /** Weights of an output channel. */
    long in() {
        return (long) x.channels * elements();
    }

    /** Places of the kernel. */
    int elements() {
        return Arrays.stream(convolution.kernel()).reduce(1, Math::multiplyExact);
    }

    long weights() {
        return Primitive.product(weightShape);
    }

    /** What each position of the output sees. */
    Window window() {
        if (window == null) {
            window = new Window(convolution, x, size, y);
        }
        return window;
    }

    /** What oneDNN says of that key, asked for once. */
    primitive_desc description(List<?> key, Supplier<primitive_desc> creation) {
        primitive_desc known = descriptions.get(key);
        if (known == null) {
            known = natives.keep(creation.get());
            descriptions.put(key, known);
        }
        return known;
    }

    /** Sizes, as kernels depend on them. */
    @Override
    public String toString() {
        return text(xShape) + " by " + text(weightShape) + " stride " + text(stride) + " padding " + text(padding);
    }

    private static String text(long... numbers) {
        return Arrays.stream(numbers).mapToObj(String::valueOf).collect(Collectors.joining("x"));
    }

    void free() {
        descriptions.clear();
        natives.free();
    }
}
