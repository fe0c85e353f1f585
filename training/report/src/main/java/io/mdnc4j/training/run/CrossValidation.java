package io.mdnc4j.training.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.metrics.Assessment;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.metrics.PostprocessingChoice;
import io.mdnc4j.training.plots.LossPlot;
import io.mdnc4j.training.plots.Sample;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.Baseline;
import io.mdnc4j.training.task.DataFolds;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFolds;
import io.mdnc4j.zoo.Postprocessing;
import io.mdnc4j.zoo.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network for each of several folds, and measures each on what it was held back from it, so that every example is tested
 * once (M. Stone, J. R. Stat. Soc. B 36:2, 1974). The results of all examples are pooled; the networks together become one
 * {@code model.zip} ({@link ModelFolds}).
 *
 * <p>Each fold has a folder within the run's, and all that is measured follows from the networks in those, so that a run which was
 * stopped in any fold, or while measuring, goes on to the same numbers.
 */
public final class CrossValidation {
    private static final String TRAINED = "fold.json";

    private final String model;
    private final DataFolds data;
    private final RunFolder folder;
    private final FitConfiguration settings;
    private Consumer<Run> preparation = run -> {};
    private Consumer<String> notes = line -> {};
    private boolean postprocessing = true;

    /** Trains the network of one fold. */
    @FunctionalInterface
    public interface FoldTraining {
        /**
         * Trains, by {@link Run#train}.
         *
         * @param fold from 0
         * @param fresh its data
         * @param run which has started, or was resumed
         * @param budget when it ends
         * @return whether it came to the end, and was not stopped
         */
        boolean train(int fold, TrainingData fresh, Run run, Budget budget);
    }

