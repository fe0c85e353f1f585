/**
 * What DL4J instantiates for the configurations in {@code conf}. {@code SpatialLayerBase} carries everything that DL4J asks
 * of a layer; the others state their forward and backward pass.
 */
package io.mdnc4j.blocks.layers;
