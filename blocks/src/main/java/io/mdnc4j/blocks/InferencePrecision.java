package io.mdnc4j.blocks;

/** What the products of convolutions and linear layers are computed with in predictions. Training is always in float. */
public enum InferencePrecision implements Coded {
    /** 24 significant bits. The default. */
    FLOAT,
    /**
     * bfloat16: factors are rounded to 8 significant bits, with the range of float; sums of their products, normalisation,
     * activations and parameters in memory stay in float. For float networks on processors with AMX alone; elsewhere it
     * would be slower than float, and is refused.
     */
    BF16
}