    /** What is known of a trained fold, as its file says it. */
    private record Trained(
            String budget,
            String rate,
            int patience,
            int epochs,
            long steps,
            double seconds,
            int bestEpoch,
            @Nullable Double bestLoss) {
        static Trained of(JsonNode json) {
            return new Trained(
                    json.path("budget").asText(),
                    json.path("learning_rate").asText(),
                    json.path("patience").asInt(),
                    json.path("epochs").asInt(),
                    json.path("steps").asLong(),
                    json.path("train_seconds").asDouble(),
                    json.path("best_epoch").asInt(),
                    json.hasNonNull("best_validation_loss")
                            ? Double.valueOf(json.path("best_validation_loss").asDouble())
                            : null);
        }

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("budget", budget);
            json.put("learning_rate", rate);
            json.put("patience", patience);
            json.put("epochs", epochs);
            json.put("steps", steps);
            json.put("train_seconds", seconds);
            json.put("best_epoch", bestEpoch);
            json.put("best_validation_loss", bestLoss);
            return json;
        }
    }

    /**
     * Training in folds.
     *
     * @param model the network's name, for its description and the plots
     * @param data what it is trained for
     * @param folder a new folder, or one to resume
     * @param settings how each is trained; the seed of a fold is larger than that by its number, from 0
     */
    public CrossValidation(String model, DataFolds data, RunFolder folder, FitConfiguration settings) {
        this.model = model;
        this.data = data;
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * Changes the run of each fold before it starts.
     *
     * @param change sets how often it saves, and the like
     */
    public void prepare(Consumer<Run> change) {
        this.preparation = change;
    }

    /**
     * Who is told of what follows the training; nobody by default.
     *
     * @param listener takes a line at a time
     */
    public void notes(Consumer<String> listener) {
        this.notes = listener;
    }

    /**
     * Whether the validation parts of all folds together choose postprocessing of classes of positions; they do by default.
     *
     * @param wanted whether they do
     */
    public void postprocessing(boolean wanted) {
        this.postprocessing = wanted;
    }

    /**
     * Makes sure, before anything is written, that the network takes the data, and that the folds that are trained were so as
     * the others will be.
     *
     * @param factory creates the network
     * @throws ArgumentException if not; an empty folder is removed then
     */
    public void check(ModelFactory factory) {
        try {
            factory.create(data.get(0).inputShape(), settings, settings.seed());
        } catch (RuntimeException e) {
            folder.removeIfEmpty();
            throw e;
        }
        for (int fold = 0; fold < data.count(); fold++) {
            Optional<Trained> before = trained(fold);
            if (before.isPresent() && !before.get().rate.equals(rate())) {
                throw new ArgumentException(
                        "learningRate",
                        rate() + ", but fold " + (fold + 1) + " was trained with " + before.get().rate,
                        "put that back, or start a new run: all folds are trained alike");
            }
        }
    }

    private String rate() {
        return settings.learningRate().toString();
    }

    private String name(int fold) {
        return "fold-" + (fold + 1);
    }

    private Optional<Trained> trained(int fold) {
        String file = name(fold) + "/" + TRAINED;
        return folder.has(file) ? Optional.of(Trained.of(folder.readJson(file))) : Optional.empty();
    }

    /**
     * Trains all folds that are not trained yet, each from where its last checkpoint was saved, then measures them.
     *
     * @param factory creates the network of a fold
     * @param budget how long a fold is trained
     * @param training trains it
     * @return the results of all examples, empty if it was stopped
     * @throws io.mdnc4j.training.fit.DivergedException if a loss is not finite; the folds before keep what they have
     */
    public Optional<Results> run(ModelFactory factory, Function<TrainingData, Budget> budget, FoldTraining training) {
        for (int fold = 0; fold < data.count(); fold++) {
            TrainingData fresh = data.get(fold);
            Budget limit = budget.apply(fresh);
            Optional<Trained> before = trained(fold);
            if (before.isPresent()
                    && before.get().budget.equals(limit.toString())
                    && before.get().patience == settings.patience()) {
                continue;
            }
            RunFolder inner = folder.inner(name(fold));
            Run run = new Run(model, fresh, inner, settings.withSeed(settings.seed() + fold));
            preparation.accept(run);
            run.resume(factory);
            if (!training.train(fold, fresh, run, limit)) {
                return Optional.empty();
            }
            inner.writeJson(
                    TRAINED,
                    new Trained(
                                    limit.toString(),
                                    rate(),
                                    settings.patience(),
                                    run.state().epoch(),
                                    run.state().step(),
                                    run.state().seconds(),
                                    run.state().bestEpoch(),
                                    run.state().bestLoss())
                            .json());
        }
        return Optional.of(new Measured(budget.apply(data.get(0))).results());
    }

    /** What comes of the trained networks. */
    private final class Measured {
        private final Budget budget;
        private final List<ModelDescription> descriptions = new ArrayList<>();
        private final List<Results> folds = new ArrayList<>();
        private final List<Sample> samples = new ArrayList<>();

        Measured(Budget budget) {
            this.budget = budget;
        }

        private ComputationGraph network(int fold) {
            RunFolder inner = folder.inner(name(fold));
            ComputationGraph network = Objects.requireNonNull(inner.best(), "a trained fold has a network");
            Run.compute(network, inner.latestKernels());
            return network;
        }

        private Predictor predictor(int fold, ModelDescription description) {
            return Predictor.builder(network(fold), description)
                    .batch(settings.batch())
                    .notes(line -> {})
                    .build();
        }

        private ModelDescription describe(TrainingData of, List<Postprocessing> steps) {
            ModelDescription described = of.describe(model).withPostprocessing(steps);
            Map<String, String> properties = new TreeMap<>(described.properties());
            properties.put(ModelFolds.NOTE, String.valueOf(data.count()));
            return described.withProperties(properties);
        }

        Results results() {
            TrainingData first = data.get(0);
            PostprocessingChoice choice = choice(first);
            List<Postprocessing> steps = choice == null ? List.of() : choice.steps();
            for (int fold = 0; fold < data.count(); fold++) {
                notes.accept("measuring fold " + (fold + 1) + " of " + data.count());
                TrainingData fresh = fold == 0 ? first : data.get(fold);
                ModelDescription description = describe(fresh, steps);
                Predictor predictor = predictor(fold, description);
                Results results = Results.of(fresh, predictor, choice);
                int most = ResultPage.samples(fresh);
                // a share of what is left to show, so that all folds have some
                int share = Math.max(1, (most - samples.size()) / (data.count() - fold));
                if (samples.size() < most) {
                    samples.addAll(ResultPage.samples(fresh, predictor, results, share));
                }
                descriptions.add(description);
                folds.add(results);
            }
            folder.write(
                    RunFolder.MODEL,
                    file -> ModelFolds.write(
                            network(0), descriptions, fold -> network(fold).params(), file));
            Results pooled = pooled(first, choice);
            report(first, pooled);
            return pooled;
        }

        /** Postprocessing by what each network makes of its validation part, all together. */
        private @Nullable PostprocessingChoice choice(TrainingData first) {
            if (!postprocessing || first.task() != Task.SEGMENTATION) {
                return null;
            }
            Predictor ofFirst = predictor(0, first.describe(model));
            if (ofFirst.separatesObjects()) {
                return null;
            }
            notes.accept("looking for postprocessing that helps on the validation parts");
            PostprocessingChoice choice = Objects.requireNonNull(Results.choice(first, ofFirst));
            for (int fold = 1; fold < data.count(); fold++) {
                TrainingData fresh = data.get(fold);
                Results.addTo(choice, fresh, predictor(fold, fresh.describe(model)));
            }
            return choice;
        }

        private Results pooled(TrainingData first, @Nullable PostprocessingChoice choice) {
            Measures measures = first.measures();
            List<Results.Row> rows = new ArrayList<>();
            for (int i = 0; i < folds.get(0).baselines().size(); i++) {
                int row = i;
                List<Results.Row> same =
                        folds.stream().map(fold -> fold.baselines().get(row)).toList();
                Baseline.Method method = same.get(0).method();
                boolean alike =
                        same.stream().allMatch(one -> one.method().settings().equals(method.settings()));
                rows.add(new Results.Row(
                        same.get(0).key(),
                        alike ? method : new Baseline.Method(method.title(), Map.of(), method.answer()),
                        pooled(measures, fold -> fold.baselines().get(row).assessment())));
            }
            return new Results(
                    rows,
                    pooled(measures, Results::network),
                    pooled(first.validationMeasures(), Results::validation),
                    choice,
                    folds.get(0).unprocessed() == null ? null : pooled(measures, Results::unprocessed));
        }

        private Assessment pooled(Measures measures, Function<Results, @Nullable Assessment> of) {
            Assessment pooled = new Assessment(measures);
            folds.forEach(fold -> pooled.addAll(Objects.requireNonNull(of.apply(fold))));
            return pooled;
        }

        private void report(TrainingData first, Results pooled) {
            List<Trained> trained = IntStream.range(0, folds.size())
                    .mapToObj(fold -> trained(fold).orElseThrow())
                    .toList();
            long parameters = network(0).numParams();
            Map<String, Object> metrics = pooled.metrics();
            metrics.put("folds", folds.size());
            metrics.put("epochs", trained.stream().mapToInt(Trained::epochs).sum());
            metrics.put("steps", trained.stream().mapToLong(Trained::steps).sum());
            double seconds = trained.stream().mapToDouble(Trained::seconds).sum();
            metrics.put("train_seconds", seconds);
            metrics.put("parameters", parameters);
            Map<String, Object> written = new LinkedHashMap<>(metrics);
            written.put(
                    "fold_results",
                    IntStream.range(0, folds.size())
                            .mapToObj(fold -> foldMetrics(fold, trained.get(fold)))
                            .toList());
            folder.writeJson(RunFolder.METRICS, written);
            String title = model + ", " + first.name() + ", " + folds.size() + " folds";
            ResultPage page = new ResultPage(
                    folder,
                    title,
                    String.format(
                            Locale.ROOT,
                            "%s, %d networks of %,d parameters, trained for %.0f s in all. Every example was tested once, by the"
                                    + " network that had not seen it; model.zip averages all of them.",
                            first.task().code(),
                            folds.size(),
                            parameters,
                            seconds),
                    first,
                    pooled);
            page.tested("All examples as test parts, " + pooled.network().size() + " examples")
                    .rows(
                            "Folds",
                            List.of("fold", "examples", pooled.leading(), "best epoch", "epochs", "steps"),
                            IntStream.range(0, folds.size())
                                    .mapToObj(fold -> row(fold, trained.get(fold)))
                                    .toList())
                    .postprocessing()
                    .pictures(samples, descriptions.get(0));
            for (int fold = 0; fold < folds.size(); fold++) {
                History history = History.resume(
                        folder.inner(name(fold)), trained.get(fold).epochs());
                String heading = "Training of fold " + (fold + 1);
                page.losses("loss-" + name(fold) + ".png", heading, LossPlot.draw(heading, history.epochs()));
            }
            page.numbers(plan(data, first, settings, budget), metrics).write();
        }

        private List<String> row(int fold, Trained trained) {
            return List.of(
                    String.valueOf(fold + 1),
                    String.valueOf(folds.get(fold).network().size()),
                    Report.text(folds.get(fold)
                            .network()
                            .metrics()
                            .get(folds.get(fold).leading())),
                    String.valueOf(trained.bestEpoch),
                    String.valueOf(trained.epochs),
                    String.valueOf(trained.steps));
        }

        private Map<String, Object> foldMetrics(int fold, Trained trained) {
            Map<String, Object> metrics = new LinkedHashMap<>();
            metrics.put("fold", fold + 1);
            Results results = folds.get(fold);
            results.network().metrics().forEach((name, value) -> metrics.put("test_" + name, value));
            metrics.put("test_examples", results.network().size());
            metrics.put("epochs", trained.epochs);
            metrics.put("steps", trained.steps);
            metrics.put("best_epoch", trained.bestEpoch);
            metrics.put("best_validation_loss", trained.bestLoss);
            return metrics;
        }
    }

    /**
     * What is planned, in words.
     *
     * @param data the folds
     * @param first the data of the first of them
     * @param settings how each is trained
     * @param budget of each fold
     * @return windows, batches, budget and folds by their names
     */
    public static Map<String, String> plan(
            DataFolds data, TrainingData first, FitConfiguration settings, Budget budget) {
        Map<String, String> plan = Plan.of(first, settings, budget);
        plan.computeIfPresent("budget", (name, each) -> each + ", in each of " + data.count() + " folds");
        plan.put(
                "folds",
                IntStream.range(0, data.count())
                                .mapToObj(fold -> String.valueOf((fold == 0 ? first : data.get(fold))
                                        .test()
                                        .size()))
                                .collect(Collectors.joining(", "))
                        + " examples to test on, each once; what else is said of parts and values is of the first fold");
        return plan;
    }
}
