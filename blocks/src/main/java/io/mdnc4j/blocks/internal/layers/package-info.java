/**
 * What DL4J instantiates for the configurations in {@code conf}. {@code SpatialLayerBase} carries everything that DL4J asks
 * of a layer; the others state their forward and backward pass. They do not know the configurations, which create them and
 * tell them what they need.
 */
package io.mdnc4j.blocks.internal.layers;
