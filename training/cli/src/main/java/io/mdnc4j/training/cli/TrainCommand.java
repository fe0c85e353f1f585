package io.mdnc4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.Tuning;
import io.mdnc4j.blocks.backends.NativeConvolutions;
import io.mdnc4j.blocks.io.PlainText;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.Fitting;
import io.mdnc4j.training.fit.LocalFitting;
import io.mdnc4j.training.fit.MemoryLimit;
import io.mdnc4j.training.fit.RangeTest;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.options.SpecOptions;
import io.mdnc4j.training.run.CrossValidation;
import io.mdnc4j.training.run.ModelFactory;
import io.mdnc4j.training.run.Plan;
import io.mdnc4j.training.run.Progress;
import io.mdnc4j.training.run.RateRange;
import io.mdnc4j.training.run.Results;
import io.mdnc4j.training.run.Run;
import io.mdnc4j.training.run.RunFolder;
import io.mdnc4j.training.run.TrainingPages;
import io.mdnc4j.training.task.AutoConfiguration;
import io.mdnc4j.training.task.DataFolds;
import io.mdnc4j.training.task.DataOverview;
import io.mdnc4j.training.task.DataSource;
import io.mdnc4j.training.task.Recipe;
import io.mdnc4j.training.task.SampleSizes;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.training.task.TrainingPlan;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Task;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Trains a network and leaves the results in a folder. Subclasses train elsewhere than on this machine. */
@Command(
        name = "train",
        description = "Trains a network and measures it on examples that it has not seen, beside simple methods.",
        footer = {
            "",
            "Writes OUTPUT/NAME/: report.html and its pictures, metrics.json, history.csv, model.zip (the best network),"
                    + " config.json (repeats the run with --config) and checkpoint.zip (for --resume)."
        })
public class TrainCommand implements Callable<Integer> {
    private static final String FIND_RATE = "--find-lr";
    private static final String DRY_RUN = "--dry-run";
    private static final String DIMENSIONS = "--dimensions";
    private static final double MINUTE = 60;
    private static final String FOLDS = "--folds";
    private static final String PRECISION = "--precision";
    private static final String NO_POSTPROCESSING = "--no-postprocessing";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    /** Where a run is and how it came to be there is not for the next one to repeat. */
    private static final Set<String> NOT_KEPT = Set.of(
            "help",
            "config",
            "resume",
            "name",
            "output",
            "store",
            "find-lr",
            "dry-run",
            "dimensions",
            "precision",
            "stacktrace",
            ViewOptions.UI,
            ViewOptions.PORT);

    /** What may change when a run goes on: how long, how fast and on what; the network and its data have all else. */
    private static final Set<String> CHANGEABLE = Set.of(
            "steps",
            "epochs",
            "minutes",
            "patience",
            "learning_rate",
            "schedule",
            "warm_up",
            "save_every",
            "no_postprocessing",
            "read_ahead",
            "cache",
            "max_array",
            "threads",
            "backend",
            "workers",
            ConfigFile.KERNELS);

