/**
 * Pictures of trainings and searches: {@link io.mdnc4j.training.plots.LossPlot}, {@link io.mdnc4j.training.plots.SamplesPlot} (signals by
 * {@code TracesPlot}, images and planes of volumes as a {@code PanelGrid}),
 * {@link io.mdnc4j.training.plots.ConfusionPlot} and {@link io.mdnc4j.training.plots.SearchPlot}.
 */
@NullMarked
package io.mdnc4j.training.plots;

import org.jspecify.annotations.NullMarked;
