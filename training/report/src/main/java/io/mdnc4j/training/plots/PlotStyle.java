package io.mdnc4j.training.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What all pictures have in common. */
final class PlotStyle {
    static final Color BLUE = new Color(0x1f5fa8);
    static final Color ORANGE = new Color(0xd9681d);
    static final Color DARK = new Color(0x222222);
    static final Color PALE = new Color(0xc4cad3);
    static final Color CYAN = new Color(0x35c4f0);

    private static final Color GRID = new Color(0xe8eaee);
    private static final Color FRAME = new Color(0xb0b5bd);
    private static final double MARGIN = 0.06;
    private static final String FONT = Font.SANS_SERIF;

    private PlotStyle() {}

    static XYChart chart(int width, int height, String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        XYStyler styler = chart.getStyler();
        styler.setLocale(Locale.ROOT);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderColor(FRAME);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setPlotContentSize(0.98);
        styler.setPlotMargin(0);
        styler.setAxisTickMarksColor(FRAME);
        styler.setAxisTicksLineVisible(false);
        styler.setAxisTickLabelsFont(new Font(FONT, Font.PLAIN, 13));
        styler.setAxisTitleFont(new Font(FONT, Font.PLAIN, 15));
        styler.setChartTitleFont(new Font(FONT, Font.BOLD, 17));
        styler.setChartTitleBoxVisible(false);
        styler.setChartTitlePadding(10);
        styler.setChartPadding(14);
        styler.setLegendFont(new Font(FONT, Font.PLAIN, 14));
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Horizontal);
        styler.setChartFontColor(DARK);
        return chart;
    }

    /** A vertical axis that leaves some room above and below. */
    static void frame(XYChart chart, double least, double most) {
        double margin = MARGIN * Math.max(most - least, Double.MIN_NORMAL);
        chart.getStyler().setYAxisMin(least - margin);
        chart.getStyler().setYAxisMax(most + margin);
    }

    static void line(XYChart chart, String name, double[] x, double[] y, Color color, float width) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        series.setMarker(SeriesMarkers.NONE);
    }

    /** A colour on the way from one to another. */
    static Color between(Color from, Color to, double part) {
        return new Color(
                (int) Math.round(from.getRed() + part * (to.getRed() - from.getRed())),
                (int) Math.round(from.getGreen() + part * (to.getGreen() - from.getGreen())),
                (int) Math.round(from.getBlue() + part * (to.getBlue() - from.getBlue())));
    }

    /** Pictures of one size in rows and columns; whole rows only. */
    static BufferedImage tiles(List<BufferedImage> pictures, int most) {
        int columns = Math.min(most, pictures.size());
        int rows = pictures.size() / columns;
        int wide = pictures.get(0).getWidth();
        int high = pictures.get(0).getHeight();
        BufferedImage all = new BufferedImage(columns * wide, rows * high, BufferedImage.TYPE_INT_RGB);
        Graphics graphics = all.getGraphics();
        for (int i = 0; i < rows * columns; i++) {
            graphics.drawImage(pictures.get(i), i % columns * wide, i / columns * high, null);
        }
        graphics.dispose();
        return all;
    }
}
