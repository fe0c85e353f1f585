package io.mdnc4j.blocks.internal.channelslast;

/**
 * Four outputs of a convolution with three taps along one axis, by six products in place of twelve: the minimal filtering F(4, 3)
 * of S. Winograd; A. Lavin and S. Gray, <a href="https://arxiv.org/abs/1509.09308">arXiv:1509.09308</a>. Along two axes 36
 * products stand for 144. All is linear: outputs are {@code A' ((G g) * (B' d))}, and gradients go the same way back.
 *
 * <p>The points are 0, the roots of one half and of two with both signs, and infinity. With them the rounding error of float is
 * less than half of that with the usual 0, 1, -1, 2, -2: about five times that of direct sums, 1.4e-6 of the outputs' root mean
 * square (256 channels).
 *
 * <p>Each method works on arrays of numbers side by side, by loops of which each becomes vector code.
 */
final class Winograd {
    /** Outputs of a tile along an axis. */
    static final int TILE = 4;

    /** Of the kernel. */
    static final int TAPS = 3;

    /** Inputs of a tile along an axis, and products. */
    static final int POINTS = TILE + TAPS - 1;

    private static final float A = (float) Math.sqrt(0.5);
    private static final float B = (float) Math.sqrt(2);

    private static final float NEAR = -1 / 1.5f;
    private static final float FAR = 1 / 6f;

    private Winograd() {}

    /** {@code v = B' d}, from {@value #POINTS} inputs. */
    static void input(float[][] d, float[][] v, int length) {
        bothSigns(d, 2, A, v[1], v[2], length);
        bothSigns(d, 0.5f, B, v[3], v[4], length);
        sum(d[4], 1, d[2], -2.5f, d[0], v[0], length);
        sum(d[5], 1, d[3], -2.5f, d[1], v[5], length);
    }

    private static void bothSigns(float[][] d, float p, float q, float[] plus, float[] minus, int length) {
        bothSigns(d[1], d[2], d[3], d[4], p, q, plus, minus, length);
    }

    /** {@code y = A' m}, to {@value #TILE} outputs. */
    static void output(float[][] m, float[][] y, float[][] scratch, int length) {
        bothSigns(m[1], m[2], 1, scratch[0], scratch[1], length);
        bothSigns(m[3], m[4], 1, scratch[2], scratch[3], length);
        sum(scratch[0], 1, scratch[2], 1, m[0], y[0], length);
        sum(scratch[1], A, scratch[3], B, y[1], length);
        sum(scratch[0], 0.5f, scratch[2], 2, y[2], length);
        sum(scratch[1], A / 2, scratch[3], 2 * B, m[5], y[3], length);
    }

    /** The gradient of {@link #output}: {@code m = A y}. */
    static void outputGradient(float[][] y, float[][] m, float[] even, float[] odd, int length) {
        System.arraycopy(y[0], 0, m[0], 0, length);
        sum(y[0], 1, y[2], 0.5f, even, length);
        sum(y[1], A, y[3], A / 2, odd, length);
        bothSigns(even, odd, 1, m[1], m[2], length);
        sum(y[0], 1, y[2], 2, even, length);
        sum(y[1], B, y[3], 2 * B, odd, length);
        bothSigns(even, odd, 1, m[3], m[4], length);
        System.arraycopy(y[3], 0, m[5], 0, length);
    }

    /** {@code u = G g}, from {@value #TAPS} weights. */
    static void weights(float[][] g, float[][] u, float[] even, int length) {
        System.arraycopy(g[0], 0, u[0], 0, length);
        sum(g[0], NEAR, g[2], NEAR / 2, even, length);
        bothSigns(even, g[1], A * NEAR, u[1], u[2], length);
        sum(g[0], FAR, g[2], 2 * FAR, even, length);
        bothSigns(even, g[1], B * FAR, u[3], u[4], length);
        System.arraycopy(g[2], 0, u[5], 0, length);
    }

    /** The gradient of {@link #weights}: {@code g = G' u}. */
    static void weightGradient(float[][] u, float[][] g, float[][] scratch, int length) {
        bothSigns(u[1], u[2], 1, scratch[0], scratch[1], length);
        bothSigns(u[3], u[4], 1, scratch[2], scratch[3], length);
        sum(scratch[0], NEAR, scratch[2], FAR, u[0], g[0], length);
        sum(scratch[1], A * NEAR, scratch[3], B * FAR, g[1], length);
        sum(scratch[0], NEAR / 2, scratch[2], 2 * FAR, u[5], g[2], length);
    }

    private static void sum(float[] a, float p, float[] b, float q, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = p * a[i] + q * b[i];
        }
    }

    private static void sum(float[] a, float p, float[] b, float q, float[] c, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = p * a[i] + q * b[i] + c[i];
        }
    }

    /** More arrays than here, and there is no vector code of JDK 17. */
    private static void bothSigns(
            float[] a, float[] b, float[] c, float[] d, float p, float q, float[] plus, float[] minus, int length) {
        for (int i = 0; i < length; i++) {
            float even = d[i] - p * b[i];
            float odd = q * (c[i] - p * a[i]);
            plus[i] = even + odd;
            minus[i] = even - odd;
        }
    }

    private static void bothSigns(float[] even, float[] odd, float q, float[] plus, float[] minus, int length) {
        for (int i = 0; i < length; i++) {
            float part = q * odd[i];
            plus[i] = even[i] + part;
            minus[i] = even[i] - part;
        }
    }
}
