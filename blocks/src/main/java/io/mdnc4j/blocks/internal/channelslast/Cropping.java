package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.nio.FloatBuffer;

/** The central part of one or two maps; of two, their channels side by side. */
final class Cropping extends Step {
    private final int[] out;

    Cropping(String name, Maps y, Maps... inputs) {
        super(name, y, inputs);
        out = y.volume();
    }

    @Override
    boolean readsInputsBackward() {
        return false;
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        FloatBuffer to = output.buffer();
        int line = out[2] * output.channels;
        Rows.forEach(lines(output), output.elements(), (number, scratch) -> {
            Blocks blocks = Blocks.ofThread();
            float[] joined = blocks.a(line);
            int channel = 0;
            for (Maps input : inputs) {
                int part = out[2] * input.channels;
                float[] values = inputs.size() == 1 ? joined : blocks.b(part);
                input.buffer().get(offset(input, number), values, 0, part);
                if (inputs.size() > 1) {
                    move(values, 0, input.channels, joined, channel, output.channels, input.channels);
                }
                channel += input.channels;
            }
            to.put(number * line, joined, 0, line);
        });
    }

    /** For each position of a line, so many channels. */
    private void move(float[] from, int first, int stride, float[] to, int target, int targetStride, int channels) {
        for (int i = 0; i < out[2]; i++) {
            System.arraycopy(from, first + i * stride, to, target + i * targetStride, channels);
        }
    }

    private int lines(Maps maps) {
        return maps.samples * maps.volume()[0] * maps.volume()[1];
    }

    /** Where the part of an input begins that goes into that line of the output. */
    private int offset(Maps input, int line) {
        int[] in = input.volume();
        int n = line / (out[0] * out[1]);
        int d = line / out[1] % out[0] + (in[0] - out[0]) / 2;
        int h = line % out[1] + (in[1] - out[1]) / 2;
        return (((n * in[0] + d) * in[1] + h) * in[2] + (in[2] - out[2]) / 2) * input.channels;
    }

    @Override
    void backward(OneDnn oneDnn) {
        FloatBuffer from = output.gradientBuffer();
        int line = out[2] * output.channels;
        int channel = 0;
        for (int i = 0; i < inputs.size(); i++) {
            Maps input = inputs.get(i);
            int first = channel;
            channel += input.channels;
            if (!input.wantsGradient) {
                continue;
            }
            FloatBuffer to = input.gradientBuffer();
            if (!adds[i] && input.positions > output.positions) {
                clear(to, input);
            }
            boolean add = adds[i];
            int part = out[2] * input.channels;
            Rows.forEach(lines(output), output.elements(), (number, scratch) -> {
                Blocks blocks = Blocks.ofThread();
                float[] values = blocks.loadA(from, number * line, line);
                float[] mine = inputs.size() == 1 ? values : blocks.b(part);
                if (inputs.size() > 1) {
                    move(values, first, output.channels, mine, 0, input.channels, input.channels);
                }
                int offset = offset(input, number);
                if (add) {
                    Normalizing.add(mine, blocks.loadC(to, offset, part), part);
                }
                to.put(offset, mine, 0, part);
            });
        }
    }

    private void clear(FloatBuffer to, Maps maps) {
        int line = maps.volume()[2] * maps.channels;
        Rows.forEach(lines(maps), maps.elements(), (number, scratch) -> {
            float[] zeros = Blocks.ofThread().a(line);
            java.util.Arrays.fill(zeros, 0, line, 0);
            to.put(number * line, zeros, 0, line);
        });
    }
}
