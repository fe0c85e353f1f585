package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.channelslast.ProductKernel.Product;
import io.mdnc4j.blocks.internal.kernels.Alone;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A convolution with stride 1 and three taps along rows and columns by {@link Winograd}'s filtering: a quarter of the products of
 * {@link DirectKernel}, in matrix products that stay in the second-level cache. Each thread takes blocks of tiles to the end.
 */
final class WinogradKernel implements Kernel {
    /** System property that forbids it, if it is {@code off}. */
    static final String PROPERTY = "mdnc4j.winograd";

    /** The rule: with fewer channels, times taps along depth, transforms of maps take longer than the products that they save; ... */
    private static final int LEAST_CHANNELS = 32;

    private static final int LEAST_CHANNELS_AVX512 = 64;

    /** ... with fewer positions that of the weights does. */
    private static final int LEAST_POSITIONS = 384;

    private static final int LEAST_POSITIONS_AVX512 = 768;

    /** Numbers of transformed weights in memory: of more, output channels are taken in groups. */
    private static final int MOST_WEIGHTS = 3 << 21;

    private static final int LEAST_GROUP = 32;

    /** Numbers of all sums for gradients of weights, of which each thread has its own if there is room. */
    private static final int MOST_SUMS = 1 << 25;

    private final Pass pass;
    private final Maps output;
    private final int depth;
    private final int in;
    private final int all;
    private final int groups;
    private final int out;
    private final int pairs;
    private final Tiles tiles;
    private final TransformedWeights weights;
    private final int parts = threads();
    private final int sums;
    private final List<Products> products = new ArrayList<>();

    /** Those of a thread: for the first tap along depth, or the first block, and for further ones, which are added. */
    private record Products(Product first, Product further) {
        static Products of(memory.desc a, memory.desc b, memory.desc c) {
            return new Products(
                    Product.of(a, b, null, c, false, InferencePrecision.FLOAT),
                    Product.of(a, b, null, c, true, InferencePrecision.FLOAT));
        }

        Primitive at(boolean beginning) {
            return (beginning ? first : further).primitive();
        }

        void free() {
            at(true).free();
            at(false).free();
        }
    }

    WinogradKernel(Pass pass, Convolved of) {
        this.pass = pass;
        output = of.y;
        int[] kernel = volume(of, of.weightShape, 2, 1);
        int[] padding = volume(of, of.padding, 0, 0);
        depth = kernel[0];
        in = of.x.channels;
        all = of.y.channels;
        groups = groups(all, in * depth);
        out = all / groups;
        pairs = in * out;
        weights = new TransformedWeights(depth, pairs);
        if (pass == Pass.DATA) {
            int[] rest = new int[padding.length];
            Arrays.setAll(rest, axis -> kernel[axis] - 1 - padding[axis]);
            tiles = new Tiles(of.y, out, of.x, in, depth, rest, parts);
        } else {
            tiles = new Tiles(of.x, in, of.y, out, depth, padding, parts);
        }
        sums = Math.max(1, Math.min(Math.min(parts, tiles.blocks), MOST_SUMS / weights.transformed()));
        if (parts > 1) {
            Alone.run(this::create);
        } else {
            create();
        }
    }

    /** As few equal groups of output channels as have room; all at once where they cannot be shared. */
    private static int groups(int channels, int weightsOfChannel) {
        long most = MOST_WEIGHTS / ((long) Tiles.PRODUCTS * weightsOfChannel);
        for (int groups = 1; channels / groups >= LEAST_GROUP; groups++) {
            if (channels % groups == 0 && channels / groups <= most) {
                return groups;
            }
        }
        return 1;
    }

    private static int threads() {
        return Alone.here() ? 1 : Alone.threads();
    }

    /** The last three axes of what has two or three from that one on. */
    private static int[] volume(Convolved of, long[] numbers, int first, int missing) {
        int axes = of.stride.length;
        int[] volume = {missing, missing, missing};
        for (int axis = 0; axis < axes; axis++) {
            volume[3 - axes + axis] = (int) numbers[first + axis];
        }
        return volume;
    }

