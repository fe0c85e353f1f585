package io.mdnc4j.training.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.metrics.Assessment;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.metrics.NumberMeasures;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SamplesPlotTest {
    private static final List<String> CLASSES = List.of("none", "some");

    @ParameterizedTest
    @CsvSource({
        "regression, 1, 20", "regression, 2, 20", "regression, 3, 12",
        "segmentation, 1, 20", "segmentation, 2, 20", "segmentation, 3, 12",
        "classification, 1, 20", "classification, 2, 20", "classification, 3, 12",
        "estimation, 1, 20", "estimation, 2, 20", "estimation, 3, 12"
    })
    void everyKindHasAPictureInEveryDimension(String task, int axes, long size) {
        Task kind = Task.parse(task);
        long[] shape = LongStream.concat(
                        LongStream.of(1), LongStream.generate(() -> size).limit(axes))
                .toArray();
        INDArray input = Nd4j.rand(DataType.FLOAT, shape);
        INDArray target = kind.perExample()
                ? Nd4j.createFromArray(kind.hasClasses() ? new float[] {1} : new float[] {1, 2})
                : input.gt(0.5).castTo(DataType.FLOAT);
        INDArray output = kind.perExample()
                ? Nd4j.createFromArray(0.7f, 0.3f)
                : kind.hasClasses() ? Nd4j.concat(0, input, input.rsub(0.8)) : input;
        ModelDescription description = new ModelDescription(
                null,
                task,
                Arrays.stream(shape).boxed().toList(),
                null,
                kind.hasClasses() ? CLASSES : List.of(),
                null,
                null,
                List.of(),
                Map.of());
        if (kind == Task.ESTIMATION) {
            description = description.withOutput(
                    new ModelDescription.Output(false, List.of("one", "other"), List.of(0.0, 0.0), List.of(1.0, 1.0)));
        }
        Sample sample = new Sample(new Example("a", input, target), output);
        BufferedImage picture = SamplesPlot.draw(List.of(sample, sample), description);
        Set<Integer> colours = new HashSet<>();
        for (int x = 0; x < picture.getWidth(); x++) {
            for (int y = 0; y < picture.getHeight(); y++) {
                colours.add(picture.getRGB(x, y));
            }
        }
        assertTrue(colours.size() > 10, colours.size() + " colours");
        assertEquals(axes == 1 || !kind.hasClasses() || kind.perExample(), !colours.contains(PlotStyle.CYAN.getRGB()));
    }

    /** Where the pictures of a row are: input, target, network. */
    private static int pixel(BufferedImage picture, int column) {
        int wide = picture.getWidth() / 3;
        return picture.getRGB(column * wide + wide / 2, picture.getHeight() / 2) & 0xffffff;
    }

    @Test
    void coloursAreShownAndARowHasOneBrightness() {
        INDArray orange = Nd4j.concat(
                0,
                Nd4j.valueArrayOf(new long[] {1, 9, 9}, 250f),
                Nd4j.valueArrayOf(new long[] {1, 9, 9}, 120f),
                Nd4j.valueArrayOf(new long[] {1, 9, 9}, 10f));
        // one black and one white pixel tell the scale of the target, which the input lacks
        INDArray target = orange.dup();
        for (int c = 0; c < 3; c++) {
            target.putScalar(new int[] {c, 0, 0}, 0);
            target.putScalar(new int[] {c, 0, 1}, 255);
        }
        ModelDescription description = new ModelDescription(
                null, "regression", List.of(3L, 9L, 9L), null, List.of(), null, null, List.of(), Map.of());
        Sample sample = new Sample(new Example("a", orange, target), orange.mul(0.5));
        BufferedImage picture = SamplesPlot.draw(List.of(sample), description);
        assertEquals(pixel(picture, 1), pixel(picture, 0), "equal values are equally bright");
        int wanted = pixel(picture, 1);
        assertTrue((wanted >> 16 & 0xff) > 230 && (wanted & 0xff) < 30, Integer.toHexString(wanted));
        int half = pixel(picture, 2) >> 16 & 0xff;
        assertTrue(half > 110 && half < 140, "half as bright: " + half);
    }

    /** Points on the line of equality are drawn there, whatever their number. */
    @Test
    void numbersAreDrawnOverThoseWanted() {
        for (List<String> names : List.of(List.of("age"), List.of("age", "height", "weight"))) {
            Measures measures = new NumberMeasures(names);
            Assessment assessment = new Assessment(measures);
            for (int i = 0; i < 9; i++) {
                INDArray numbers = Nd4j.valueArrayOf(new long[] {names.size()}, (float) i);
                assessment.add("example", measures.count(numbers, numbers));
            }
            BufferedImage picture = ScatterPlot.draw(names, assessment);
            assertEquals(names.size() == 1 ? 640 : 1280, picture.getWidth());
            int points = 0;
            for (int x = 0; x < 640; x++) {
                for (int y = 0; y < 640; y++) {
                    Color color = new Color(picture.getRGB(x, y));
                    points += color.getBlue() - color.getRed() > 40 ? 1 : 0;
                }
            }
            assertTrue(points > 100, points + " blue pixels");
        }
    }
}
