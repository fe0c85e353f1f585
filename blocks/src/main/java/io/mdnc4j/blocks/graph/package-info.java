/**
 * Blocks of convolutional networks as functions on a Deeplearning4j GraphBuilder.
 *
 * <p>To read in this order: {@link io.mdnc4j.blocks.graph.BlockGraph} (where the vertices go), {@code Sequence} (the unit and
 * the shortcut), {@link io.mdnc4j.blocks.graph.BlockKind} (the three blocks), {@link io.mdnc4j.blocks.graph.Stage} (the
 * stack); {@link io.mdnc4j.blocks.graph.ConvNormBlocks} (the other units, blocks and stacks, of nnU-Net's networks).
 */
@NullMarked
package io.mdnc4j.blocks.graph;

import org.jspecify.annotations.NullMarked;
