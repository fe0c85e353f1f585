package io.mdnc4j.blocks;

/** The direction in which a block changes the spatial size. */
public enum Scaler implements Coded {
    /** By a strided convolution. The default. */
    DOWN,
    /** By linear upsampling before the convolution. */
    UP
}
