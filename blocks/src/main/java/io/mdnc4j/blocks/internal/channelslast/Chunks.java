package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.Rows;

/** Shares of maps that can be worked on at once: a sample, or a part of one, in blocks. */
final class Chunks {
    /** As many shares as keep all cores busy to the end. */
    private static final int WANTED = 3 * (java.util.concurrent.ForkJoinPool.getCommonPoolParallelism() + 1);

    final int samples;
    final int perSample;
    private final int sample;
    private final int block;
    private final int blocks;
    private final long elements;

    Chunks(Maps maps, Lanes lanes) {
        samples = maps.samples;
        sample = maps.sample();
        elements = maps.elements();
        block = lanes.period;
        blocks = (sample + block - 1) / block;
        perSample = Math.min(blocks, (WANTED + samples - 1) / samples);
    }

    int count() {
        return samples * perSample;
    }

    int sampleOf(int chunk) {
        return chunk / perSample;
    }

    @FunctionalInterface
    interface Task {
        void run(int chunk, Blocks blocks);
    }

    @FunctionalInterface
    interface Block {
        /** Begins with the first channel; {@code offset} counts from the first sample on. */
        void run(int offset, int length);
    }

    void forEach(int arrays, Task task) {
        Rows.forEach(count(), arrays * elements, (chunk, scratch) -> task.run(chunk, Blocks.ofThread()));
    }

    void forEachBlock(int chunk, Block action) {
        int part = chunk % perSample;
        int begin = sampleOf(chunk) * sample;
        int last = (int) ((part + 1L) * blocks / perSample);
        for (int i = (int) ((long) part * blocks / perSample); i < last; i++) {
            action.run(begin + i * block, Math.min(block, sample - i * block));
        }
    }
}
