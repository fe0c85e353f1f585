package io.mdnc4j.training.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mdnc4j.blocks.ArgumentException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Against values of SciPy 1.17: scipy.ndimage.gaussian_filter(channel, sigma), median_filter(channel, width). */
class SmoothingFilterTest {
    private static INDArray image(long... shape) {
        float[] values = new float[2 * 5 * 7];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 37 % 101 / 10f;
        }
        return Nd4j.createFromArray(values).reshape('c', shape);
    }

    private static double[] at(INDArray array, long[]... places) {
        double[] values = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            values[i] = array.getDouble(places[i]);
        }
        return values;
    }

    @Test
    void planesAreThoseOfSciPy() {
        long[][] places = {{0, 0, 0}, {0, 2, 3}, {1, 4, 6}, {1, 1, 0}};
        INDArray image = image(2, 5, 7);
        assertArrayEquals(
                new double[] {2.084688, 4.780983, 4.668792, 5.885548},
                at(new SmoothingFilter.Gaussian(0.7).filter(image), places),
                1e-5);
        assertArrayEquals(
                new double[] {4.003364, 4.996012, 5.380323, 5.619995},
                at(new SmoothingFilter.Gaussian(1.5).filter(image), places),
                1e-5);
        INDArray three = new SmoothingFilter.Median(3).filter(image);
        assertArrayEquals(new double[] {3.7, 4.3, 3.5, 7.6}, at(three, places), 1e-5);
        assertEquals(344.1, three.sumNumber().doubleValue(), 1e-3);
        INDArray five = new SmoothingFilter.Median(5).filter(image);
        assertArrayEquals(new double[] {5.0, 5.0, 5.5, 5.6}, at(five, places), 1e-5);
        assertEquals(347.9, five.sumNumber().doubleValue(), 1e-3);
    }

    @Test
    void volumesAreThoseOfSciPy() {
        long[][] places = {{0, 0, 0, 0}, {0, 1, 2, 3}};
        INDArray volume = image(1, 2, 5, 7);
        assertArrayEquals(
                new double[] {4.118301, 4.813119}, at(new SmoothingFilter.Gaussian(1).filter(volume), places), 1e-5);
        INDArray median = new SmoothingFilter.Median(3).filter(volume);
        assertArrayEquals(new double[] {3.7, 4.9}, at(median, places), 1e-5);
        assertEquals(341.4, median.sumNumber().doubleValue(), 1e-3);
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThrows(ArgumentException.class, () -> new SmoothingFilter.Gaussian(0));
        assertThrows(ArgumentException.class, () -> new SmoothingFilter.Gaussian(Double.NaN));
        assertThrows(ArgumentException.class, () -> new SmoothingFilter.Median(4));
    }
}
