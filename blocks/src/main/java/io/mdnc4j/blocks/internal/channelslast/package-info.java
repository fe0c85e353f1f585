/**
 * Passes through whole networks with the channels of each position side by side in memory, in float on the CPU; products of
 * predictions in bf16 where that is asked for. Read
 * {@link io.mdnc4j.blocks.internal.channelslast.Program} first, then {@code Step} and {@code Maps}; the steps are
 * {@code Convolving}, {@code Multiplying}, {@code Normalizing} and so on. {@code Primitive} is how oneDNN is called,
 * {@code Chunks} and {@code Lanes} how Java's loops go over maps.
 */
package io.mdnc4j.blocks.internal.channelslast;
