package io.mdnc4j.training.fit;

import io.mdnc4j.blocks.Coded;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** How the learning rate changes over a training, as a part of the highest rate. */
public enum Schedule implements Coded {
    /** The same all the time. */
    CONSTANT(done -> 1),
    /** Half a cosine from the highest rate to nearly zero. Loshchilov and Hutter, arXiv:1608.03983. */
    COSINE(done -> cosine(1, 0, done)),
    /** A tenth after half of the training, a hundredth after three quarters. */
    STEP(done -> done < 1 / 2.0 ? 1 : done < 3 / 4.0 ? 1 / 10.0 : 1 / 100.0),
    /** {@code (1 - t)^0.9}. */
    POLY(done -> Math.pow(1 - done, 0.9)),
    /**
     * Half a cosine from 1/25 up to the highest rate in the first 30%, another down to nearly zero. Smith and Topin,
     * arXiv:1708.07120.
     */
    ONE_CYCLE(done -> done < 0.3 ? cosine(1 / 25.0, 1, done / 0.3) : cosine(1, 0, (done - 0.3) / 0.7));

    private final DoubleUnaryOperator shape;

    Schedule(DoubleUnaryOperator shape) {
        this.shape = shape;
    }

    private static double cosine(double from, double to, double done) {
        return to + (from - to) * (1 + Math.cos(Math.PI * done)) / 2;
    }

    /** The name as an option: {@code cosine}, {@code one-cycle} ... */
    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The schedule of that name.
     *
     * @param code its name, in any case
     * @return the schedule
     * @throws io.mdnc4j.blocks.ArgumentException if there is none
     */
    public static Schedule parse(String code) {
        return Coded.parse(Schedule.class, "schedule", code);
    }

    /**
     * {@return the part of the highest rate}
     *
     * @param done part of the training after the warm-up that is done, 0 to 1
     */
    double at(double done) {
        return shape.applyAsDouble(done);
    }
}
