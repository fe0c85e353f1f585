package io.mdnc4j.training.plots;

import io.mdnc4j.training.metrics.Assessment;
import io.mdnc4j.training.metrics.NumberMeasures;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Numbers that a network answered over those that were wanted, a point an example, with the line on which both are equal. */
public final class ScatterPlot {
    private static final int SIDE = 640;
    private static final int COLUMNS = 2;
    private static final int POINT = 5;
    private static final int OPACITY = 150;
    private static final double MARGIN = 0.04;

    private ScatterPlot() {}

    /**
     * Draws a square of 640 x 640 pixels for each number, two in a row.
     *
     * @param names of the numbers, at least one
     * @param assessment of examples with {@link NumberMeasures}, at least one example
     * @return the picture
     */
    public static BufferedImage draw(List<String> names, Assessment assessment) {
        List<BufferedImage> pictures = new ArrayList<>();
        for (int k = 0; k < names.size(); k++) {
            int number = k;
            double[] wanted = IntStream.range(0, assessment.size())
                    .mapToDouble(i -> NumberMeasures.target(assessment.counts(i), number))
                    .toArray();
            double[] found = IntStream.range(0, assessment.size())
                    .mapToDouble(i -> NumberMeasures.answer(assessment.counts(i), number))
                    .toArray();
            pictures.add(BitmapEncoder.getBufferedImage(chart(names.get(k), wanted, found)));
        }
        if (pictures.size() > 1 && pictures.size() % COLUMNS != 0) {
            pictures.add(blank());
        }
        return PlotStyle.tiles(pictures, COLUMNS);
    }

    private static BufferedImage blank() {
        BufferedImage blank = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIDE * SIDE; i++) {
            blank.setRGB(i % SIDE, i / SIDE, Color.WHITE.getRGB());
        }
        return blank;
    }

    private static XYChart chart(String name, double[] wanted, double... found) {
        XYChart chart = PlotStyle.chart(SIDE, SIDE, name, "target", "network");
        double least = DoubleStream.concat(DoubleStream.of(wanted), DoubleStream.of(found))
                .min()
                .orElseThrow();
        double most = DoubleStream.concat(DoubleStream.of(wanted), DoubleStream.of(found))
                .max()
                .orElseThrow();
        double margin = MARGIN * Math.max(most - least, Double.MIN_NORMAL);
        double[] ends = {least - margin, most + margin};
        PlotStyle.line(chart, "equal", ends, ends, PlotStyle.PALE, 2f);
        XYSeries points = chart.addSeries("test examples", wanted, found);
        points.setLineStyle(new BasicStroke(0));
        points.setLineColor(new Color(0, 0, 0, 0));
        points.setMarker(SeriesMarkers.CIRCLE);
        Color blue = PlotStyle.BLUE;
        points.setMarkerColor(new Color(blue.getRed(), blue.getGreen(), blue.getBlue(), OPACITY));
        chart.getStyler().setMarkerSize(POINT);
        chart.getStyler().setXAxisMin(ends[0]).setXAxisMax(ends[1]);
        chart.getStyler().setYAxisMin(ends[0]).setYAxisMax(ends[1]);
        return chart;
    }
}