    /** Whether it can be computed so, by as many threads as other ways. */
    static boolean suits(Convolved of) {
        int[] kernel = volume(of, of.weightShape, 2, 1);
        int[] padding = volume(of, of.padding, 0, 0);
        return !"off".equals(System.getProperty(PROPERTY))
                && of.precision == InferencePrecision.FLOAT
                && of.x.size.length > 1
                && Arrays.stream(of.stride).allMatch(step -> step == 1)
                && kernel[1] == Winograd.TAPS
                && kernel[2] == Winograd.TAPS
                && IntStream.range(0, padding.length).allMatch(axis -> padding[axis] < kernel[axis])
                && (Alone.here() || Alone.threads() > 1);
    }

    /** Whether this way is the faster one, by rules measured on two cores with AVX-512, also when held to AVX2. */
    static boolean isRule(Pass pass, Convolved of) {
        boolean wide = OneDnn.instructionSet().contains("avx512");
        int channels = Math.min(of.x.channels, of.y.channels) * volume(of, of.weightShape, 2, 1)[0];
        return suits(of)
                && channels >= (wide ? LEAST_CHANNELS_AVX512 : LEAST_CHANNELS)
                && of.rows() >= (wide && pass != Pass.WEIGHTS ? LEAST_POSITIONS_AVX512 : LEAST_POSITIONS);
    }

    private void create() {
        int from = tiles.from.channels();
        int to = tiles.to.channels();
        memory.desc gathered = matrix(tiles.rows(), from, tiles.rowsFrom() * from, from, 1);
        memory.desc results = matrix(tiles.rows(), to, tiles.rows() * to, to, 1);
        for (int part = 0; part < parts; part++) {
            products.add(
                    switch (pass) {
                        case FORWARD -> Products.of(gathered, matrix(in, out, depth * pairs, 1, in), results);
                        case DATA -> Products.of(gathered, matrix(out, in, depth * pairs, in, 1), results);
                        case WEIGHTS ->
                            Products.of(
                                    matrix(out, tiles.rows(), tiles.rows() * out, 1, out),
                                    gathered,
                                    matrix(out, in, depth * pairs, in, 1));
                    });
        }
    }

    private static memory.desc matrix(long rows, long columns, long... strides) {
        return new memory.desc(new long[] {Tiles.PRODUCTS, rows, columns}, memory.data_type.f32, strides);
    }

    private int gathered() {
        return Tiles.PRODUCTS * tiles.rowsFrom() * tiles.from.channels();
    }

    private int results() {
        return Tiles.PRODUCTS * tiles.rows() * tiles.to.channels();
    }

    @Override
    public long scratch(boolean add) {
        long ofPart = gathered() + (long) results();
        return pass == Pass.WEIGHTS ? sums * (weights.transformed() + ofPart) : weights.transformed() + parts * ofPart;
    }

    @Override
    public void run(OneDnn oneDnn, Operands at) {
        FloatBuffer given = buffer(new FloatPointer(at.weights()), (long) weights.taps() * in * all);
        Slot scratch = at.scratch();
        for (int group = 0; group < groups; group++) {
            int channel = group * out;
            int firstPair = channel * in;
            switch (pass) {
                case FORWARD -> {
                    weights.transform(given, firstPair, false, scratch.buffer());
                    float[] biases = biases(at.bias(), channel);
                    convolve(
                            oneDnn, scratch, new Work(at.x().buffer(), 0, at.y().buffer(), channel, biases, false));
                }
                case DATA -> {
                    weights.transform(given, firstPair, true, scratch.buffer());
                    boolean add = at.add() || group > 0;
                    convolve(
                            oneDnn,
                            scratch,
                            new Work(at.y().buffer(), channel, at.x().buffer(), 0, null, add));
                }
                case WEIGHTS -> {
                    int each = sumUp(oneDnn, scratch, at.x().buffer(), at.y().buffer(), channel);
                    weights.gradient(scratch.buffer(), sums, each, given, firstPair);
                }
            }
        }
        if (pass == Pass.WEIGHTS && at.bias() != null) {
            ProductKernel.sumPositions(output, at.y().buffer(), at.bias());
        }
    }

