/**
 * Blocks of convolutional networks as vertex builders over a Deeplearning4j GraphBuilder.
 *
 * <p>To read in this order: {@link io.mdnc4j.blocks.SpatialDims} (the number of dimensions is data),
 * {@link io.mdnc4j.blocks.Geometry} (kernel and scaling), {@link io.mdnc4j.blocks.BlockStyle} (what a unit consists of),
 * {@link io.mdnc4j.blocks.BlockGraph} (where the vertices go), {@code Sequence} (the unit and the shortcut),
 * {@link io.mdnc4j.blocks.BlockKind} (the three blocks), {@link io.mdnc4j.blocks.Stage} (the stack).
 *
 * <p>Below: {@code conf} has the configurations of the layers and vertices, as users write them; {@code layers} computes
 * them inside DL4J; {@code kernels} has the arithmetic.
 */
package io.mdnc4j.blocks;
