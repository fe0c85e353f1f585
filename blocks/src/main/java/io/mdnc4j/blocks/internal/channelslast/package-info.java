/**
 * Passes through whole networks with the channels of each position side by side in memory, in float on the CPU; products of
 * predictions in bf16 where that is asked for. Read {@link io.mdnc4j.blocks.internal.channelslast.Program}
 * first, then {@code Step} and {@code Maps}; the steps are {@code Convolving}, {@code Normalizing} and so on. {@code Way} is the table of ways to compute a convolution, {@code Kernel}
 * what each does; {@code Tuner} has them tried, and {@code Choices} keeps what was found. {@code WinogradKernel} saves
 * products: read {@code Winograd}, then {@code Tiles}, which brings maps to it, and {@code TransformedWeights}.
 * {@code Primitive} is how oneDNN is called, {@code Chunks} and {@code Lanes} how Java's loops go over maps.
 */
package io.mdnc4j.blocks.internal.channelslast;