    /** From which maps to which, each with the first channel; what is added to them, and whether to what is there. */
    private record Work(
            FloatBuffer from, int channelFrom, FloatBuffer to, int channelTo, float[] biases, boolean add) {}

    private float[] biases(Pointer bias, int channel) {
        if (bias == null) {
            return null;
        }
        float[] biases = new float[out];
        new FloatPointer(bias).getPointer(channel).get(biases);
        return tiles.repeat(biases);
    }

    /** Where a thread's tiles and products lie, for native code and for Java. */
    private record Own(
            FloatPointer gathered, FloatBuffer gatheredBuffer, FloatPointer results, FloatBuffer resultsBuffer) {}

    private Own own(FloatPointer begin) {
        FloatPointer results = begin.getPointer(gathered());
        return new Own(begin, buffer(begin, gathered()), results, buffer(results, results()));
    }

    private void convolve(OneDnn oneDnn, Slot scratch, Work work) {
        AtomicInteger next = new AtomicInteger();
        forEachPart(oneDnn, Math.min(parts, tiles.blocks), (part, own) -> {
            Own memory = own(at(scratch, weights.transformed() + (long) part * (gathered() + results())));
            for (int block = next.getAndIncrement(); block < tiles.blocks; block = next.getAndIncrement()) {
                tiles.gather(block, work.from, work.channelFrom, memory.gatheredBuffer);
                for (int tap = 0; tap < depth; tap++) {
                    products.get(part)
                            .at(tap == 0)
                            .run(own, atTap(memory.gathered, tap), at(scratch, (long) tap * pairs), memory.results);
                }
                tiles.scatter(block, memory.resultsBuffer, work.to, work.channelTo, work.biases, work.add);
            }
        });
    }

    /** Each thread adds up its blocks' products; the distance from one thread's sums to the next one's. */
    private int sumUp(OneDnn oneDnn, Slot scratch, FloatBuffer x, FloatBuffer dy, int channel) {
        int each = weights.transformed() + gathered() + results();
        forEachPart(oneDnn, sums, (part, own) -> {
            FloatPointer sum = at(scratch, (long) part * each);
            Own memory = own(sum.getPointer(weights.transformed()));
            int first = (int) ((long) part * tiles.blocks / sums);
            int end = (int) ((part + 1L) * tiles.blocks / sums);
            for (int block = first; block < end; block++) {
                tiles.gather(block, x, 0, memory.gatheredBuffer);
                tiles.gatherGradient(block, dy, channel, memory.resultsBuffer);
                for (int tap = 0; tap < depth; tap++) {
                    products.get(part)
                            .at(block == first)
                            .run(own, memory.results, atTap(memory.gathered, tap), sum.getPointer((long) tap * pairs));
                }
            }
        });
        return each;
    }

    private Pointer atTap(FloatPointer gathered, int tap) {
        return gathered.getPointer((long) tiles.firstRow(tap) * tiles.from.channels());
    }

    private static FloatPointer at(Slot memory, long offset) {
        return new FloatPointer(memory.pointer()).getPointer(offset);
    }

    private static FloatBuffer buffer(FloatPointer pointer, long length) {
        return new FloatPointer(pointer).capacity(length).asBuffer();
    }

    @FunctionalInterface
    private interface Part {
        void run(int part, OneDnn own);
    }

    private void forEachPart(OneDnn oneDnn, int number, Part task) {
        if (parts == 1) {
            task.run(0, oneDnn);
            return;
        }
        List<OneDnn> owns = IntStream.range(0, number).mapToObj(oneDnn::ofShare).toList();
        IntStream.range(0, number).parallel().forEach(part -> Alone.run(() -> task.run(part, owns.get(part))));
    }

    @Override
    public String name() {
        return "F(4, 3) by " + products.get(0).first.name();
    }

    @Override
    public void free() {
        products.forEach(Products::free);
    }
}
