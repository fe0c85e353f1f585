package io.mdnc4j.training.plots;

import io.mdnc4j.training.metrics.SignalToNoise;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;

/** Windows of a signal: noisy, clean and denoised, each with its signal-to-noise ratios. */
public final class SamplesPlot {
    private static final int COLUMNS = 2;
    private static final int ROWS = 2;
    private static final int WIDTH = 860;
    private static final int HEIGHT = 480;
    private static final int TICK_SPACING = 90;

    /** Off the grid of the samples, for XChart puts ticks at equally spaced values, not at round ones. */
    private static final double HALF = 0.5;

    private SamplesPlot() {}

    /**
     * Writes a PNG picture of 1720 x 960 pixels with up to four windows, evenly chosen.
     *
     * @param clean windows without noise
     * @param noisy the same with noise
     * @param denoised what a network made of these
     * @param rate samples a second, in hertz
     * @param unit unit of the values
     * @throws IOException if it cannot be written
     */
    public static void write(
            OutputStream out, double[][] clean, double[][] noisy, double[][] denoised, double rate, String unit)
            throws IOException {
        List<XYChart> charts = new ArrayList<>();
        // whole rows only
        int columns = Math.min(COLUMNS, clean.length);
        int rows = Math.min(ROWS, clean.length / columns);
        int count = rows * columns;
        for (int i = 0; i < count; i++) {
            int n = (2 * i + 1) * clean.length / (2 * count);
            charts.add(window(n, clean[n], noisy[n], denoised[n], rate, unit));
        }
        BitmapEncoder.saveBitmap(charts, rows, columns, out, BitmapFormat.PNG);
    }

    private static XYChart window(
            int number, double[] clean, double[] noisy, double[] denoised, double rate, String unit) {
        String title = String.format(
                Locale.ROOT,
                "test window %d: %.1f dB noisy, %.1f dB denoised",
                number + 1,
                SignalToNoise.decibel(clean, noisy),
                SignalToNoise.decibel(clean, denoised));
        XYChart chart = PlotStyle.chart(WIDTH, HEIGHT, title, "time (s)", "signal (" + unit + ")");
        double[] seconds =
                IntStream.range(0, clean.length).mapToDouble(i -> i / rate).toArray();
        PlotStyle.line(chart, "noisy", seconds, noisy, PlotStyle.PALE, 1f);
        PlotStyle.line(chart, "clean", seconds, clean, PlotStyle.DARK, 1.4f);
        PlotStyle.line(chart, "denoised", seconds, denoised, PlotStyle.ORANGE, 1.8f);
        DoubleSummaryStatistics range = DoubleStream.concat(
                        DoubleStream.of(noisy), DoubleStream.concat(DoubleStream.of(clean), DoubleStream.of(denoised)))
                .summaryStatistics();
        PlotStyle.frame(chart, range.getMin(), range.getMax());
        chart.getStyler().setYAxisDecimalPattern("0.0##");
        chart.getStyler().setXAxisDecimalPattern("0.0##");
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setXAxisMax((clean.length - HALF) / rate);
        chart.getStyler().setXAxisTickMarkSpacingHint(TICK_SPACING);
        return chart;
    }
}
