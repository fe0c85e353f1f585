package io.mdnc4j.training.fit;

import io.mdnc4j.blocks.ArgumentException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A learning-rate range test (L. N. Smith, arXiv:1506.01186): the rate rises from step to step, by the same factor, until the
 * loss grows; the best rate is about where it falls fastest, by its part. The network is of no use afterwards.
 */
public final class RangeTest {
    /** The rate of the first step. */
    public static final double LEAST = 1e-6;

    /** The rate of the last step, if the loss allows it. */
    public static final double MOST = 1;

    /** Steps that are enough. */
    public static final long STEPS = 100;

    /** Fewer than these tell nothing. */
    private static final int FEWEST = 10;

    /** Times the lowest loss, at which the test ends. */
    private static final double TOO_MUCH = 4;

    /** Weight of the earlier losses in a smoothed one. */
    private static final double SMOOTHING = 0.9;

    private final List<Point> points;

    private RangeTest(List<Point> points) {
        this.points = points;
    }

    /**
     * A step of the test.
     *
     * @param rate its learning rate
     * @param loss its training loss
     * @param smoothed the loss as an exponential moving average, corrected for its start
     */
    public record Point(double rate, double loss, double smoothed) {}

    /**
     * Tests a network.
     *
     * @param graph the network, initialised; its parameters are spoilt
     * @param fitting where it learns
     * @param settings batches a step and seed; its learning rate does not count
     * @param steps how many at the most, at least 10; {@link #STEPS} are enough
     * @param stop asked before each step whether to stop
     * @return what was seen
     * @throws ArgumentException if there are too few steps
     */
    public static RangeTest run(
            ComputationGraph graph, Fitting fitting, FitConfiguration settings, long steps, BooleanSupplier stop) {
        ArgumentException.require(steps >= FEWEST, "steps", steps, "give " + FEWEST + " or more, such as " + STEPS);
        List<Point> points = new ArrayList<>();
        int perEpoch = settings.stepsOf(fitting.batchesPerEpoch());
        double average = 0;
        double lowest = Double.POSITIVE_INFINITY;
        for (long step = 0; step < steps && !stop.getAsBoolean(); step++) {
            double rate = LEAST * Math.pow(MOST / LEAST, (double) step / (steps - 1));
            LearningRate.set(graph, rate);
            Nd4j.getRandom().setSeed(settings.seed() + step);
            int first = (int) (step % perEpoch) * settings.accumulate();
            int count = Math.min(settings.accumulate(), fitting.batchesPerEpoch() - first);
            double loss = fitting.fit((int) (step / perEpoch) + 1, first, count);
            if (!Double.isFinite(loss)) {
                break;
            }
            average = SMOOTHING * average + (1 - SMOOTHING) * loss;
            double smoothed = average / (1 - Math.pow(SMOOTHING, step + 1.0));
            points.add(new Point(rate, loss, smoothed));
            lowest = Math.min(lowest, smoothed);
            if (smoothed > TOO_MUCH * lowest && points.size() >= FEWEST) {
                break;
            }
        }
        return new RangeTest(Collections.unmodifiableList(points));
    }

    /**
     * {@return the steps that had a finite loss, in order}
     */
    public List<Point> points() {
        return points;
    }

    /**
     * {@return the rate at which the smoothed loss falls by the largest factor over the logarithm of the rate, before it is
     * lowest; empty if it never falls}
     */
    public OptionalDouble suggestion() {
        int lowest = 0;
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).smoothed() < points.get(lowest).smoothed()) {
                lowest = i;
            }
        }
        double steepest = 0;
        OptionalDouble best = OptionalDouble.empty();
        // all steps are equally far apart on the logarithmic axis; the first averages are of too few losses to tell
        for (int i = FEWEST; i < lowest; i++) {
            double fall =
                    Math.log(points.get(i - 1).smoothed() / points.get(i + 1).smoothed());
            if (fall > steepest) {
                steepest = fall;
                best = OptionalDouble.of(points.get(i).rate());
            }
        }
        return best;
    }
}
