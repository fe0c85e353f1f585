package io.mdnc4j.training.plots;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.metrics.Measures;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a network makes of some examples: signals over time, images side by side, outlines on images and on three planes of
 * volumes, images with the class found.
 */
public final class SamplesPlot {
    private static final int COLUMNS_OF_CLASSES = 8;
    private static final int COLUMNS_OF_LARGE = 5;

    /** Wider pictures lose details where eight are in a row. */
    private static final int SMALL = 32;

    private static final int THREE = 3;

    private SamplesPlot() {}

    /**
     * Draws samples, one task for all.
     *
     * @param samples at least one
     * @param description of the model, for units and names of classes
     * @return the picture
     */
    public static BufferedImage draw(List<Sample> samples, ModelDescription description) {
        return draw(samples, description, Measures.of(Task.parse(description.task()), description));
    }

    /**
     * Draws samples, one task for all.
     *
     * @param samples at least one
     * @param description of the model, for units and names of classes
     * @param measures the leading metric of which is said of each sample
     * @return the picture
     */
    public static BufferedImage draw(List<Sample> samples, ModelDescription description, Measures measures) {
        Task kind = Task.parse(description.task());
        int axes = samples.get(0).size().length;
        if (axes == 1) {
            return PlotStyle.tiles(
                    TracesPlot.draw(samples, description, sample -> title(sample, description, kind, measures)), 2);
        }
        if (kind.perExample()) {
            return answered(samples, description);
        }
        return kind.hasClasses()
                ? outlined(samples, description, kind, measures)
                : sideBySide(samples, description, kind, measures);
    }

    private static String title(Sample sample, ModelDescription description, Task kind, Measures measures) {
        if (kind.perExample()) {
            return sample.example().name() + ": " + answer(sample, description);
        }
        Map.Entry<String, Double> metric = measures.metrics(
                        measures.count(sample.example().target(), sample.output()))
                .entrySet()
                .iterator()
                .next();
        return String.format(Locale.ROOT, "%s: %s %.3g", sample.example().name(), metric.getKey(), metric.getValue());
    }

    private static BufferedImage answered(List<Sample> samples, ModelDescription description) {
        List<Panel> panels = new ArrayList<>();
        boolean several = Task.parse(description.task()).isMultiLabel();
        for (Sample sample : samples) {
            boolean right = several
                    ? Arrays.deepEquals(sample.targetLabels(), sample.foundLabels())
                    : description.classes().isEmpty() || sample.target()[0] == sample.found()[0];
            Color color = right ? PlotStyle.DARK : PlotStyle.ORANGE;
            List<Plane> planes = Plane.of(sample.size());
            Plane plane = planes.get(planes.size() / 2);
            panels.add(panel(answer(sample, description), color, plane, sample, values(sample), List.of()));
        }
        int wide = panels.stream().mapToInt(Panel::wide).max().orElseThrow();
        return PanelGrid.draw(panels, wide > SMALL ? COLUMNS_OF_LARGE : COLUMNS_OF_CLASSES, Map.of());
    }

    /** The class or labels found, and the true ones if they are others; or the numbers found, and the true ones. */
    private static String answer(Sample sample, ModelDescription description) {
        List<String> classes = description.classes();
        if (classes.isEmpty()) {
            return numbers(sample.output()) + ", is " + numbers(sample.example().target());
        }
        boolean several = Task.parse(description.task()).isMultiLabel();
        String found = several ? names(classes, sample.foundLabels()) : classes.get(sample.found()[0]);
        String wanted = several ? names(classes, sample.targetLabels()) : classes.get(sample.target()[0]);
        return found.equals(wanted) ? found : found + ", is " + wanted;
    }

    private static String names(List<String> labels, int[]... present) {
        String names = IntStream.range(0, present.length)
                .filter(k -> present[k][0] == 1)
                .mapToObj(labels::get)
                .collect(Collectors.joining("; "));
        return names.isEmpty() ? "none" : names;
    }

