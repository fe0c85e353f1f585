package io.mdnc4j.training.cli;

import io.mdnc4j.training.fit.Budget;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** How much to train: one of steps, epochs or minutes. */
final class BudgetOptions {
    private static final String STEPS = "--steps";
    private static final String EPOCHS = "--epochs";
    private static final String MINUTES = "--minutes";

    @Option(names = STEPS, paramLabel = "N", description = "train that many batches")
    Long steps;

    @Option(names = EPOCHS, paramLabel = "N", description = "train that many epochs")
    Long epochs;

    @Option(names = MINUTES, paramLabel = "M", description = "train that long; starting and saving do not count")
    Double minutes;

    /**
     * The budget; one given on the command line counts before one from a file.
     *
     * @param defaultMinutes the budget unless one is given
     * @throws ParameterException if there are several
     */
    Budget budget(ParseResult parsed, int stepsPerEpoch, double defaultMinutes) {
        Map<String, IntFunction<Budget>> known = Map.of(
                STEPS, per -> Budget.steps(steps),
                EPOCHS, per -> Budget.epochs(epochs, per),
                MINUTES, per -> Budget.minutes(minutes));
        List<String> given = known.keySet().stream()
                .filter(parsed::hasMatchedOption)
                .sorted()
                .toList();
        if (given.isEmpty()) {
            given = known.keySet().stream()
                    .filter(name -> parsed.commandSpec().findOption(name).getValue() != null)
                    .sorted()
                    .toList();
        }
        if (given.size() > 1) {
            throw new ParameterException(
                    parsed.commandSpec().commandLine(), String.join(" and ", given) + " exclude each other; give one");
        }
        if (given.isEmpty()) {
            minutes = defaultMinutes;
            return Budget.minutes(minutes);
        }
        return known.get(given.get(0)).apply(stepsPerEpoch);
    }

    boolean isGiven() {
        return steps != null || epochs != null || minutes != null;
    }

    /** Forgets what was given, so that the run's own file has no budget. */
    void forget() {
        steps = null;
        epochs = null;
        minutes = null;
    }

    /** Forgets the budgets of a file that lost against the command line, so that the run's own file has one. */
    void keepGiven(ParseResult parsed) {
        if (List.of(STEPS, EPOCHS, MINUTES).stream().anyMatch(parsed::hasMatchedOption)) {
            steps = parsed.hasMatchedOption(STEPS) ? steps : null;
            epochs = parsed.hasMatchedOption(EPOCHS) ? epochs : null;
            minutes = parsed.hasMatchedOption(MINUTES) ? minutes : null;
        }
    }
}
