package io.mdnc4j.training.task;

import java.util.ArrayList;
import java.util.List;

/**
 * The size of training samples and how many of them make a batch, where nobody has said: the largest that memory holds and
 * with which the time suffices for some hundred steps, for a network learns by steps.
 *
 * @param window size of a sample on each axis
 * @param batch samples a batch
 * @param steps that the time suffices for; infinite where it does not limit them
 */
public record TrainingPlan(List<Long> window, int batch, double steps) {
    /** Steps that a training should have, at least. */
    public static final int STEPS = 300;

    /** Batches are not made smaller than this for the sake of time. */
    private static final int MIN_BATCH = 2;

    /** What a training step takes. */
    public interface Costs {
        /**
         * Memory of a step.
         *
         * @param window size of a sample on each axis
         * @param batch samples a batch
         * @return MiB
         */
        double mebibytes(List<Long> window, int batch);

        /**
         * Time of a step.
         *
         * @param window size of a sample on each axis
         * @param batch samples a batch
         * @return seconds
         */
        double seconds(List<Long> window, int batch);
    }

    /**
     * Chooses window and batch. Windows become smaller before batches do.
     *
     * @param windows that suit the data, the largest first, at least one
     * @param batch samples a batch, or fewer
     * @param fixed whether it is not to be fewer
     * @param costs what a step takes
     * @param mebibytes memory that a step may take
     * @param seconds of the training; infinite where its steps are given, whose time then does not matter
     * @return the plan; the smallest of all where none fits
     */
    public static TrainingPlan choose(
            List<List<Long>> windows, int batch, boolean fixed, Costs costs, double mebibytes, double seconds) {
        List<TrainingPlan> plans = new ArrayList<>();
        windows.forEach(window -> plans.add(new TrainingPlan(window, batch, Double.POSITIVE_INFINITY)));
        List<Long> smallest = windows.get(windows.size() - 1);
        for (int fewer = batch / 2; fewer >= 1 && !fixed; fewer /= 2) {
            plans.add(new TrainingPlan(smallest, fewer, Double.POSITIVE_INFINITY));
        }
        TrainingPlan last = plans.get(plans.size() - 1);
        for (TrainingPlan plan : plans) {
            if (plan != last && costs.mebibytes(plan.window, plan.batch) > mebibytes) {
                continue;
            }
            double steps =
                    seconds == Double.POSITIVE_INFINITY ? seconds : seconds / costs.seconds(plan.window, plan.batch);
            boolean least = plan == last || plan.window.equals(smallest) && (fixed || plan.batch <= MIN_BATCH);
            if (steps >= STEPS || least) {
                return new TrainingPlan(plan.window, plan.batch, steps);
            }
        }
        throw new IllegalStateException("the last plan is always taken");
    }
}
