package io.mdnc4j.training.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SavitzkyGolayTest {
    @Test
    void coefficientsOfWindow5Order2() {
        double[] expected = {-3 / 35.0, 12 / 35.0, 17 / 35.0, 12 / 35.0, -3 / 35.0};
        assertArrayEquals(expected, new SavitzkyGolay(5, 2).coefficients(), 1e-14);
        assertArrayEquals(expected, new SavitzkyGolay(5, 3).coefficients(), 1e-14);
    }

    @Test
    void polynomialsStayAsTheyAreUpToTheEnds() {
        for (int order = 2; order <= 5; order++) {
            int degree = order;
            double[] polynomial = IntStream.range(0, 60)
                    .mapToDouble(i -> Math.pow(i / 30.0 - 1, degree) + i)
                    .toArray();
            assertArrayEquals(polynomial, new SavitzkyGolay(39, order).filter(polynomial), 1e-11);
        }
    }

    @Test
    void endsComeFromTheFirstAndLastWindow() {
        // least squares lines through (0, 0, 3) and (0, 3, 0): values at the ends by hand
        double[] filtered = new SavitzkyGolay(3, 1).filter(new double[] {0, 0, 3, 0});
        assertArrayEquals(new double[] {-0.5, 1, 1, 1}, filtered, 1e-14);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThrows(IllegalArgumentException.class, () -> new SavitzkyGolay(4, 2));
        assertThrows(IllegalArgumentException.class, () -> new SavitzkyGolay(5, 5));
        assertThrows(IllegalArgumentException.class, () -> new SavitzkyGolay(5, 2).filter(new double[4]));
    }

    @Test
    void ratioIsPooledWithoutTheMeans() {
        double[][] clean = {{10, 12}, {-5, -9}};
        double[][] estimate = {{10, 13}, {-5, -9}};
        // signal 1 + 1 + 4 + 4, noise 1
        assertEquals(10, SignalToNoise.decibel(clean, estimate), 1e-12);
        assertEquals(Double.POSITIVE_INFINITY, SignalToNoise.decibel(clean, clean));
        assertThrows(IllegalArgumentException.class, () -> SignalToNoise.decibel(clean, new double[1][2]));
    }
}