    /** Part of the memory that a step may take. */
    private static final double MEMORY = 0.5;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "name of the network, or auto to have it and all that is not given chosen to suit the data")
    private String model;

    @Mixin
    private DataOptions.OfSearch source;

    @Option(names = "--name", paramLabel = "N", description = "name of the run (default: MODEL-D-time)")
    private String name;

    @Option(names = "--output", paramLabel = "DIR", description = "folder of all runs (default: runs)")
    private Path output;

    @Mixin
    private SpecOptions geometry;

    @Option(
            names = FOLDS,
            paramLabel = "K",
            description =
                    "train K networks, each tested on another part of the examples (grouped, and with its share of every"
                            + " class), so that every example is tested once; model.zip averages all of them. --steps, --epochs or"
                            + " --minutes are those of each fold")
    private Integer folds;

    @Mixin
    private BudgetOptions budgets;

    @Mixin
    private FitOptions fit;

    @Option(
            names = NO_POSTPROCESSING,
            description =
                    "do not look, on the validation part, for a way to clean the classes of a segmentation (largest"
                            + " component, least size, holes filled) that predict and evaluate then apply")
    private boolean noPostprocessing;

    @Option(
            names = ConfigFile.RESUME,
            paramLabel = "DIR",
            description = "continue the run in that folder, with its options where none are given")
    private Path resume;

    @Option(
            names = FIND_RATE,
            description =
                    "do not train, but make 100 steps (or --steps) of rising learning rate, and suggest the one at"
                            + " which the loss falls fastest; leaves learning-rate.png and .csv, and config.json with that rate")
    private boolean findRate;

    @Option(
            names = DRY_RUN,
            description =
                    "do not train, but say what would be done, and leave config.json, with which --config does it")
    private boolean dryRun;

    /** There is no choice, but what other commands have is answered in words. */
    @Option(names = PRECISION, hidden = true)
    private String precision;

    @Mixin
    private ViewOptions view;

    @Mixin
    private CommonOptions common;

    private boolean overviewSaid;
    private Map<String, String> kernels = Map.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        common.apply();
        requireObeyed();
        if (resume == null) {
            return train(null);
        }
        try (RunFolder old = RunFolder.existing(resume)) {
            requireSameOptions(old, false);
            return train(old);
        }
    }

    /** @param old the folder of the run to continue, {@code null} for a new one */
    private int train(RunFolder old) {
        TrainingData data = model.equalsIgnoreCase(AutoOptions.AUTO) ? chosen() : null;
        DataFolds parted = folds == null ? null : described().folds(folds, this::note);
        if (parted != null) {
            overviewSaid = false; // what was said, if anything, was of other parts
            data = planned(parted.get(0), described());
        } else if (data == null) {
            data = planned(load(described()), described());
        }
        if (noPostprocessing && data.task() != Task.SEGMENTATION) {
            throw new ParameterException(
                    spec.commandLine(),
                    NO_POSTPROCESSING + ": " + data.task().code()
                            + " has no classes of positions of which one applies, so nothing is cleaned; leave it out");
        }
        Recipe recipe = data.recipes().apply(ModelName.parse(model));
        ModelFactory factory = Models.named(model, geometry, data, recipe, fit.loss(data.task()));
        FitConfiguration settings = settings(fit.kept(fit.settings(recipe, common.seed())));
        EpochIterator batches = data.training(settings.batch(), common.seed());
        // refuses what it cannot do, before there is a folder
        batches.readAhead(fit.readAhead);
        int stepsPerEpoch = settings.stepsOf(batches.batchesPerEpoch());
        Budget budget = budgets.budget(spec.commandLine().getParseResult(), stepsPerEpoch, recipe.minutes());
        // last, so that no empty folder is left behind when something else is refused
        requireSameData(data);
        if (findRate) {
            return findRate(data, factory, settings, batches);
        }
        if (dryRun) {
            return tell(
                    data,
                    parted == null
                            ? Plan.of(data, settings, budget)
                            : CrossValidation.plan(parted, data, settings, budget));
        }
        kernels = kernels(data, factory, settings);
        try (TrainingPages pages = view.open().orElse(null)) {
            if (old != null) {
                requireSameOptions(old, true);
            }
            try (RunFolder folder = old == null ? newFolder(data) : old) {
                return parted == null
                        ? train(data, factory, settings, budget, pages, folder)
                        : train(at(parted, data), factory, settings, pages, folder);
            }
        }
    }

    /** The ways of convolutions of the run that is repeated or goes on; else, where they are to be tried, the fastest. */
    private Map<String, String> kernels(TrainingData data, ModelFactory factory, FitConfiguration settings) {
        Optional<Map<String, String>> before = ConfigFile.kernels(common.config, resume);
        if (before.isPresent()) {
            if (!NativeConvolutions.concern(before.get())) {
                note(
                        "the ways of convolutions of that run are of another processor, number of threads or version: fixed"
                                + " rules are used in their place, so last bits may differ");
            } else if (before.get().isEmpty() && Tuning.current() == Tuning.ON) {
                note("ways of convolutions by fixed rules, as in that file, and not by trial");
            }
            return before.get();
        }
        if (Tuning.current() == Tuning.OFF
                || !(factory.create(data.inputShape(), settings, settings.seed())
                        instanceof InPlaceComputationGraph network)) {
            return Map.of();
        }
        long[] sample = data.inputShape();
        long[] shape = new long[sample.length + 1];
        shape[0] = settings.batch();
        System.arraycopy(sample, 0, shape, 1, sample.length);
        return network.tuneKernels(shape);
    }

    /** All folds in samples of the size that was chosen for the first. */
    private static DataFolds at(DataFolds folds, TrainingData first) {
        List<Long> shape = first.description().inputShape();
        List<Long> window = shape.subList(1, shape.size());
        return new DataFolds(folds.count(), fold -> {
            TrainingData data = folds.get(fold);
            return data.sizes() == null ? data : data.sizes().at().apply(window);
        });
    }

    /** Trains and measures in folds. */
    private int train(
            DataFolds data, ModelFactory factory, FitConfiguration settings, TrainingPages pages, RunFolder folder) {
        TrainingData first = data.get(0);
        folder.fix(fixed(first.fingerprint()));
        CrossValidation validation = new CrossValidation(model, data, folder, settings);
        validation.postprocessing(!noPostprocessing);
        validation.notes(this::note);
        validation.prepare(run -> {
            run.saveEvery(fit.saveEvery);
            run.readAhead(fit.readAhead);
            run.kernels(kernels);
        });
        validation.check(factory);
        Function<TrainingData, Budget> budget = fold -> budgets.budget(
                spec.commandLine().getParseResult(),
                settings.stepsOf(fold.training(settings.batch(), 0).batchesPerEpoch()),
                fold.recipes().apply(ModelName.parse(model)).minutes());
        try (Interruption interruption = new Interruption()) {
            folder.writeJson(RunFolder.CONFIG, config(first.fingerprint()));
            describe(first, CrossValidation.plan(data, first, settings, budget.apply(first)));
            int[] last = {0};
            Optional<Results> result = validation.run(factory, budget, (fold, fresh, run, limit) -> {
                last[0] = fold + 1;
                note("fold " + (fold + 1) + " of " + data.count());
                noteUsedUp(run, limit);
                if (pages != null) {
                    pages.show(run.graph());
                    note("training UI at " + pages.address());
                }
                try (Progress progress =
                        ProgressBars.on(System.err, limit, run.state(), settings.batch() * settings.accumulate())) {
                    return run.train(
                            limit, fold == 0 ? watched(progress, fresh, settings) : progress, interruption::requested);
                }
            });
            if (result.isEmpty()) {
                return interrupted("in fold " + last[0] + " of " + data.count(), folder);
            }
            PrintWriter out = spec.commandLine().getOut();
            out.printf(Locale.ROOT, "%s: %d folds, every example tested once%n", model, data.count());
            report(result.get(), folder.path());
            return 0;
        }
    }

    private int interrupted(String where, RunFolder folder) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf(
                "%s: interrupted %s; continue with: %s train --resume %s%n",
                Main.NAME, where, Main.NAME, folder.path());
        err.flush();
        return Errors.INTERRUPTED;
    }

    /** Tests learning rates; leaves the options with the one that is suggested, so that the file trains with it. */
    private int findRate(TrainingData data, ModelFactory factory, FitConfiguration settings, EpochIterator batches) {
        ParseResult parsed = spec.commandLine().getParseResult();
        long steps = parsed.hasMatchedOption("--steps") ? budgets.steps : RangeTest.STEPS;
        ComputationGraph graph = factory.create(data.inputShape(), settings, settings.seed());
        Fitting fitting = new LocalFitting(graph, batches, data.validation(settings.batch()));
        try (RunFolder folder = newFolder(data);
                Interruption interruption = new Interruption()) {
            RangeTest test = RangeTest.run(graph, fitting, settings, steps, interruption::requested);
            if (interruption.requested()) {
                return Errors.INTERRUPTED;
            }
            OptionalDouble rate = test.suggestion();
            if (rate.isEmpty()) {
                throw new DataException("the loss of " + model + " fell at no learning rate from " + RangeTest.LEAST
                        + " on; look at the data, or give more --steps");
            }
            RateRange.write(test, model + ", " + data.name(), folder);
            fit.learningRate = Double.valueOf(String.format(Locale.ROOT, "%.2g", rate.getAsDouble()));
            budgets.forget();
            folder.writeJson(RunFolder.CONFIG, config(data.fingerprint()));
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "learning rate %s; train with it: --config %s%n", fit.learningRate, folder.file(RunFolder.CONFIG));
            out.printf("results in %s%n", folder.path());
            out.flush();
            return 0;
        }
    }

    /**
     * The data in samples, and batches, of a size that suits machine and budget, where none is given. What is chosen becomes an
     * option, so that a run that goes on, or is repeated, has the same.
     */
    private TrainingData planned(TrainingData data, DataSource described) {
        SampleSizes sizes = data.sizes();
        if (sizes == null || resume != null || sizes.windows().size() == 1 && fit.batch != null) {
            return data;
        }
        Recipe recipe = data.recipes().apply(ModelName.parse(model));
        Losses loss = Losses.of(data.task(), fit.loss);
        double seconds = budgets.budget(spec.commandLine().getParseResult(), 1, recipe.minutes())
                .seconds();
        FitConfiguration measured = fit.settings(recipe, common.seed());
        TrainingPlan plan = new MeasuredCosts(model, geometry, sizes, loss, measured)
                .plan(fit.batch != null, MEMORY * MemoryLimit.mebibytes(), seconds);
        if (plan.batch() != measured.batch()) {
            fit.batch = plan.batch();
        }
        if (sizes.windows().size() == 1) {
            return data;
        }
        source.patch = plan.window().stream().map(String::valueOf).collect(Collectors.joining(","));
        note(MeasuredCosts.told(plan) + "; --patch and --batch give others");
        cut(described.withPatch(plan.window()));
        return sizes.at().apply(plan.window());
    }

    private DataSource described() {
        return source.source().withDimensions(ModelName.parse(model).dims().count());
    }

    /** The data, with the network and all options that were not given chosen to suit them, and said. */
    private TrainingData chosen() {
        AutoOptions options = new AutoOptions(spec, this::note);
        DataSource described = source.source();
        boolean patchGiven = source.patch != null;
        if (described.isFiles()) {
            // what the reader has to say is said when they are loaded
            Consumer<String> quiet = line -> {};
            TrainingData seen = described.look(quiet);
            overview(seen);
            AutoConfiguration.Choice answer = new AutoConfiguration(seen).task();
            options.set(source.task == null ? answer : answer.of("task"));
            if (!source.source().equals(described)) {
                seen = source.source().look(quiet);
            }
            options.set(new AutoConfiguration(seen).samples());
            described = source.source();
        }
        TrainingData data = load(described);
        AutoConfiguration auto = new AutoConfiguration(data);
        options.set(auto.training());
        SampleSizes sizes = AutoOptions.sizes(auto, data, geometry, patchGiven);
        boolean timed = !budgets.isGiven();
        double seconds = timed
                ? MINUTE * auto.usualMinutes()
                : budgets.budget(spec.commandLine().getParseResult(), 1, auto.usualMinutes())
                        .seconds();
        double width = 1;
        MeasuredCosts costs = costs(auto, width, sizes, data);
        TrainingPlan plan = costs.plan(fit.batch != null, MEMORY * MemoryLimit.mebibytes(), seconds);
        if (auto.width(plan.steps()) != width) {
            width = auto.width(plan.steps());
            costs = costs(auto, width, sizes, data);
            plan = costs.plan(fit.batch != null, MEMORY * MemoryLimit.mebibytes(), seconds);
        }
        Optional<AutoConfiguration.Choice> minutes = Optional.empty();
        if (timed) {
            minutes =
                    Optional.of(auto.minutes(plan.window(), plan.batch(), costs.seconds(plan.window(), plan.batch())));
            seconds = MINUTE * Double.parseDouble(minutes.get().value());
            plan = costs.plan(fit.batch != null, MEMORY * MemoryLimit.mebibytes(), seconds);
        }
        options.set(auto.network(plan.window(), width, geometry.values(), patchGiven)
                .choices());
        if (described.isFiles() && !data.task().perExample()) {
            options.set(AutoOptions.patch(plan, sizes.windows().get(0)));
        }
        options.set(AutoOptions.batch(plan, auto.batch()));
        minutes.ifPresent(options::set);
        cut(described.isFiles() ? described.withPatch(plan.window()) : described);
        return sizes.at().apply(plan.window());
    }

    private MeasuredCosts costs(AutoConfiguration auto, double width, SampleSizes sizes, TrainingData data) {
        Function<List<Long>, MeasuredCosts.Geometry> networks =
                AutoOptions.networks(auto, width, geometry, source.patch != null);
        Recipe recipe = data.recipes()
                .apply(ModelName.parse(networks.apply(sizes.windows().get(0)).model()));
        return new MeasuredCosts(
                networks,
                sizes,
                Losses.of(data.task(), fit.loss),
                fit.settings(recipe.withBatch(auto.batch()), common.seed()));
    }

    /** Says what would be done, and leaves the options with which it is. */
    private int tell(TrainingData data, Map<String, String> plan) {
        describe(data, plan);
        try (RunFolder folder = newFolder(data)) {
            folder.writeJson(RunFolder.CONFIG, config(data.fingerprint()));
            PrintWriter out = spec.commandLine().getOut();
            out.printf("train with it: --config %s%n", folder.file(RunFolder.CONFIG));
            out.flush();
            return 0;
        }
    }

    private void overview(TrainingData data) {
        data.overview().lines().forEach(this::note);
        overviewSaid = true;
    }

    private void describe(TrainingData data, Map<String, String> plan) {
        if (!overviewSaid) {
            overview(data);
        }
        DataOverview.lines(plan).forEach(this::note);
    }

    /** @param pages where to show it, {@code null} for nowhere */
    private int train(
            TrainingData data,
            ModelFactory factory,
            FitConfiguration settings,
            Budget budget,
            TrainingPages pages,
            RunFolder folder) {
        folder.fix(fixed(data.fingerprint()));
        Run run = new Run(model, data, folder, settings);
        run.saveEvery(fit.saveEvery);
        run.readAhead(fit.readAhead);
        run.postprocessing(!noPostprocessing);
        run.kernels(kernels);
        prepare(run, folder, settings);
        try (Interruption interruption = new Interruption()) {
            if (resume == null) {
                run.start(factory);
            } else {
                run.resume(factory);
            }
            folder.writeJson(RunFolder.CONFIG, config(data.fingerprint()));
            if (pages != null) {
                pages.show(run.graph());
                note("training UI at " + pages.address());
            }
            describe(data, Plan.of(data, settings, budget));
            noteUsedUp(run, budget);
            Optional<Results> result;
            try (Progress progress =
                    ProgressBars.on(System.err, budget, run.state(), settings.batch() * settings.accumulate())) {
                result = run.run(budget, watched(progress, data, settings), interruption::requested);
            }
            if (result.isEmpty()) {
                return interrupted("after step " + run.state().step(), folder);
            }
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    Locale.ROOT,
                    "%s: %,d parameters, %d epochs (%d steps) in %.0f s, best after epoch %d%n",
                    model,
                    run.graph().numParams(),
                    run.state().epoch(),
                    run.state().step(),
                    run.state().seconds(),
                    run.state().bestEpoch());
            report(result.get(), folder.path());
            return 0;
        }
    }

    /** Takes note of the size of samples that was chosen; does nothing here. */
    protected void cut(DataSource data) {
        // they are cut here
    }

    /** Reads the data. */
    protected TrainingData load(DataSource data) {
        return data.load(this::note);
    }

    private TrainingObserver watched(Progress progress, TrainingData data, FitConfiguration settings) {
        return data.sizes() == null || resume != null
                ? progress
                : new PassesWarning(
                        progress,
                        data.sizes(),
                        data.description().inputShape().subList(1, data.inputShape().length),
                        settings.batch() * settings.accumulate(),
                        this::note);
    }

    /** Options that have no effect where this command trains, with the reason; none by default. */
    protected Map<String, String> withoutEffect() {
        return Map.of();
    }

    /** Refuses options that would be passed over; those of a run that goes on, which had no effect before, are named. */
    private void requireObeyed() {
        ParseResult parsed = spec.commandLine().getParseResult();
        withoutEffect().forEach((name, reason) -> {
            OptionSpec option = spec.findOption(name);
            Object value = option.getValue();
            boolean unusual = value != null && !value.equals(option.initialValue()) && !value.equals(false);
            if (parsed.hasMatchedOption(name) || unusual && resume == null) {
                throw new ParameterException(spec.commandLine(), name + ": " + value + "; leave it out: " + reason);
            }
            if (unusual) {
                note(name + " has no effect: " + reason);
            }
        });
        if (precision != null && !precision.equalsIgnoreCase(InferencePrecision.FLOAT.code())) {
            throw new ParameterException(
                    spec.commandLine(),
                    PRECISION + ": " + precision
                            + "; leave it out: training is in float, bf16 is for predict, evaluate and bench");
        }
        if (source.dimensions != null && !model.equalsIgnoreCase(AutoOptions.AUTO)) {
            throw new ParameterException(
                    spec.commandLine(),
                    DIMENSIONS + ": " + source.dimensions + "; leave it out: " + model + " says it");
        }
        if (dryRun && (findRate || resume != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    DRY_RUN + ": has no effect with " + (findRate ? FIND_RATE : ConfigFile.RESUME)
                            + "; leave one of them out");
        }
        if (findRate) {
            for (String name : List.of(ConfigFile.RESUME, FOLDS, "--epochs", "--minutes", "--learning-rate", "--ui")) {
                if (parsed.hasMatchedOption(name)) {
                    throw new ParameterException(
                            spec.commandLine(), name + ": has no effect with " + FIND_RATE + "; leave one of them out");
                }
            }
        }
        if (resume != null) {
            for (String name : List.of("--name", "--output")) {
                if (parsed.hasMatchedOption(name)) {
                    throw new ParameterException(
                            spec.commandLine(), name + ": the run in " + resume + " has its own; leave it out");
                }
            }
        }
    }

    /** The settings that are used in place of those given. */
    protected FitConfiguration settings(FitConfiguration given) {
        return given;
    }

    /** Changes a run before it starts. */
    protected void prepare(Run run, RunFolder folder, FitConfiguration settings) {
        // trains here
    }

    private RunFolder newFolder(TrainingData data) {
        String folder = name != null
                ? name
                : model.toLowerCase(Locale.ROOT) + "-" + data.name() + "-" + TIME.format(LocalDateTime.now());
        return RunFolder.create(Objects.requireNonNullElse(output, Path.of("runs")), folder);
    }

    /**
     * Compares the options with those of the run to continue.
     *
     * @param resolved whether all options have their values, not only those that were given
     * @throws ArgumentException if the run has other options where they cannot change
     */
    private void requireSameOptions(RunFolder folder, boolean resolved) {
        JsonNode before = folder.readJson(RunFolder.CONFIG);
        JsonNode now = ConfigFile.MAPPER.valueToTree(config(""));
        ParseResult parsed = spec.commandLine().getParseResult();
        for (ArgSpec arg : spec.args()) {
            String key = ConfigFile.jsonKey(arg);
            boolean given = arg instanceof OptionSpec option && parsed.hasMatchedOption(option);
            boolean fixed = !CHANGEABLE.contains(key) && !NOT_KEPT.contains(key);
            if (fixed && (given || before.has(key) && (resolved || now.has(key)))) {
                requireSame(key.replace('_', '-'), now.path(key), before.path(key));
            }
        }
    }

    /** The data of a run that is repeated or continued must be those that it had. */
    private void requireSameData(TrainingData data) {
        Optional<String> before = ConfigFile.fingerprint(common.config, resume);
        if (before.isPresent() && !before.get().equals(data.fingerprint())) {
            throw new ArgumentException(
                    "data",
                    source.data + " has changed since that run (its SHA-256 is another)",
                    "restore it, or start a new run without that file's " + ConfigFile.DATA);
        }
    }

    private void requireSame(String what, JsonNode now, JsonNode before) {
        String had = ConfigFile.text(before);
        String wanted = ConfigFile.text(now);
        if (!wanted.equalsIgnoreCase(had)) {
            throw new ArgumentException(
                    what,
                    "the run in " + resume + " has " + (had.isEmpty() ? "none" : had) + ", not " + wanted,
                    "leave it out, or start a new run");
        }
    }

    /** All options with a value, under their names, so that the file serves as {@code --config}. */
    private Map<String, Object> config(String fingerprint) {
        budgets.keepGiven(spec.commandLine().getParseResult());
        Map<String, Object> config = new LinkedHashMap<>();
        for (ArgSpec arg : spec.args()) {
            boolean kept = !(arg instanceof OptionSpec option)
                    || !NOT_KEPT.contains(ConfigFile.keys(option).get(0))
                            && !withoutEffect().containsKey(option.longestName());
            Object value = arg.getValue();
            if (kept && value != null && !Boolean.FALSE.equals(value)) {
                config.put(ConfigFile.jsonKey(arg), value);
            }
        }
        config.putIfAbsent("seed", common.seed());
        config.put(ConfigFile.DATA, fingerprint);
        config.put(ConfigFile.VERSIONS, Versions.all());
        if (!kernels.isEmpty()) {
            config.put(ConfigFile.KERNELS, kernels);
        }
        return config;
    }

    /** What of it cannot change when the run goes on. */
    private Map<String, Object> fixed(String fingerprint) {
        Map<String, Object> fixed = config(fingerprint);
        fixed.keySet().removeAll(CHANGEABLE);
        fixed.remove(ConfigFile.VERSIONS);
        return fixed;
    }

    /** Tells the user something, on standard error. */
    protected final void note(String line) {
        Errors.print(spec.commandLine(), line);
    }

    private void noteUsedUp(Run run, Budget budget) {
        if (budget.fraction(run.state().step(), run.state().seconds()) >= 1) {
            note("the budget is used up; train on with a larger --steps, --epochs or --minutes");
        }
    }

    private void report(Results results, Path folder) {
        PrintWriter out = spec.commandLine().getOut();
        String metric = results.leading();
        out.printf(
                Locale.ROOT,
                "%s of %d test examples:%n",
                metric,
                results.network().size());
        for (Results.Row row : results.baselines()) {
            String settings =
                    row.method().settings().isEmpty() ? "" : " " + row.method().settings();
            print(out, row.assessment().metrics().get(metric), row.method().title() + settings);
        }
        if (results.unprocessed() != null) {
            print(out, results.unprocessed().metrics().get(metric), "network, without postprocessing");
        }
        print(out, results.network().metrics().get(metric), "network");
        if (results.choice() != null) {
            results.choice().choices().stream()
                    .filter(choice -> !choice.step().changesNothing())
                    .forEach(choice -> out.printf(
                            Locale.ROOT,
                            "class %s: %s (Dice on the validation part %.4f, without %.4f)%n",
                            PlainText.of(choice.name()),
                            choice.step(),
                            choice.with(),
                            choice.without()));
        }
        out.printf("results in %s%n", folder);
        out.flush();
    }

    private static void print(PrintWriter out, double value, String what) {
        out.printf(Locale.ROOT, "  %8.4f  %s%n", value, what);
    }
}
