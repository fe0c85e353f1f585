package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.util.List;

/** What a layer or vertex, or two of them at once, does in a pass. */
abstract class Step {
    final String name;
    final List<Maps> inputs;
    final Maps output;

    /** What it computes the gradients of in the backward pass. */
    List<Trained> parameters = List.of();

    /** Whether the gradient of the input has been written to by a later step, so that this one adds to it. */
    boolean[] adds;

    Step(String name, Maps output, Maps... inputs) {
        this.name = name;
        this.inputs = List.of(inputs);
        this.output = output;
        output.writer = this;
        this.inputs.forEach(input -> input.readers.add(this));
    }

    final Maps input() {
        return inputs.get(0);
    }

    abstract void forward(OneDnn oneDnn, boolean training);

    /** From the output's gradient to those of the inputs that want one, and of parameters. */
    abstract void backward(OneDnn oneDnn);

    /** Whether the backward pass reads the inputs. */
    boolean readsInputsBackward() {
        return true;
    }

    /** Whether the output can be written over the first input, if nobody else needs it any more. */
    boolean canOverwrite() {
        return false;
    }

    /** Whether the gradient of the input can be written over the output's. */
    boolean canOverwriteGradient() {
        return false;
    }

    /** Floats that it needs besides for the forward pass. */
    long scratchForward() {
        return 0;
    }

    /** Floats that it needs besides for the backward pass. */
    long scratchBackward() {
        return 0;
    }

    Slot scratchForward;
    Slot scratch;

    /** Names of the native code that computes it: forward and, for training, gradients of input and weights. */
    List<String> kernels() {
        return List.of();
    }

    /** Has other ways of the same tried, where there are some; nothing of a pass is in memory then. */
    void tune(Tuner tuner) {}

    /** Frees native objects. */
    void free() {}
}
