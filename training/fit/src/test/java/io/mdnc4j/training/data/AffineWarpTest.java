package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AffineWarpTest {
    private static final float[] IMAGE = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    private static final long[] SIZE = {3, 3};

    @Test
    void identityQuarterTurnAndShift() {
        AffineWarp same = AffineWarp.random(new AffineWarp.Range(0, 0, 0), new SplittableRandom(1), 1, 1);
        assertArrayEquals(IMAGE, same.linear(IMAGE, SIZE, SIZE, 0));
        AffineWarp turned = new AffineWarp(new double[][] {{0, 1}, {-1, 0}}, new double[] {1, 1});
        assertArrayEquals(new float[] {3, 6, 9, 2, 5, 8, 1, 4, 7}, turned.nearest(IMAGE, SIZE, SIZE, 0));
        AffineWarp shifted = new AffineWarp(new double[][] {{1, 0}, {0, 1}}, new double[] {1.5, 1});
        assertArrayEquals(
                new float[] {2.5f, 3.5f, 4.5f, 5.5f, 6.5f, 7.5f, 3.5f, 4, 4.5f}, shifted.linear(IMAGE, SIZE, SIZE, 0));
    }

    @Test
    void linearMapsOfLinearImagesAreExact() {
        long[] size = {9, 10, 11};
        float[] ramp = new float[9 * 10 * 11];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = 2 * (i / 110) - (i / 11 % 10) + 0.5f * (i % 11);
        }
        AffineWarp warp = AffineWarp.random(new AffineWarp.Range(0.4, 0.2, 0.1), new SplittableRandom(7), 4, 4.5, 5);
        float[] patch = warp.linear(ramp, size, new long[] {3, 3, 3}, -99);
        double[][] m = warp.matrix();
        double z = 4 + m[0][0] * 1 + m[0][2] * -1;
        double y = 4.5 + m[1][0] * 1 + m[1][2] * -1;
        double x = 5 + m[2][0] * 1 + m[2][2] * -1;
        assertEquals(2 * z - y + 0.5 * x, patch[2 * 9 + 3], 1e-4);
    }
}
