package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.nio.FloatBuffer;

/** The sum of two maps. */
final class Summing extends Step {
    Summing(String name, Maps a, Maps b, Maps y) {
        super(name, y, a, b);
    }

    @Override
    boolean readsInputsBackward() {
        return false;
    }

    @Override
    boolean canOverwrite() {
        return true;
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        add(inputs.get(0).buffer(), inputs.get(1).buffer(), output.buffer(), output);
    }

    /** {@code c = a + b}. */
    static void add(FloatBuffer a, FloatBuffer b, FloatBuffer c, Maps like) {
        Chunks chunks = new Chunks(like, new Lanes(like));
        chunks.forEach(
                1,
                (chunk, blocks) -> chunks.forEachBlock(chunk, (offset, length) -> {
                    float[] sum = blocks.loadA(a, offset, length);
                    Normalizing.add(sum, blocks.loadB(b, offset, length), length);
                    c.put(offset, sum, 0, length);
                }));
    }

    /** The output's gradient is that of both inputs, and usually lies where theirs are to be. */
    @Override
    void backward(OneDnn oneDnn) {
        for (int i = 0; i < 2; i++) {
            Maps input = inputs.get(i);
            if (!input.wantsGradient || input.gradient == output.gradient) {
                continue;
            }
            if (adds[i]) {
                add(input.gradientBuffer(), output.gradientBuffer(), input.gradientBuffer(), input);
            } else {
                copy(output.gradientBuffer(), input.gradientBuffer(), input);
            }
        }
    }

    static void copy(FloatBuffer from, FloatBuffer to, Maps like) {
        Chunks chunks = new Chunks(like, new Lanes(like));
        chunks.forEach(
                1,
                (chunk, blocks) -> chunks.forEachBlock(
                        chunk, (offset, length) -> to.put(offset, blocks.loadA(from, offset, length), 0, length)));
    }
}
