/**
 * How good predictions are. Read {@link io.mdnc4j.training.metrics.Measures} first: metrics that follow from sums over
 * examples, of values or of classes; {@link io.mdnc4j.training.metrics.Assessment} collects them and knows their confidence
 * intervals. {@link io.mdnc4j.training.metrics.SavitzkyGolay} is the classical filter to beat.
 */
package io.mdnc4j.training.metrics;