    private static String numbers(INDArray values) {
        return Arrays.stream(OnHeap.doubles(values))
                .mapToObj(value -> String.format(Locale.ROOT, "%.3g", value))
                .collect(Collectors.joining(" "));
    }

    private static BufferedImage outlined(
            List<Sample> samples, ModelDescription description, Task kind, Measures measures) {
        List<Panel> panels = new ArrayList<>();
        for (Sample sample : samples) {
            long[] size = sample.size();
            int[] target = kind.isMultiLabel() ? Sample.combined(sample.targetLabels()) : sample.target();
            int[] found = kind.isMultiLabel() ? Sample.combined(sample.foundLabels()) : sample.found();
            String title = title(sample, description, kind, measures);
            for (Plane plane : Plane.of(size, target)) {
                panels.add(panel(
                        plane.axis() <= 0 ? title : plane.name(),
                        PlotStyle.DARK,
                        plane,
                        sample,
                        values(sample),
                        List.of(
                                new Panel.Outline(plane.of(target, size), PlotStyle.CYAN),
                                new Panel.Outline(plane.of(found, size), PlotStyle.ORANGE))));
            }
        }
        Map<String, Color> legend = new LinkedHashMap<>();
        legend.put("target", PlotStyle.CYAN);
        legend.put("network (over it)", PlotStyle.ORANGE);
        return PanelGrid.draw(panels, Math.min(THREE, panels.size()), legend);
    }

    private static BufferedImage sideBySide(
            List<Sample> samples, ModelDescription description, Task kind, Measures measures) {
        List<Panel> panels = new ArrayList<>();
        for (Sample sample : samples) {
            float[][] input = values(sample.example().input());
            // what is known at some places only is no picture
            boolean wantedKnown = sample.hasTarget();
            float[][] target = wantedKnown ? values(sample.example().target()) : input;
            float[][] found = values(sample.output());
            for (Plane plane : Plane.of(sample.size())) {
                String name = plane.name().isEmpty() ? "" : ", " + plane.name();
                // one scale for the row: what is brighter in one is brighter than in the others
                Panel.Scale wanted = Panel.Scale.of(plane.of(target, sample.size()));
                Panel.Scale own = Panel.Scale.of(plane.of(input, sample.size()));
                boolean same = input.length == target.length && own.suits(wanted);
                panels.add(panel(
                        "input" + name + (same ? "" : ", on its own scale"),
                        plane,
                        sample,
                        input,
                        same ? wanted : own));
                if (wantedKnown) {
                    panels.add(panel("target", plane, sample, target, wanted));
                }
                panels.add(
                        panel("network, " + title(sample, description, kind, measures), plane, sample, found, wanted));
            }
        }
        return PanelGrid.draw(panels, samples.get(0).hasTarget() ? THREE : 2, Map.of());
    }

    /** Three channels of an image as red, green and blue, else the first one. */
    private static float[][] values(INDArray array) {
        boolean colours = array.size(0) == THREE && array.rank() == THREE;
        float[][] values = new float[colours ? THREE : 1][];
        for (int c = 0; c < values.length; c++) {
            values[c] = OnHeap.floats(array.slice(c));
        }
        return values;
    }

    private static float[][] values(Sample sample) {
        return values(sample.example().input());
    }

    private static Panel panel(String title, Plane plane, Sample sample, float[][] values, Panel.Scale scale) {
        long[] size = sample.size();
        return new Panel(
                title, PlotStyle.DARK, plane.of(values, size), plane.high(size), plane.wide(size), scale, List.of());
    }

    private static Panel panel(
            String title, Color color, Plane plane, Sample sample, float[][] values, List<Panel.Outline> outlines) {
        long[] size = sample.size();
        float[][] planes = plane.of(values, size);
        return new Panel(title, color, planes, plane.high(size), plane.wide(size), Panel.Scale.of(planes), outlines);
    }
}
