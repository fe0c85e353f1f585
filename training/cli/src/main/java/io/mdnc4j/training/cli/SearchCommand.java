package io.mdnc4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.data.Fingerprint;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.options.SpecOptions;
import io.mdnc4j.training.plots.SearchPlot;
import io.mdnc4j.training.run.RunFolder;
import io.mdnc4j.training.search.CandidateLog;
import io.mdnc4j.training.search.CandidateRecord;
import io.mdnc4j.training.search.Hyperparameter;
import io.mdnc4j.training.search.Range;
import io.mdnc4j.training.search.Search;
import io.mdnc4j.training.search.SearchMethod;
import io.mdnc4j.training.search.SearchOptions;
import io.mdnc4j.training.search.SpaceFile;
import io.mdnc4j.training.search.ZooSpace;
import io.mdnc4j.training.task.DataSource;
import io.mdnc4j.training.task.Recipe;
import io.mdnc4j.training.task.SampleSizes;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.training.task.TrainingPlan;
import io.mdnc4j.zoo.ModelName;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Searches the best network and its settings for some data. */
@Command(
        name = "search",
        description = "Searches the network and settings with the lowest validation loss.",
        footer = {
            "",
            "Writes OUTPUT/NAME/: candidates.csv, model.zip (the best network), scores.png, space.json, config.json."
        })
