package io.mdnc4j.training.fit;

import io.mdnc4j.blocks.ArgumentException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A learning rate over the part of the budget that is used: a linear warm-up, then a schedule.
 *
 * @param peak the highest rate
 * @param schedule what follows the warm-up
 * @param warmUp part of the budget that warms up, less than 1
 */
public record LearningRate(double peak, Schedule schedule, double warmUp) {
    /** The usual part of the budget that warms up. */
    public static final double WARM_UP = 0.05;

    /** The lowest rate as a part of the highest; a rate of zero would waste the step. */
    static final double FLOOR = 1e-3;

    /**
     * Checks that both numbers are in range.
     *
     * @param peak more than 0, finite
     * @param schedule what follows the warm-up
     * @param warmUp 0 or more, less than 1
     * @throws ArgumentException if the rate is not positive and finite, or the warm-up not in [0, 1)
     */
    public LearningRate {
        ArgumentException.require(
                peak > 0 && Double.isFinite(peak), "learningRate", peak, "give more than 0, and finite, such as 0.001");
        ArgumentException.require(
                warmUp >= 0 && warmUp < 1,
                "warmUp",
                warmUp,
                "give a part of the budget, 0 or more and less than 1, such as 0.05");
    }

    /**
     * A warm-up of {@value #WARM_UP}, then half a cosine to nearly zero.
     *
     * @param peak the highest rate, more than 0 and finite
     * @throws ArgumentException if it is not
     */
    public LearningRate(double peak) {
        this(peak, Schedule.COSINE, WARM_UP);
    }

    /**
     * The rate at one point.
     *
     * @param fraction part of the budget used, 0 to 1
     * @return a thousandth of the peak at least
     */
    public double at(double fraction) {
        double factor = fraction < warmUp ? fraction / warmUp : schedule.at((fraction - warmUp) / (1 - warmUp));
        return peak * Math.max(factor, FLOOR);
    }

    /**
     * The present rate of a network.
     *
     * @param graph the network, initialised
     * @return that of its first updater that has one, else NaN
     */
    public static double of(ComputationGraph graph) {
        for (UpdaterBlock block : graph.getUpdater().getUpdaterBlocks()) {
            for (UpdaterBlock.ParamState parameter : block.getLayersAndVariablesInBlock()) {
                IUpdater updater = parameter.getLayer().getConfig().getUpdaterByParam(parameter.getParamName());
                if (updater.hasLearningRate()) {
                    return updater.getLearningRate(graph.getIterationCount(), graph.getEpochCount());
                }
            }
        }
        return Double.NaN;
    }

    /**
     * Sets the rate of a network's updaters where they hold it. {@code ComputationGraph.setLearningRate} would rebuild the
     * updater and copy its state, too much for every step.
     *
     * <p>All layers get it, not only the first of each block, whose updater is the one that is used: DL4J groups layers by
     * equal updaters when it reads a network, and the saved state fits the present groups only.
     */
    static void set(ComputationGraph graph, double rate) {
        for (UpdaterBlock block : graph.getUpdater().getUpdaterBlocks()) {
            for (UpdaterBlock.ParamState parameter : block.getLayersAndVariablesInBlock()) {
                IUpdater updater = parameter.getLayer().getConfig().getUpdaterByParam(parameter.getParamName());
                if (updater.hasLearningRate()) {
                    updater.setLrAndSchedule(rate, null);
                }
            }
        }
    }
}
