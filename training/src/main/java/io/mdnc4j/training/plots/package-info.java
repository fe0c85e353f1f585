/** Pictures of trainings: {@link io.mdnc4j.training.plots.LossPlot} and {@link io.mdnc4j.training.plots.SamplesPlot}. */
package io.mdnc4j.training.plots;
