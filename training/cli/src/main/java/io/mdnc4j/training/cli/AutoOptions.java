package io.mdnc4j.training.cli;

import io.mdnc4j.training.options.SpecOptions;
import io.mdnc4j.training.task.AutoConfiguration;
import io.mdnc4j.training.task.AutoConfiguration.Choice;
import io.mdnc4j.training.task.SampleSizes;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.training.task.TrainingPlan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code train auto}: options get what an {@link AutoConfiguration} chose for the data, unless they were given, and each is said
 * with its reason. From then on the command goes on as if all had been given, so that its file of options says it all.
 */
final class AutoOptions {
    /** In the place of a network's name. */
    static final String AUTO = "auto";

    /** How texts become the types of options; those of geometry read texts themselves. */
    private static final Map<Class<?>, Function<String, Object>> TYPES =
            Map.of(Double.class, Double::valueOf, Integer.class, Integer::valueOf);

    private final CommandSpec spec;
    private final Consumer<String> notes;

    AutoOptions(CommandSpec spec, Consumer<String> notes) {
        this.spec = spec;
        this.notes = notes;
    }

    /** Sets an option, unless it was given. */
    void set(Choice choice) {
        String key = choice.option().replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT);
        ArgSpec arg = spec.args().stream()
                .filter(one -> ConfigFile.keys(one).contains(key))
                .findFirst()
                .orElseThrow();
        boolean given = arg instanceof OptionSpec && arg.getValue() != null;
        if (!given) {
            arg.setValue(TYPES.getOrDefault(arg.type(), text -> text).apply(choice.value()));
        }
        notes.accept(String.format(
                Locale.ROOT,
                "%-14s %s",
                key,
                given
                        ? ConfigFile.text(ConfigFile.MAPPER.valueToTree(arg.getValue())) + ": as given"
                        : choice.value() + ": " + choice.reason()));
    }

    /** Sets all of them. */
    void set(List<Choice> choices) {
        choices.forEach(this::set);
    }

    /**
     * The network for each size of samples.
     *
     * @param given what is given of its geometry
     * @param fixed whether the size is given
     */
    static Function<List<Long>, MeasuredCosts.Geometry> networks(
            AutoConfiguration auto, double width, SpecOptions given, boolean fixed) {
        return window -> {
            AutoConfiguration.Network network = auto.network(window, width, given.values(), fixed);
            return new MeasuredCosts.Geometry(network.model(), given.copyWith(network.values()));
        };
    }

    /** @param largest window that could be had */
    static Choice patch(TrainingPlan plan, List<Long> largest) {
        String patch = plan.window().stream().map(String::valueOf).collect(Collectors.joining(","));
        String steps = Double.isInfinite(plan.steps())
                ? "memory suffices"
                : String.format(Locale.ROOT, "memory suffices, and time for about %,.0f steps", plan.steps());
        return new Choice(
                "patch",
                patch,
                plan.window().equals(largest)
                        ? "the largest that all examples have, or that is usual: " + steps
                        : "the largest with which " + steps);
    }

    /** @param wanted samples that it would have if that did not matter */
    static Choice batch(TrainingPlan plan, int wanted) {
        return new Choice(
                "batch",
                String.valueOf(plan.batch()),
                plan.batch() < wanted ? "fewer, for memory or steps" : "the usual number for so many examples");
    }

    /** Sizes of samples that the networks for them take. */
    static SampleSizes sizes(AutoConfiguration auto, TrainingData data, SpecOptions given, boolean fixed) {
        List<List<Long>> windows = auto.windows().stream()
                .map(window -> auto.network(window, 1, given.values(), fixed).size())
                .distinct()
                .toList();
        return data.sizes() == null
                ? new SampleSizes(0, windows, window -> data)
                : new SampleSizes(data.sizes().elements(), windows, data.sizes().at());
    }
}
