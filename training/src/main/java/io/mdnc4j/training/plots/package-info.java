/**
 * Pictures of trainings: {@link io.mdnc4j.training.plots.LossPlot}, {@link io.mdnc4j.training.plots.SamplesPlot} (signals by
 * {@code TracesPlot}, images and planes of volumes as a {@code PanelGrid}) and
 * {@link io.mdnc4j.training.plots.ConfusionPlot}.
 */
package io.mdnc4j.training.plots;
