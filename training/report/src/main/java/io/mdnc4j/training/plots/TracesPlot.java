package io.mdnc4j.training.plots;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Signals over time: the input, what was wanted and what a network made of it, first channels only. */
final class TracesPlot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 480;
    private static final int TICK_SPACING = 90;
    private static final Map<String, Color> COLORS =
            Map.of("input", PlotStyle.PALE, "target", PlotStyle.DARK, "network", PlotStyle.ORANGE);
    private static final Map<String, Float> WIDTHS = Map.of("input", 1f, "target", 1.4f, "network", 1.8f);

    /** Off the grid of the samples, for XChart puts ticks at equally spaced values, not at round ones. */
    private static final double HALF = 0.5;

    /** More labels that may apply at once are not drawn. */
    private static final int LABELS = 6;

    private TracesPlot() {}

    /** Pictures of 860 x 480 pixels. */
    static List<BufferedImage> draw(
            List<Sample> samples, ModelDescription description, Function<Sample, String> title) {
        List<BufferedImage> pictures = new ArrayList<>();
        for (Sample sample : samples) {
            pictures.add(BitmapEncoder.getBufferedImage(chart(sample, description, title.apply(sample))));
        }
        return pictures;
    }

    private static XYChart chart(Sample sample, ModelDescription description, String title) {
        boolean timed = description.samplingRate() != null;
        String unit = description.unit() == null ? "value" : "signal (" + description.unit() + ")";
        XYChart chart = PlotStyle.chart(WIDTH, HEIGHT, title, timed ? "time (s)" : "sample", unit);
        double rate = timed ? description.samplingRate() : 1;
        Map<String, double[]> lines = new LinkedHashMap<>();
        double[] input = row(sample.example().input());
        lines.put("input", input);
        boolean positions = sample.output().rank() > 1;
        if (positions && description.classes().isEmpty()) {
            if (sample.hasTarget()) {
                lines.put("target", row(sample.example().target()));
            }
            lines.put("network", row(sample.output()));
        } else if (positions && Task.parse(description.task()).isMultiLabel()) {
            int[][] target = sample.targetLabels();
            int[][] found = sample.foundLabels();
            for (int k = 0; k < Math.min(target.length, LABELS); k++) {
                String name = ": " + description.classes().get(k);
                lines.put("target" + name, onLevel(input, target[k], k, target.length));
                lines.put("network" + name, onLevel(input, found[k], k, target.length));
            }
        } else if (positions) {
            lines.put(
                    "target",
                    onScaleOf(input, sample.target(), description.classes().size()));
            lines.put(
                    "network",
                    onScaleOf(input, sample.found(), description.classes().size()));
        }
        double[] time =
                IntStream.range(0, input.length).mapToDouble(i -> i / rate).toArray();
        boolean alone = lines.size() == 1;
        lines.forEach((name, line) -> {
            String kind = name.replaceFirst("(?s):.*", "");
            PlotStyle.line(chart, name, time, line, alone ? PlotStyle.BLUE : COLORS.get(kind), WIDTHS.get(kind));
        });
        double[] all = lines.values().stream().flatMapToDouble(Arrays::stream).toArray();
        PlotStyle.frame(
                chart,
                Arrays.stream(all).min().orElseThrow(),
                Arrays.stream(all).max().orElseThrow());
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler().setYAxisDecimalPattern("0.0##");
        chart.getStyler().setXAxisDecimalPattern(timed ? "0.0##" : "0");
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setXAxisMax((input.length - HALF) / rate);
        chart.getStyler().setXAxisTickMarkSpacingHint(TICK_SPACING);
        return chart;
    }

    /** A label as steps on a level of its own, the first at the bottom. */
    private static double[] onLevel(double[] input, int[] present, int label, int labels) {
        return onScaleOf(
                input, Arrays.stream(present).map(there -> 2 * label + there).toArray(), 2 * labels);
    }

    private static double[] row(INDArray array) {
        return OnHeap.doubles(array.slice(0));
    }

    /** Numbers of classes between the input's extremes. */
    private static double[] onScaleOf(double[] input, int[] numbers, int classes) {
        double least = Arrays.stream(input).min().orElseThrow();
        double most = Arrays.stream(input).max().orElseThrow();
        return Arrays.stream(numbers)
                .mapToDouble(number -> least + (most - least) * number / Math.max(classes - 1, 1))
                .toArray();
    }
}
