package io.mdnc4j.blocks.internal.channelslast;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * How maps, and what a convolution makes of them, are cut into tiles of rows and columns for {@link Winograd}. Tiles beside each
 * other are a strip; strips, each in several slices, are a block, which is what a thread works on at a time. Depth is not
 * transformed: its taps are products that add up.
 */
final class Tiles {
    /** Products for each tile and pair of channels. */
    static final int PRODUCTS = Winograd.POINTS * Winograd.POINTS;

    /** Rows of a matrix product from which on it is as fast as it gets; fewer with many channels, for the sake of memory. */
    private static final int MOST_ROWS = 128;

    private static final int LEAST_ROWS = 48;

    private static final int ROWS_BY_CHANNELS = 1 << 14;

    /** Numbers that a loop goes over: a few such arrays stay in the first-level cache. */
    private static final int LANES = 512;

    /** Slices of a volume that are taken at once, since each block needs those beside it, too. */
    private static final int SLICES = 8;

    private final int depthTaps;

    /** What is read, or written: the sizes of maps, all their channels, and how many are taken at a time. */
    record Side(int[] size, int all, int channels) {
        Side(Maps maps, int channels) {
            this(maps.volume(), maps.channels, channels);
        }
    }

    final Side from;
    final Side to;
    private final int[] padding;

    private final int tileRows;
    private final int stripsOfRow;
    private final int strips;
    private final int tiles;
    private final int stripsOfBlock;
    private final int slices;
    private final int zBlocks;
    final int blocks;

    /**
     * Those of a convolution with stride 1.
     *
     * @param read the maps that are read
     * @param channelsFrom how many of its channels are, at a time
     * @param written those that are written
     * @param channelsTo how many of its channels are, at a time
     * @param depthTaps the kernel's length along depth; along rows and columns it has three
     * @param padding zeros around the former, along depth, rows and columns
     * @param threads each of which shall have a block
     */
    Tiles(Maps read, int channelsFrom, Maps written, int channelsTo, int depthTaps, int[] padding, int threads) {
        this.depthTaps = depthTaps;
        from = new Side(read, channelsFrom);
        to = new Side(written, channelsTo);
        this.padding = padding;
        tileRows = up(to.size[1], Winograd.TILE);
        int columns = up(to.size[2], Winograd.TILE);
        int channels = Math.max(channelsFrom, channelsTo);
        int share = up(written.samples * to.size[0] * tileRows * columns, threads);
        int rows = Math.min(share, Math.max(LEAST_ROWS, Math.min(MOST_ROWS, ROWS_BY_CHANNELS / channels)));
        stripsOfRow = up(columns, Math.max(1, LANES / channels));
        tiles = up(columns, stripsOfRow);
        strips = written.samples * tileRows * stripsOfRow;
        zBlocks = up(to.size[0], Math.min(Math.max(SLICES, rows / tiles), up(share, tiles)));
        slices = up(to.size[0], zBlocks);
        stripsOfBlock = Math.min(strips, Math.max(1, rows / (tiles * slices)));
        blocks = zBlocks * up(strips, stripsOfBlock);
    }

    private static int up(int a, int b) {
        return (a + b - 1) / b;
    }

    /** Tiles of a block, in all its slices. */
    int rows() {
        return slices * stripsOfBlock * tiles;
    }

    /** Tiles of a block and of the slices around it. */
    int rowsFrom() {
        return (slices + depthTaps - 1) * stripsOfBlock * tiles;
    }

    /** Where the first tiles of a tap along depth begin among {@link #rowsFrom}. */
    int firstRow(int tap) {
        return tap * stripsOfBlock * tiles;
    }

    /** What a thread works with: arrays of a strip's numbers. */
    private static final class Scratch {
        private static final ThreadLocal<Scratch> LOCAL = ThreadLocal.withInitial(Scratch::new);

        final float[][][] outer = new float[Winograd.POINTS][Winograd.POINTS][];
        final float[][] in = new float[Winograd.POINTS][];
        final float[][] out = new float[Winograd.POINTS][];
        final float[][] parts = new float[4][];
        float[] line = {};
        float[] there = {};
        private int length;

        static Scratch of(int length) {
            Scratch scratch = LOCAL.get();
            if (scratch.length < length) {
                for (float[][] arrays : scratch.outer) {
                    fill(arrays, length);
                }
                fill(scratch.in, length);
                fill(scratch.out, length);
                fill(scratch.parts, length);
                scratch.line = new float[Winograd.TILE * length];
                scratch.there = new float[Winograd.TILE * length];
                scratch.length = length;
            }
            return scratch;
        }

