package io.mdnc4j.training.plots;

import io.mdnc4j.training.fit.RangeTest;
import io.mdnc4j.training.fit.RangeTest.Point;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;

/** The loss over the learning rate of a {@link RangeTest}, with the suggested rate marked. */
public final class RangePlot {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 600;

    /** Losses above that many times the first one would flatten the curve. */
    private static final double SHOWN = 1.5;

    private RangePlot() {}

    /**
     * A picture of 1000 x 600 pixels.
     *
     * @param title above the plot
     * @param test one of at least one point
     * @return the picture
     */
    public static BufferedImage draw(String title, RangeTest test) {
        List<Point> points = test.points();
        double[] rates = points.stream().mapToDouble(Point::rate).toArray();
        double[] losses = points.stream().mapToDouble(Point::loss).toArray();
        double[] smoothed = points.stream().mapToDouble(Point::smoothed).toArray();
        double least = points.stream()
                .mapToDouble(point -> Math.min(point.loss(), point.smoothed()))
                .min()
                .orElseThrow();
        double most = Math.min(
                SHOWN * Math.max(losses[0], smoothed[0]),
                points.stream()
                        .mapToDouble(point -> Math.max(point.loss(), point.smoothed()))
                        .max()
                        .orElseThrow());
        XYChart chart = PlotStyle.chart(WIDTH, HEIGHT, title, "learning rate", "training loss");
        chart.getStyler().setXAxisLogarithmic(true);
        PlotStyle.frame(chart, least, most);
        PlotStyle.line(chart, "steps", rates, losses, PlotStyle.PALE, 1f);
        PlotStyle.line(chart, "smoothed", rates, smoothed, PlotStyle.BLUE, 2f);
        test.suggestion()
                .ifPresent(rate -> PlotStyle.line(
                        chart,
                        String.format(Locale.ROOT, "suggested: %.2g", rate),
                        new double[] {rate, rate},
                        new double[] {least, most},
                        PlotStyle.ORANGE,
                        2f));
        return BitmapEncoder.getBufferedImage(chart);
    }
}
