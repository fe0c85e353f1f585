package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.Coded;
import java.util.Arrays;
import java.util.Locale;

/**
 * How much the outputs of overlapping windows count where they meet: the result is their mean with these weights. The weight of
 * a position is the product of its weights along the axes.
 */
public enum Blend implements Coded {
    /** {@code sin²(π (i + 0.5) / length)}, at least 0.001: borders of the whole array lie in no window's middle. */
    HANN {
        @Override
        double weight(int i, int length) {
            double sine = Math.sin(Math.PI * (i + 0.5) / length);
            return Math.max(sine * sine, MIN_HANN);
        }
    },
    /**
     * {@code exp(-d² / 2σ²)} at the distance {@code d = i - length / 2} (rounded down) from the middle, with {@code σ = length /
     * 8}: the importance of nnU-Net's predictions (Isensee et al., Nature Methods 18, 2021), of which it shares the centre.
     */
    GAUSSIAN {
        @Override
        double weight(int i, int length) {
            double distance = (i - length / 2) * SIGMAS / length;
            return Math.exp(-distance * distance / 2);
        }
    },
    /** 1 everywhere: the plain mean. */
    CONSTANT {
        @Override
        double weight(int i, int length) {
            return 1;
        }
    };

    private static final double MIN_HANN = 1e-3;

    /** Standard deviations that a window is long. */
    private static final double SIGMAS = 8;

    abstract double weight(int i, int length);

    /** The name in lower case: {@code hann}, {@code gaussian}, {@code constant}. */
    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The weights along one axis.
     *
     * @param length of a window along that axis, at least 1
     * @return that many weights, all positive
     */
    public double[] weights(int length) {
        double[] weights = new double[length];
        Arrays.setAll(weights, i -> weight(i, length));
        return weights;
    }
}