        /** What is computed goes into that column. */
        void into(int column) {
            for (int i = 0; i < out.length; i++) {
                out[i] = outer[i][column];
            }
        }

        /** What stands in that column is read, and what is computed goes there. */
        void through(int column) {
            for (int i = 0; i < in.length; i++) {
                float[] read = outer[i][column];
                outer[i][column] = in[i];
                in[i] = read;
            }
            into(column);
        }

        private static void fill(float[][] arrays, int length) {
            for (int i = 0; i < arrays.length; i++) {
                arrays[i] = new float[length];
            }
        }
    }

    @FunctionalInterface
    private interface Strip {
        /** A strip in a slice, and which of its block's it is; {@code sample} is -1 for one outside the maps. */
        void at(int sample, int z, int tileRow, int firstTile, int number);
    }

    /** All strips of a block with that many slices from the first on. */
    private void forEach(int block, int first, int count, int depth, Strip strip) {
        int begin = block / zBlocks * stripsOfBlock;
        int z0 = block % zBlocks * slices + first;
        for (int i = 0; i < count; i++) {
            int z = z0 + i;
            for (int s = 0; s < stripsOfBlock; s++) {
                int number = i * stripsOfBlock + s;
                int index = begin + s;
                if (index >= strips || z < 0 || z >= depth) {
                    strip.at(-1, 0, 0, 0, number);
                    continue;
                }
                int row = index / stripsOfRow;
                strip.at(row / tileRows, z, row % tileRows, index % stripsOfRow * tiles, number);
            }
        }
    }

    /**
     * A block's inputs, {@code [36, rowsFrom, channelsFrom]}.
     *
     * @param channel the first
     */
    void gather(int block, FloatBuffer maps, int channel, FloatBuffer tilesOut) {
        Scratch scratch = Scratch.of((tiles + 1) * from.channels);
        int run = tiles * from.channels;
        int stride = rowsFrom() * from.channels;
        forEach(block, -padding[0], slices + depthTaps - 1, from.size[0], (sample, z, row, tile, number) -> {
            if (sample < 0) {
                clear(tilesOut, number * run, stride, run, scratch);
                return;
            }
            int y = row * Winograd.TILE - padding[1];
            int x = tile * Winograd.TILE - padding[2];
            for (int line = 0; line < Winograd.POINTS; line++) {
                load(maps, from, channel, sample, z, y + line, x, tiles + 1, scratch, line);
            }
            for (int phase = 0; phase < Winograd.TILE; phase++) {
                scratch.through(phase);
                Winograd.input(scratch.in, scratch.out, (phase < 2 ? tiles + 1 : tiles) * from.channels);
            }
            float[][] along = new float[Winograd.POINTS][];
            for (int i = 0; i < Winograd.POINTS; i++) {
                float[][] phases = scratch.outer[i];
                System.arraycopy(phases, 0, along, 0, Winograd.TILE);
                along[4] = scratch.parts[2];
                along[5] = scratch.parts[3];
                System.arraycopy(phases[0], from.channels, along[4], 0, run);
                System.arraycopy(phases[1], from.channels, along[5], 0, run);
                Winograd.input(along, scratch.in, run);
                for (int j = 0; j < Winograd.POINTS; j++) {
                    tilesOut.put((i * Winograd.POINTS + j) * stride + number * run, scratch.in[j], 0, run);
                }
            }
        });
    }

    private void clear(FloatBuffer to, int offset, int stride, int run, Scratch scratch) {
        Arrays.fill(scratch.line, 0, run, 0);
        for (int point = 0; point < PRODUCTS; point++) {
            to.put(point * stride + offset, scratch.line, 0, run);
        }
    }

    /** Every fourth position of a line from {@code x} on, then of those beside them; zeros outside. */
    private static void load(
            FloatBuffer maps,
            Side side,
            int channel,
            int sample,
            int z,
            int y,
            int x,
            int count,
            Scratch scratch,
            int number) {
        int[] size = side.size;
        int channels = side.channels;
        float[][] phases = scratch.outer[number];
        int first = Math.max(x, 0);
        int end = Math.min(x + count * Winograd.TILE, size[2]);
        if (y < 0 || y >= size[1] || end <= first) {
            for (int phase = 0; phase < Winograd.TILE; phase++) {
                Arrays.fill(phases[phase], 0, count * channels, 0);
            }
            return;
        }
        int line = ((sample * size[0] + z) * size[1] + y) * size[2];
        for (int i = 0; i < count * Winograd.TILE; i++) {
            float[] phase = phases[i % Winograd.TILE];
            int to = i / Winograd.TILE * channels;
            if (x + i < first || x + i >= end) {
                Arrays.fill(phase, to, to + channels, 0);
            } else {
                maps.get((line + x + i) * side.all + channel, phase, to, channels);
            }
        }
    }