final class SearchCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
    private static final String SPACE = "space.json";
    private static final String PLOT = "scores.png";
    private static final int CANDIDATES = 30;
    private static final int GRID_POINTS = 3;
    private static final double MINUTES = 20;
    private static final double SECONDS = 60;
    private static final double MEBIBYTE = 1 << 20;

    /** Part of the limit of memory outside the heap that trainings may fill by estimate. */
    private static final double MEMORY = 0.8;

    /** What cannot change between the parts of a search. */
    private static final Set<String> SAME =
            Set.of(ConfigFile.DATA, "method", "seed", "candidate_steps", "candidate_seconds");

    /** What may, although it is of the data. */
    private static final Set<String> CHANGEABLE = Set.of("cache", "strict");

    @Mixin
    private DataOptions.OfSearch source;

    @Option(
            names = "--space",
            paramLabel = "FILE",
            description = "JSON object with what settings may be (default: all that suits small networks)")
    private Path space;

    @Option(
            names = "--method",
            paramLabel = "M",
            description = "random, grid, genetic, cmaes or halving (default: random)")
    private String method;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            description = "networks to train; with halving, in the first rung (default: 30)")
    private Integer candidates;

    @Option(names = "--minutes", paramLabel = "M", description = "end after that time (default: 20)")
    private Double minutes;

    @Option(names = "--candidate-steps", paramLabel = "N", description = "train each candidate that many batches")
    private Long candidateSteps;

    @Option(
            names = "--candidate-seconds",
            paramLabel = "S",
            description = "train each candidate that long (default: an equal share of the time)")
    private Double candidateSeconds;

    @Option(names = "--workers", paramLabel = "N", description = "candidates trained at a time (default: 1)")
    private Integer workers;

    @Option(names = "--grid-points", paramLabel = "N", description = "grid: values of each interval (default: 3)")
    private Integer gridPoints;

    @Option(
            names = "--memory-limit",
            paramLabel = "MIB",
            description = "refuse candidates whose training is estimated to take more (default: 0.8 of the limit of"
                    + " memory outside the heap, shared by the workers)")
    private Double memoryLimit;

    @Option(names = "--name", paramLabel = "N", description = "name of the run (default: search-D-time)")
    private String name;

    @Option(names = "--output", paramLabel = "DIR", description = "folder of all runs (default: runs)")
    private Path output;

    @Option(
            names = ConfigFile.RESUME,
            paramLabel = "DIR",
            description = "continue the search in that folder, with its options where none are given")
    private Path resume;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        common.apply();
        TrainingData data = source.source().load(this::note);
        method = Objects.requireNonNullElse(method, SearchMethod.RANDOM.code());
        requireObeyed();
        if (resume != null && space != null) {
            throw new ArgumentException(
                    "space", "the search in " + resume + " has its own", "leave it out, or start a new search");
        }
        SearchOptions options = options();
        if (resume == null) {
            return search(planned(data, options), options, null);
        }
        try (RunFolder old = RunFolder.existing(resume)) {
            requireSameOptions(old, data);
            return search(data, options, old);
        }
    }

    /** The data in samples of a size that suits machine and time, where none is given, for the usual network. */
    private TrainingData planned(TrainingData data, SearchOptions options) {
        SampleSizes sizes = data.sizes();
        if (sizes == null || sizes.windows().size() == 1) {
            return data;
        }
        String model =
                "resnet.unet" + SpatialDims.of(data.inputShape().length - 1).suffix();
        Recipe recipe = data.recipes().apply(ModelName.parse(model));
        FitConfiguration settings =
                new FitConfiguration(recipe.batch(), new LearningRate(recipe.learningRate()), common.seed());
        TrainingPlan plan = new MeasuredCosts(model, new SpecOptions(), sizes, Losses.of(data.task(), null), settings)
                .plan(true, options.memoryMebibytes(), options.budget().seconds());
        source.patch = plan.window().stream().map(String::valueOf).collect(Collectors.joining(","));
        note(MeasuredCosts.told(plan) + "; --patch gives others");
        return sizes.at().apply(plan.window());
    }

    /** @param old the folder of the search to continue, {@code null} for a new one */
    private int search(TrainingData data, SearchOptions options, RunFolder old) {
        Path ranges = old == null ? space : old.file(SPACE);
        ZooSpace zoo = Search.space(
                data, ranges == null ? Map.<Hyperparameter, Range>of() : SpaceFile.read(ranges), common.seed());
        options.requireFit(zoo);
        // last, so that no empty folder is left behind when something else is refused
        if (old != null) {
            return search(data, options, zoo, old);
        }
        try (RunFolder folder = newFolder(data)) {
            return search(data, options, zoo, folder);
        }
    }

    private int search(TrainingData data, SearchOptions options, ZooSpace zoo, RunFolder folder) {
        Map<String, Object> config = config(data);
        String fingerprint = fingerprint(config, zoo);
        if (resume != null) {
            requireUnedited(folder, fingerprint);
        }
        config.put(ConfigFile.SEARCH, fingerprint);
        folder.writeJson(SPACE, SpaceFile.toJson(zoo.ranges()));
        folder.writeJson(RunFolder.CONFIG, config);
        data.overview().lines().forEach(this::note);
        Search search = new Search(zoo, data, options, folder.path());
        try (Interruption interruption = new Interruption()) {
            Search.Outcome outcome;
            try (SearchTable table = new SearchTable(
                    System.err,
                    Integer.getInteger(ProgressBars.COLUMNS, 0),
                    search.log(),
                    options.method().trainings(options.candidates()))) {
                outcome =
                        search.observer(table).stopWhen(interruption::requested).run();
            }
            plot(search.log(), folder);
            return report(search.log(), outcome, folder.path());
        }
    }

    /** Refuses options that would be passed over. */
    private void requireObeyed() {
        ParseResult parsed = spec.commandLine().getParseResult();
        if (resume != null) {
            for (String option : List.of("--name", "--output")) {
                if (parsed.hasMatchedOption(option)) {
                    throw new ParameterException(
                            spec.commandLine(), option + ": the search in " + resume + " has its own; leave it out");
                }
            }
        }
        if (parsed.hasMatchedOption("--grid-points") && !method.equalsIgnoreCase(SearchMethod.GRID.code())) {
            throw new ParameterException(
                    spec.commandLine(), "--grid-points: applies to --method grid, not " + method + "; leave it out");
        }
    }

    private void note(String line) {
        Errors.print(spec.commandLine(), line);
    }

    private SearchOptions options() {
        candidates = Objects.requireNonNullElse(candidates, CANDIDATES);
        minutes = Objects.requireNonNullElse(minutes, MINUTES);
        workers = Objects.requireNonNullElse(workers, 1);
        gridPoints = Objects.requireNonNullElse(gridPoints, GRID_POINTS);
        double limit = memoryLimit != null ? memoryLimit : MEMORY * Pointer.maxBytes() / MEBIBYTE / workers;
        SearchOptions options = new SearchOptions(
                Coded.parse(SearchMethod.class, "method", method),
                candidates,
                gridPoints,
                budget(),
                minutes * SECONDS,
                workers,
                limit > 0 || memoryLimit != null ? limit : Double.POSITIVE_INFINITY,
                common.seed());
        // so that a continued search trains its candidates as long
        candidateSeconds =
                candidateSteps == null ? Double.valueOf(options.budget().seconds()) : null;
        return options;
    }

    private Budget budget() {
        if (candidateSteps != null && candidateSeconds != null) {
            throw new ParameterException(
                    spec.commandLine(), "--candidate-seconds and --candidate-steps exclude each other; give one");
        }
        if (candidateSteps != null) {
            return Budget.steps(candidateSteps);
        }
        return candidateSeconds == null ? null : new Budget(Double.POSITIVE_INFINITY, candidateSeconds);
    }

    private RunFolder newFolder(TrainingData data) {
        String folder = name != null ? name : "search-" + data.name() + "-" + TIME.format(LocalDateTime.now());
        return RunFolder.create(Objects.requireNonNullElse(output, Path.of("runs")), folder);
    }

    private void requireSameOptions(RunFolder folder, TrainingData data) {
        JsonNode before = folder.readJson(RunFolder.CONFIG);
        Map<String, Object> now = config(data);
        for (String option : same()) {
            String wanted = String.valueOf(now.getOrDefault(option, ""));
            String had = before.path(option).asText();
            if (!wanted.equalsIgnoreCase(had)) {
                throw new ArgumentException(
                        option.replace('_', '-'),
                        "the search in " + resume + " has " + (had.isEmpty() ? "none" : had) + ", not "
                                + (wanted.isEmpty() ? "none" : wanted),
                        "leave it out, or start a new search");
            }
        }
    }

    private static Set<String> same() {
        Set<String> same = new TreeSet<>(DataSource.names());
        same.removeAll(CHANGEABLE);
        same.addAll(SAME);
        return same;
    }

    /** SHA-256 of what must not change when the search goes on, the options and what settings may be. */
    private static String fingerprint(Map<String, Object> config, ZooSpace zoo) {
        Map<String, Object> fixed = new TreeMap<>(config);
        fixed.keySet().retainAll(same());
        String text = ConfigFile.MAPPER
                .valueToTree(List.of(fixed, SpaceFile.toJson(zoo.ranges())))
                .toString();
        return new Fingerprint().add(text.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** Options that were edited by hand would otherwise be recorded for candidates that had others. */
    private void requireUnedited(RunFolder folder, String fingerprint) {
        String before =
                folder.readJson(RunFolder.CONFIG).path(ConfigFile.SEARCH).asText("");
        if (!before.isEmpty() && !before.equals(fingerprint)) {
            throw new ArgumentException(
                    "resume",
                    "the " + RunFolder.CONFIG + " or " + SPACE + " in " + resume + " is not what the search began with",
                    "put back what was changed, or start a new search");
        }
    }

    /** What the search depends on, under the options' names, so that the file serves as {@code --config}. */
    private Map<String, Object> config(TrainingData data) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.putAll(source.source().toMap());
        config.put("method", method);
        config.put("candidates", candidates);
        config.put("minutes", minutes);
        config.put("candidate_steps", candidateSteps);
        config.put("candidate_seconds", candidateSeconds);
        config.put("workers", workers);
        config.put("grid_points", gridPoints);
        config.put("memory_limit", memoryLimit);
        config.put("max_array", common.maxArray);
        config.put("threads", common.threads);
        config.put("seed", common.seed());
        config.values().removeIf(Objects::isNull);
        config.put(ConfigFile.DATA, data.fingerprint());
        config.put(ConfigFile.VERSIONS, Versions.all());
        return config;
    }

    private static void plot(CandidateLog log, RunFolder folder) {
        List<CandidateRecord> ranking = log.ranking();
        if (ranking.isEmpty()) {
            return;
        }
        Path file = folder.file(PLOT).toAbsolutePath();
        try {
            AtomicFile.write(file, temporary -> {
                try (OutputStream out = Files.newOutputStream(temporary)) {
                    SearchPlot.write(
                            out,
                            "validation loss",
                            ranking.stream()
                                    .map(CandidateRecord::settingsToPlot)
                                    .toList(),
                            ranking.stream().mapToDouble(CandidateRecord::score).toArray());
                }
            });
        } catch (IOException e) {
            throw AtomicFile.unwritable(file, e);
        }
    }

    private int report(CandidateLog log, Search.Outcome outcome, Path folder) {
        PrintWriter out = spec.commandLine().getOut();
        SearchTable.lines(log.ranking()).forEach(out::println);
        out.printf("results in %s%n", folder);
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        String how = outcome == Search.Outcome.INTERRUPTED ? "interrupted" : "the time is up";
        if (outcome != Search.Outcome.FINISHED) {
            err.printf(
                    "%s: %s after %d candidates; continue with: %s search --resume %s%s%n",
                    Main.NAME,
                    how,
                    log.all().size(),
                    Main.NAME,
                    folder,
                    outcome == Search.Outcome.TIME_UP ? " --minutes M" : "");
            err.flush();
        }
        if (outcome == Search.Outcome.INTERRUPTED) {
            return Errors.INTERRUPTED;
        }
        if (log.best() == null) {
            err.printf("%s: no candidate has a score; see %s for why%n", Main.NAME, folder.resolve(CandidateLog.FILE));
            err.flush();
            return Errors.FAILED;
        }
        return 0;
    }
}
