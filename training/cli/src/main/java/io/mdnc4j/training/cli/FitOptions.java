package io.mdnc4j.training.cli;

import io.mdnc4j.training.data.SampledBatches;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.Schedule;
import io.mdnc4j.training.fit.Updaters;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.task.Recipe;
import io.mdnc4j.zoo.Task;
import java.util.Objects;
import picocli.CommandLine.Option;

/** How a network is trained. */
final class FitOptions {
    @Option(names = "--batch", paramLabel = "N", description = "samples a batch (default: suits the data)")
    Integer batch;

    @Option(
            names = "--loss",
            paramLabel = "L",
            description =
                    "mse, mae or ssim (structural similarity) of values; cross-entropy, focal, dice or dice-ce (Dice"
                            + " and cross entropy) of classes (default: mse, cross-entropy, of positions dice-ce)")
    String loss;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            description = "average the gradients of N batches for each step (default: 1)")
    int accumulate = 1;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "highest learning rate (default: suits the data)")
    Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "S",
            description = "what the rate does after warming up: constant, cosine, step, poly or one-cycle (default:"
                    + " cosine)")
    String schedule = Schedule.COSINE.code();

    @Option(
            names = "--warm-up",
            paramLabel = "X",
            description = "part of the budget in which the rate rises from 0 (default: 0.05)")
    double warmUp = LearningRate.WARM_UP;

    @Option(
            names = "--updater",
            paramLabel = "U",
            description = "adam, adamw, amsgrad, adamax, adabelief, nadam, nesterovs, rmsprop or sgd (default: adam)")
    String updater = "adam";

    @Option(names = "--weight-decay", paramLabel = "X", description = "decoupled weight decay (default: 0, adamw 0.01)")
    Double weightDecay;

    @Option(
            names = "--clip-norm",
            paramLabel = "X",
            description = "shorten each layer's gradient to that L2 norm (default: 0, none)")
    double clipNorm;

    @Option(
            names = "--clip-value",
            paramLabel = "X",
            description = "limit the gradient's elements to that (default: 0, none)")
    double clipValue;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "stop after N epochs without a lower validation loss (default: 0, do not)")
    int patience;

    @Option(
            names = "--ema",
            paramLabel = "D",
            description = "validate and keep the exponential moving average of the parameters with that decay, such as"
                    + " 0.999 (default: 0, none)")
    double averaging;

    @Option(
            names = "--read-ahead",
            paramLabel = "N",
            description = "batches made in advance in background threads; 0: each when it is its turn (default: 4)")
    int readAhead = SampledBatches.AHEAD;

    @Option(names = "--save-every", paramLabel = "S", description = "least seconds between checkpoints (default: 30)")
    double saveEvery = 30;

    /** The loss; the usual one of the task if none is given, and set here for the run's file of options. */
    Losses loss(Task task) {
        Losses chosen = Losses.of(task, loss);
        loss = chosen.code();
        return chosen;
    }

    /** The settings; what is not given comes from a recipe. */
    FitConfiguration settings(Recipe recipe, long seed) {
        return new FitConfiguration(
                Objects.requireNonNullElse(batch, recipe.batch()),
                accumulate,
                new LearningRate(
                        Objects.requireNonNullElse(learningRate, recipe.learningRate()),
                        Schedule.parse(schedule),
                        warmUp),
                updater,
                Objects.requireNonNullElse(weightDecay, Updaters.parse(updater).weightDecay()),
                clipNorm,
                clipValue,
                patience,
                averaging,
                seed);
    }

    /** Sets what was not given to what is used, for the run's file of options. */
    FitConfiguration kept(FitConfiguration used) {
        batch = used.batch();
        learningRate = used.learningRate().peak();
        weightDecay = used.weightDecay();
        return used;
    }
}
