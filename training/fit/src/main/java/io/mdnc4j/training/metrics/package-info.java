/**
 * How good predictions are. Read {@link io.mdnc4j.training.metrics.Measures} first: metrics that follow from sums over
 * examples, of values ({@link io.mdnc4j.training.metrics.ValueMeasures}, {@link io.mdnc4j.training.metrics.ImageMeasures}) or of
 * classes ({@link io.mdnc4j.training.metrics.ClassMeasures}, {@link io.mdnc4j.training.metrics.SurfaceMeasures}, {@link
 * io.mdnc4j.training.metrics.LabelMeasures}), of labels of which several may apply at once ({@link
 * io.mdnc4j.training.metrics.MultiLabelMeasures}); {@link io.mdnc4j.training.metrics.Assessment} collects them and knows their
 * confidence intervals. {@link io.mdnc4j.training.metrics.PostprocessingChoice} finds what raises them. {@link
 * io.mdnc4j.training.metrics.SavitzkyGolay} is a classical method to beat.
 */
@NullMarked
package io.mdnc4j.training.metrics;

import org.jspecify.annotations.NullMarked;
