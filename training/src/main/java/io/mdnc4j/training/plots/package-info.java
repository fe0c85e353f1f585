/**
 * Pictures of trainings and searches: {@link io.mdnc4j.training.plots.LossPlot}, {@link io.mdnc4j.training.plots.SamplesPlot}
 * and {@link io.mdnc4j.training.plots.SearchPlot}.
 */
package io.mdnc4j.training.plots;
