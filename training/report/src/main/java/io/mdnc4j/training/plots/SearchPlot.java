package io.mdnc4j.training.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The scores of a search against each setting that differs between candidates; the best in orange. */
public final class SearchPlot {
    private static final int COLUMNS = 3;
    private static final int WIDTH = 560;
    private static final int HEIGHT = 380;
    private static final double DECADE = 10;
    private static final double HALF = 0.5;
    private static final double MARGIN = 1.15;
    private static final double LABELS = 0.1;
    private static final int LABEL_HEIGHT = 12;
    private static final Color NONE = new Color(0, 0, 0, 0);

    private SearchPlot() {}

    /**
     * Writes a PNG picture with up to three panels of 560 x 380 pixels in each row.
     *
     * @param score what the score is
     * @param settings of the candidates by name, the same names in all; at least one candidate, the best first
     * @param scores of the candidates
     * @param out where the PNG picture goes, not closed
     * @throws IOException if it cannot be written
     */
    public static void write(OutputStream out, String score, List<Map<String, String>> settings, double... scores)
            throws IOException {
        List<String> names = new ArrayList<>(settings.get(0).keySet());
        List<String> varied = names.stream()
                .filter(name ->
                        settings.stream().map(one -> one.get(name)).distinct().count() > 1)
                .toList();
        List<XYChart> panels = new ArrayList<>();
        for (String name : varied.isEmpty() ? names : varied) {
            List<String> values = settings.stream().map(one -> one.get(name)).toList();
            panels.add(panel(name.replace('_', ' '), score, values, scores));
        }
        Png.write(merged(panels), out);
    }

    /** The panels in rows; XChart merges whole rows only. */
    private static BufferedImage merged(List<XYChart> panels) {
        int columns = Math.min(COLUMNS, panels.size());
        int rows = (panels.size() + columns - 1) / columns;
        BufferedImage all = new BufferedImage(columns * WIDTH, rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = all.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, all.getWidth(), all.getHeight());
        for (int i = 0; i < panels.size(); i++) {
            graphics.drawImage(
                    BitmapEncoder.getBufferedImage(panels.get(i)), i % columns * WIDTH, i / columns * HEIGHT, null);
        }
        graphics.dispose();
        return all;
    }

    private static XYChart panel(String setting, String score, List<String> values, double... scores) {
        XYChart chart = PlotStyle.chart(WIDTH, HEIGHT, setting, "", score);
        chart.getStyler().setLegendVisible(false);
        double[] x = numbers(values);
        boolean numeric = x.length > 0;
        double bottom = frame(chart, numeric ? 0 : LABELS, scores);
        if (!numeric) {
            x = places(chart, bottom, values);
        } else if (least(x) > 0 && most(x) / least(x) >= DECADE) {
            chart.getStyler().setXAxisLogarithmic(true);
            chart.getStyler().setXAxisMin(least(x) / MARGIN);
            chart.getStyler().setXAxisMax(most(x) * MARGIN);
        } else {
            double margin = (MARGIN - 1) * Math.max(most(x) - least(x), Math.abs(least(x)) / 2 + Double.MIN_NORMAL);
            chart.getStyler().setXAxisMin(least(x) - margin);
            chart.getStyler().setXAxisMax(most(x) + margin);
        }
        points(chart, "candidates", x, scores, PlotStyle.BLUE);
        points(chart, "best", new double[] {x[0]}, new double[] {scores[0]}, PlotStyle.ORANGE);
        return chart;
    }

    /**
     * The vertical axis.
     *
     * @param room to leave below the scores, as a part of what they span
     * @return where to write there
     */
    private static double frame(XYChart chart, double room, double... scores) {
        double least = least(scores);
        double most = most(scores);
        if (least > 0 && most / least > DECADE) {
            double bottom = least / Math.pow(most / least, room);
            chart.getStyler().setYAxisLogarithmic(true);
            chart.getStyler().setYAxisLogarithmicDecadeOnly(false);
            chart.getStyler().setYAxisMin(bottom / MARGIN);
            chart.getStyler().setYAxisMax(most * MARGIN);
            return bottom;
        }
        double bottom = least - room * (most - least);
        PlotStyle.frame(chart, bottom, most);
        return bottom;
    }

    private static void points(XYChart chart, String name, double[] x, double[] y, Color color) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(NONE);
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setMarkerColor(color);
    }

    /** The values as numbers; empty if one is none. */
    private static double[] numbers(List<String> values) {
        try {
            return values.stream().mapToDouble(Double::parseDouble).toArray();
        } catch (NumberFormatException e) {
            return new double[0];
        }
    }

    /** Places on an axis, each with its value written there: XChart has no ticks of one's own choice. */
    private static double[] places(XYChart chart, double bottom, List<String> values) {
        List<String> distinct = new ArrayList<>(new TreeSet<>(values));
        chart.getStyler().setXAxisMin(-HALF);
        chart.getStyler().setXAxisMax(distinct.size() - HALF);
        chart.getStyler().setXAxisTicksVisible(false);
        chart.getStyler().setAnnotationTextFont(new Font(Font.SANS_SERIF, Font.PLAIN, LABEL_HEIGHT));
        for (int i = 0; i < distinct.size(); i++) {
            chart.addAnnotation(new AnnotationText(distinct.get(i), i, bottom, false));
        }
        return values.stream().mapToDouble(distinct::indexOf).toArray();
    }

    private static double least(double... values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private static double most(double... values) {
        return Arrays.stream(values).max().orElseThrow();
    }
}
