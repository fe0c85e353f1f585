package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.Coded;

/** What is computed of a convolution. */
enum Pass implements Coded {
    /** The output, from input, weights and bias. */
    FORWARD,
    /** The gradient of the input, from that of the output and weights. */
    DATA,
    /** The gradients of weights and bias, from the input and the output's gradient. */
    WEIGHTS
}
