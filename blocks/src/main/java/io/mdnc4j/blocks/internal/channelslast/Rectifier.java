package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.Rows;

/** The negative slopes of the channels, for loops without branches. */
final class Rectifier {
    /** Times this, every positive normal float is at least 1: {@code clamp(x * STEEP, 0, 1)} is 1 for x > 0, else 0. */
    static final float STEEP = Float.MAX_VALUE;

    final float[] slope;
    /** What the identity, and what the absolute value counts: {@code max(x, 0) + slope min(x, 0) = linear x + even |x|}. */
    final float[] linear;

    final float[] even;

    Rectifier(Slope slopes, Lanes lanes) {
        slope = slopes.trained() == null
                ? lanes.repeat(slopes.constant())
                : lanes.repeat(Rows.copy(slopes.trained().value().get()), 0);
        linear = new float[lanes.period];
        even = new float[lanes.period];
        for (int i = 0; i < lanes.period; i++) {
            linear[i] = (1 + slope[i]) / 2;
            even[i] = (1 - slope[i]) / 2;
        }
    }
}
