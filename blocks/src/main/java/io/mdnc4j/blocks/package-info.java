/**
 * The words in which convolutional networks of one, two or three dimensions are described.
 *
 * <p>To read in this order: {@link io.mdnc4j.blocks.SpatialDims} (the number of dimensions is data),
 * {@link io.mdnc4j.blocks.Geometry} (kernel and scaling of a block), {@link io.mdnc4j.blocks.BlockStyle} (what its units
 * consist of), {@link io.mdnc4j.blocks.Coded} (options with short names), {@link io.mdnc4j.blocks.ArgumentException} (what a
 * caller gave cannot be used).
 *
 * <p>The packages use each other in one direction only, from the last to the first:
 *
 * <ol>
 *   <li>this one, which uses none;
 *   <li>{@code internal.kernels}, the arithmetic;
 *   <li>{@code internal.layers}, the layers and vertices that compute inside Deeplearning4j;
 *   <li>{@link io.mdnc4j.blocks.conf}, their configurations, as users write them and as they stand in model files;
 *   <li>{@link io.mdnc4j.blocks.graph}, which puts blocks together from them, on a Deeplearning4j GraphBuilder.
 * </ol>
 *
 * <p>Beside them, {@link io.mdnc4j.blocks.learning} has what training needs and Deeplearning4j lacks, and
 * {@link io.mdnc4j.blocks.backends} the choice between CPU and GPU. What is in {@code internal} may change at any time.
 *
 * @serial exclude
 */
@NullMarked
package io.mdnc4j.blocks;

import org.jspecify.annotations.NullMarked;
