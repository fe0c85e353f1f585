package io.mdnc4j.training.plots;

import io.mdnc4j.training.fit.EpochResult;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Training and validation loss over the epochs, on a logarithmic scale, with the best epoch marked. */
public final class LossPlot {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 600;
    private static final double DECADE = 10;

    /** Off the grid of the epochs, for XChart puts ticks at equally spaced values, not at round ones. */
    private static final double HALF = 0.5;

    private LossPlot() {}

    /**
     * A picture of 1000 x 600 pixels.
     *
     * @param epochs at least one
     * @param title above the plot
     * @return the picture
     */
    public static BufferedImage draw(String title, List<EpochResult> epochs) {
        double[] x = epochs.stream().mapToDouble(EpochResult::epoch).toArray();
        double[] train = epochs.stream().mapToDouble(EpochResult::trainLoss).toArray();
        double[] validation =
                epochs.stream().mapToDouble(EpochResult::validationLoss).toArray();
        XYChart chart = PlotStyle.chart(WIDTH, HEIGHT, title, "epoch", "loss");
        PlotStyle.line(chart, "training", x, train, PlotStyle.BLUE, 2f);
        PlotStyle.line(chart, "validation", x, validation, PlotStyle.ORANGE, 2f);
        markBest(chart, epochs);
        scale(chart, train, validation);
        chart.getStyler().setXAxisDecimalPattern("0");
        chart.getStyler().setXAxisMin(x[0] - HALF);
        chart.getStyler().setXAxisMax(x[x.length - 1] + HALF);
        return BitmapEncoder.getBufferedImage(chart);
    }

    private static void markBest(XYChart chart, List<EpochResult> epochs) {
        EpochResult best = epochs.stream()
                .min(Comparator.comparingDouble(EpochResult::validationLoss))
                .orElseThrow();
        XYSeries series = chart.addSeries(
                String.format(Locale.ROOT, "best: %.3g in epoch %d", best.validationLoss(), best.epoch()),
                new double[] {best.epoch()},
                new double[] {best.validationLoss()});
        series.setLineColor(new Color(0, 0, 0, 0));
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setMarkerColor(PlotStyle.ORANGE);
    }

    /** A logarithmic axis where the losses span enough of it for labels, else one from just below to just above. */
    private static void scale(XYChart chart, double[] train, double[] validation) {
        double least = DoubleStream.concat(DoubleStream.of(train), DoubleStream.of(validation))
                .min()
                .orElseThrow();
        double most = DoubleStream.concat(DoubleStream.of(train), DoubleStream.of(validation))
                .max()
                .orElseThrow();
        if (least > 0 && most / least > DECADE) {
            chart.getStyler().setYAxisLogarithmic(true);
            chart.getStyler().setYAxisLogarithmicDecadeOnly(false);
        } else {
            PlotStyle.frame(chart, least, most);
        }
    }
}