    /**
     * From products, {@code [36, rows, channelsTo]}, to the maps of a block.
     *
     * @param channel the first
     * @param bias {@link #repeat}ed; {@code null} for none
     * @param add whether they are added to what is there
     */
    void scatter(int block, FloatBuffer products, FloatBuffer maps, int channel, float[] bias, boolean add) {
        int run = tiles * to.channels;
        Scratch scratch = Scratch.of((tiles + 1) * Math.max(from.channels, to.channels));
        int stride = rows() * to.channels;
        forEach(block, 0, slices, to.size[0], (sample, z, row, tile, number) -> {
            if (sample < 0) {
                return;
            }
            for (int j = 0; j < Winograd.POINTS; j++) {
                for (int i = 0; i < Winograd.POINTS; i++) {
                    products.get((i * Winograd.POINTS + j) * stride + number * run, scratch.in[i], 0, run);
                }
                scratch.into(j);
                Winograd.output(scratch.in, scratch.out, scratch.parts, run);
            }
            int x = tile * Winograd.TILE;
            int width = Math.min(tiles * Winograd.TILE, to.size[2] - x);
            for (int i = 0; i < Winograd.TILE; i++) {
                int y = row * Winograd.TILE + i;
                if (y >= to.size[1] || width <= 0) {
                    break;
                }
                Winograd.output(scratch.outer[i], scratch.in, scratch.parts, run);
                int offset = (((sample * to.size[0] + z) * to.size[1] + y) * to.size[2] + x) * to.all + channel;
                store(scratch, width, bias, add, maps, offset);
            }
        });
    }

    private void store(Scratch scratch, int width, float[] bias, boolean add, FloatBuffer maps, int offset) {
        float[] line = scratch.line;
        for (int position = 0; position < width; position++) {
            System.arraycopy(
                    scratch.in[position % Winograd.TILE],
                    position / Winograd.TILE * to.channels,
                    line,
                    position * to.channels,
                    to.channels);
        }
        if (bias != null) {
            add(bias, line, 0, width * to.channels);
        }
        // a line at once where all channels are there
        int pieces = to.channels == to.all ? 1 : width;
        int length = width * to.channels / pieces;
        for (int piece = 0; piece < pieces; piece++) {
            int at = offset + piece * to.all;
            if (add) {
                maps.get(at, scratch.there, 0, length);
                add(scratch.there, line, piece * length, length);
            }
            maps.put(at, line, piece * length, length);
        }
    }

    private static void add(float[] a, float[] sum, int offset, int length) {
        for (int i = 0; i < length; i++) {
            sum[offset + i] += a[i];
        }
    }

    /** {@return the numbers of the output's channels, once for each position of a strip} */
    float[] repeat(float[] perChannel) {
        float[] line = new float[tiles * Winograd.TILE * to.channels];
        for (int i = 0; i < line.length; i++) {
            line[i] = perChannel[i % to.channels];
        }
        return line;
    }

    /** The gradient of {@link #scatter}: from that of a block's maps to that of products, {@code [36, rows, channelsTo]}. */
    void gatherGradient(int block, FloatBuffer maps, int channel, FloatBuffer products) {
        int run = tiles * to.channels;
        Scratch scratch = Scratch.of((tiles + 1) * Math.max(from.channels, to.channels));
        int stride = rows() * to.channels;
        forEach(block, 0, slices, to.size[0], (sample, z, row, tile, number) -> {
            if (sample < 0) {
                clear(products, number * run, stride, run, scratch);
                return;
            }
            for (int line = 0; line < Winograd.TILE; line++) {
                load(
                        maps,
                        to,
                        channel,
                        sample,
                        z,
                        row * Winograd.TILE + line,
                        tile * Winograd.TILE,
                        tiles,
                        scratch,
                        line);
            }
            for (int phase = 0; phase < Winograd.TILE; phase++) {
                scratch.through(phase);
                Winograd.outputGradient(scratch.in, scratch.out, scratch.parts[0], scratch.parts[1], run);
            }
            for (int i = 0; i < Winograd.POINTS; i++) {
                Winograd.outputGradient(scratch.outer[i], scratch.in, scratch.parts[0], scratch.parts[1], run);
                for (int j = 0; j < Winograd.POINTS; j++) {
                    products.put((i * Winograd.POINTS + j) * stride + number * run, scratch.in[j], 0, run);
                }
            }
        });
    }
}
