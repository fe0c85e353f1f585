package io.mdnc4j.training.run;

import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.task.TrainingData;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a training is going to do, in words. */
public final class Plan {
    private static final double MINUTE = 60;

    private Plan() {}

    /**
     * What is planned.
     *
     * @param data what is trained on
     * @param settings how
     * @param budget how long
     * @return windows, batches and budget by their names
     */
    public static Map<String, String> of(TrainingData data, FitConfiguration settings, Budget budget) {
        Map<String, String> plan = new LinkedHashMap<>();
        long[] shape = data.inputShape();
        String size = Arrays.stream(shape).skip(1).mapToObj(String::valueOf).collect(Collectors.joining(" x "));
        if (!data.task().perExample()) {
            plan.put("window", size);
        }
        int steps = settings.stepsOf(
                data.training(settings.batch(), settings.seed()).batchesPerEpoch());
        String together = settings.accumulate() > 1 ? ", " + settings.accumulate() + " batches a step" : "";
        plan.put("batch", settings.batch() + together + String.format(Locale.ROOT, ", %,d steps an epoch", steps));
        plan.put("budget", budget(budget, steps));
        return plan;
    }

    private static String budget(Budget budget, int stepsPerEpoch) {
        return Double.isFinite(budget.steps())
                ? String.format(Locale.ROOT, "%,.0f steps, %.3g epochs", budget.steps(), budget.steps() / stepsPerEpoch)
                : String.format(Locale.ROOT, "%.3g minutes, as many steps as fit", budget.seconds() / MINUTE);
    }
}
