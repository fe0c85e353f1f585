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
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a network makes of some examples: signals over time, images side by side, outlines on images and on three planes of
 * volumes, images with the class found.
 */
public final class SamplesPlot {
    private static final int COLUMNS_OF_CLASSES = 8;
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
        Task kind = Task.parse(description.task());
        int axes = samples.get(0).size().length;
        if (axes == 1) {
            return PlotStyle.tiles(
                    TracesPlot.draw(samples, description, sample -> title(sample, description, kind)), 2);
        }
        if (kind.perExample()) {
            return answered(samples, description);
        }
        return kind.hasClasses() ? outlined(samples, description, kind) : sideBySide(samples, description, kind);
    }

    private static String title(Sample sample, ModelDescription description, Task kind) {
        if (kind.perExample()) {
            return sample.example().name() + ": " + answer(sample, description);
        }
        Measures measures = Measures.of(kind, description);
        Map.Entry<String, Double> metric = measures.metrics(
                        measures.count(sample.example().target(), sample.output()))
                .entrySet()
                .iterator()
                .next();
        return String.format(Locale.ROOT, "%s: %s %.3g", sample.example().name(), metric.getKey(), metric.getValue());
    }

    private static BufferedImage answered(List<Sample> samples, ModelDescription description) {
        List<Panel> panels = new ArrayList<>();
        for (Sample sample : samples) {
            boolean right = description.classes().isEmpty() || sample.target()[0] == sample.found()[0];
            Color color = right ? PlotStyle.DARK : PlotStyle.ORANGE;
            List<Plane> planes = Plane.of(sample.size());
            Plane plane = planes.get(planes.size() / 2);
            panels.add(panel(answer(sample, description), color, plane, sample, values(sample), List.of()));
        }
        return PanelGrid.draw(panels, COLUMNS_OF_CLASSES, Map.of());
    }

    /** The class found, and the true one if it is another; or the numbers found, and the true ones. */
    private static String answer(Sample sample, ModelDescription description) {
        List<String> classes = description.classes();
        if (classes.isEmpty()) {
            return numbers(sample.output()) + ", is " + numbers(sample.example().target());
        }
        String found = classes.get(sample.found()[0]);
        String wanted = classes.get(sample.target()[0]);
        return found.equals(wanted) ? found : found + ", is " + wanted;
    }

    private static String numbers(INDArray values) {
        return Arrays.stream(OnHeap.doubles(values))
                .mapToObj(value -> String.format(Locale.ROOT, "%.3g", value))
                .collect(Collectors.joining(" "));
    }

    private static BufferedImage outlined(List<Sample> samples, ModelDescription description, Task kind) {
        List<Panel> panels = new ArrayList<>();
        for (Sample sample : samples) {
            long[] size = sample.size();
            int[] target = sample.target();
            int[] found = sample.found();
            String title = title(sample, description, kind);
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

    private static BufferedImage sideBySide(List<Sample> samples, ModelDescription description, Task kind) {
        List<Panel> panels = new ArrayList<>();
        for (Sample sample : samples) {
            float[] target = OnHeap.floats(sample.example().target().slice(0));
            float[] found = OnHeap.floats(sample.output().slice(0));
            for (Plane plane : Plane.of(sample.size())) {
                String name = plane.name().isEmpty() ? "" : ", " + plane.name();
                panels.add(panel("input" + name, PlotStyle.DARK, plane, sample, values(sample), List.of()));
                Panel wanted = panel("target", PlotStyle.DARK, plane, sample, target, List.of());
                panels.add(wanted);
                // on the target's scale of greys
                panels.add(new Panel(
                        "network, " + title(sample, description, kind),
                        PlotStyle.DARK,
                        plane.of(found, sample.size()),
                        wanted.high(),
                        wanted.wide(),
                        wanted.low(),
                        wanted.most(),
                        List.of()));
            }
        }
        return PanelGrid.draw(panels, THREE, Map.of());
    }

    private static float[] values(Sample sample) {
        return OnHeap.floats(sample.example().input().slice(0));
    }

    private static Panel panel(
            String title, Color color, Plane plane, Sample sample, float[] values, List<Panel.Outline> outlines) {
        long[] size = sample.size();
        return Panel.of(title, color, plane.of(values, size), plane.high(size), plane.wide(size), outlines);
    }
}
