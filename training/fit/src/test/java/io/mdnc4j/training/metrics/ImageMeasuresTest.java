package io.mdnc4j.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ImageMeasuresTest {
    @Test
    void peakRatioByHand() {
        INDArray target = Nd4j.createFromArray(0f, 10f, 20f, 30f).reshape('c', 1, 2, 2);
        INDArray output = Nd4j.createFromArray(3f, 7f, 23f, 27f).reshape('c', 1, 2, 2);
        Measures measures = new ValueMeasures().and(new ImageMeasures());
        Map<String, Double> metrics = measures.metrics(measures.count(target, output));
        assertEquals(20, metrics.get("psnr_db"), 1e-9);
        assertEquals(3, metrics.get("mae"), 1e-9);
        assertEquals(1, measures.metrics(measures.count(target, target)).get("ssim"), 1e-12);
        assertTrue(new ImageMeasures()
                .metrics(new ImageMeasures().count(target.reshape('c', 1, 4), output.reshape('c', 1, 4)))
                .isEmpty());
    }

    @Test
    void similarityOfConstantImagesIsThatOfTheirLevels() {
        double[] dark = new double[144];
        double[] bright = new double[144];
        java.util.Arrays.fill(dark, 60);
        java.util.Arrays.fill(bright, 180);
        double c = 2.55 * 2.55;
        assertEquals(
                (2 * 60 * 180.0 + c) / (60 * 60.0 + 180 * 180 + c),
                new StructuralSimilarity(0, 255, 12, 12).mean(dark, bright),
                1e-12);
    }

    @Test
    void similarityByTheFormulaWithoutSeparation() {
        int height = 14;
        int width = 12;
        Random random = new Random(3);
        double[] x = random.doubles((long) height * width).toArray();
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = 0.7 * x[i] + 0.3 * random.nextDouble();
        }
        double sum = 0;
        for (int top = 0; top <= height - 11; top++) {
            for (int left = 0; left <= width - 11; left++) {
                sum += local(x, y, top * width + left, width);
            }
        }
        assertEquals(sum / 4 / 2, new StructuralSimilarity(0, 1, height, width).mean(x, y), 1e-12);
    }

    private static double local(double[] x, double[] y, int corner, int width) {
        double[] moments = new double[6];
        for (int i = 0; i < 121; i++) {
            double row = i / 11 - 5;
            double column = i % 11 - 5;
            double weight = Math.exp(-(row * row + column * column) / (2 * 1.5 * 1.5));
            double a = x[corner + i / 11 * width + i % 11];
            double b = y[corner + i / 11 * width + i % 11];
            double[] terms = {1, a, b, a * a, b * b, a * b};
            for (int m = 0; m < 6; m++) {
                moments[m] += weight * terms[m];
            }
        }
        double a = moments[1] / moments[0];
        double b = moments[2] / moments[0];
        double varianceA = moments[3] / moments[0] - a * a;
        double varianceB = moments[4] / moments[0] - b * b;
        double covariance = moments[5] / moments[0] - a * b;
        return (2 * a * b + 1e-4) * (2 * covariance + 9e-4) / ((a * a + b * b + 1e-4) * (varianceA + varianceB + 9e-4));
    }
}
