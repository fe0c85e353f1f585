package io.mdnc4j.blocks;

/** The order of the layers in a unit with a normalisation. */
public enum LayerOrder implements Coded {
    /** Normalisation, activation, upsampling if any, convolution (pre-activation; He et al., arXiv:1603.05027). The default. */
    NEW,
    /** Upsampling if any, convolution, normalisation, activation. */
    OLD
}
