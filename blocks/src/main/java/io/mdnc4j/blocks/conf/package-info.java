/**
 * Configurations of layers and vertices: {@link io.mdnc4j.blocks.conf.SpatialLayer} is what the layers have in common,
 * {@link io.mdnc4j.blocks.conf.Parameter} how they declare their parameters, and {@link io.mdnc4j.blocks.conf.MultiLabelLoss} a
 * loss that DL4J has not. They round-trip through DL4J's JSON and YAML
 * without registration.
 *
 * @serial exclude
 */
@NullMarked
package io.mdnc4j.blocks.conf;

import org.jspecify.annotations.NullMarked;
