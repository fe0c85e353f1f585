package io.mdnc4j.training.search;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.training.task.Supervision;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.arbiter.optimize.api.termination.TerminationCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.LocalOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;
import org.deeplearning4j.arbiter.scoring.impl.TestSetLossScoreFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * Searches the best network for some data with Arbiter's local runner, and leaves in a folder the candidates
 * ({@value CandidateLog#FILE}) and the best network ({@value #MODEL}).
 * A folder with candidates is continued: none of them is trained again.
 */
public final class Search {
    /** The best network. */
    public static final String MODEL = "model.zip";

    private static final double NANOS = 1e9;

    /** Properties that a model has besides its settings: what its row needs. */
    private static final String CANDIDATE = "candidate";

    private static final String SCORE = "validation_loss";
    private static final String STEPS = "steps";
    private static final String SECONDS = "seconds";

    private final ZooSpace space;
    private final TrainingData data;
    private final SearchOptions options;
    private final Path folder;
    private final CandidateLog log;
    private final SearchGenerator generator;

    private SearchObserver observer = new SearchObserver() {};
    private BooleanSupplier stop = () -> false;
    private StatusListener[] listeners = {};
    private double secondsBefore;
    private long startNanos;
    private volatile @Nullable RuntimeException unwritable;

    /** How a search ended. */
    public enum Outcome {
        /** All candidates have ended, or the space has no more. */
        FINISHED,
        /** The time is up. */
        TIME_UP,
        /** It was asked to stop. */
        INTERRUPTED
    }

    /**
     * A search, or the continuation of the one whose candidates are in the folder.
     *
     * @param space what is searched, such as {@link #space(TrainingData, Map, long)}
     * @param data what candidates are trained and validated with
     * @param options how to search
     * @param folder an existing folder
     * @throws ArgumentException if the space does not suit the data, or the folder's candidates or best network cannot be read
     */
    public Search(ZooSpace space, TrainingData data, SearchOptions options, Path folder) {
        this.space = space;
        this.data = data;
        this.options = options;
        this.folder = folder;
        this.log = CandidateLog.in(folder);
        log.died().forEach(this::recover);
        this.generator = options.generator(space);
        generator.remember(log.all());
    }

    /** The best network is written before its row: the process may have died between the two. */
    private void recover(CandidateRecord died) {
        Path file = folder.resolve(MODEL);
        if (!Files.exists(file)) {
            return;
        }
        try {
            Map<String, String> known = ModelFiles.description(file)
                    .map(ModelDescription::properties)
                    .orElse(Map.of());
            if (String.valueOf(died.index()).equals(known.get(CANDIDATE))) {
                log.put(died.finished(
                        Double.parseDouble(known.getOrDefault(SCORE, "")),
                        Long.parseLong(known.getOrDefault(STEPS, "")),
                        Double.parseDouble(known.getOrDefault(SECONDS, ""))));
            }
        } catch (IOException | NumberFormatException e) {
            throw new ArgumentException(
                    "folder",
                    file + " does not say what its network is (" + e.getMessage() + ")",
                    "restore it, or remove it and search anew",
                    e);
        }
    }

    /**
     * The space for some data: the networks that suit their task, with the usual settings where nothing else is said.
     *
     * @param data whose shape, channels and task the networks are to have
     * @param ranges what settings may be
     * @param seed of the initial parameters
     * @return the space
     * @throws ArgumentException if a setting cannot take such a value, or a network does not suit the task
     */
    public static ZooSpace space(TrainingData data, Map<Hyperparameter, Range> ranges, long seed) {
        ArgumentException.require(
                data.supervision() != Supervision.BLIND_SPOTS,
                "supervision",
                data.supervision().code(),
                "search with clean or noisy targets: Arbiter's networks learn at all positions");
        List<String> suitable = suitable(data).stream().map(Network::code).toList();
        Range families = ranges.getOrDefault(Hyperparameter.FAMILY, Hyperparameter.FAMILY.usual());
        Object[] usual = suitable(data).stream()
                .filter(network -> Arrays.stream(Family.values())
                        .filter(family -> family.networks().contains(network))
                        .anyMatch(family -> families.values().contains(family.code())))
                .map(Network::code)
                .toArray();
        ZooSpace space = ZooSpace.builder(data.inputShape())
                .outputs(Math.toIntExact(data.outputChannels()))
                .task(data.task())
                .seed(seed)
                .set(Hyperparameter.NETWORK, Range.of(usual.length == 0 ? suitable.toArray() : usual))
                .set(Hyperparameter.NORMALIZER, normalizer(data))
                .set(ranges)
                .build();
        for (Object network : space.ranges().get(Hyperparameter.NETWORK).values()) {
            if (!suitable.contains(network.toString())) {
                throw new ArgumentException(
                        "space",
                        "network: " + network + " does not suit " + data.task().code(),
                        "use " + String.join(", ", suitable));
            }
        }
        return space;
    }

    /** That of the data's recipe. */
    private static Range normalizer(TrainingData data) {
        String dims = SpatialDims.of(data.inputShape().length - 1).suffix();
        ModelName model = ModelName.parse("resnet." + suitable(data).get(0).code() + dims);
        return Range.of(data.recipes().apply(model).normalizer().code());
    }

    private static List<Network> suitable(TrainingData data) {
        return data.task().perExample()
                ? List.of(Network.ENCODER)
                : List.of(Network.UNET, Network.AUTO_ENCODER, Network.PLAIN, Network.RESIDUAL);
    }

    /**
     * Who hears of the progress; nobody by default.
     *
     * @param listener called on the threads that train
     * @return this
     */
    public Search observer(SearchObserver listener) {
        this.observer = listener;
        return this;
    }

    /**
     * Asked before each step of a training, and between candidates, whether to stop; never to, by default.
     *
     * @param condition whether to; called on several threads
     * @return this
     */
    public Search stopWhen(BooleanSupplier condition) {
        this.stop = condition;
        return this;
    }

    /**
     * Listeners of Arbiter, in place of those before; none by default.
     *
     * @param arbiter told of candidates as they begin and end
     * @return this
     */
    public Search listeners(StatusListener... arbiter) {
        this.listeners = arbiter.clone();
        return this;
    }

    /** {@return the candidates so far, those of an earlier search in the folder too} */
    public CandidateLog log() {
        return log;
    }

    /**
     * Searches. A candidate that is in training when the search is stopped is forgotten.
     *
     * @return whether it came to its end, ran out of time or was stopped
     * @throws UncheckedIOException if a result cannot be written
     */
    public Outcome run() {
        secondsBefore = log.seconds() / options.workers();
        startNanos = System.nanoTime();
        LocalOptimizationRunner runner =
                new LocalOptimizationRunner(options.workers(), configuration(), new CandidateTasks(this));
        runner.addListeners(listeners);
        runner.execute();
        if (unwritable != null) {
            throw unwritable;
        }
        if (generator.isExhausted()) {
            return Outcome.FINISHED;
        }
        return stop.getAsBoolean() ? Outcome.INTERRUPTED : Outcome.TIME_UP;
    }

    private OptimizationConfiguration configuration() {
        return new OptimizationConfiguration.Builder()
                .candidateGenerator(generator)
                .scoreFunction(new TestSetLossScoreFunction())
                .terminationConditions(new Ended())
                .build();
    }

    /** Arbiter's runner ends by conditions alone, not when its generator has no more candidates. */
    private final class Ended implements TerminationCondition {
        @Override
        public void initialize(IOptimizationRunner runner) {
            // nothing to begin with
        }

        @Override
        public boolean terminate(IOptimizationRunner runner) {
            return isToStop() || generator.isExhausted();
        }
    }

    ZooSpace space() {
        return space;
    }

    TrainingData data() {
        return data;
    }

    SearchOptions options() {
        return options;
    }

    SearchObserver observer() {
        return observer;
    }

    boolean isToStop() {
        return stop.getAsBoolean() || isTimeUp() || unwritable != null;
    }

    private boolean isTimeUp() {
        return secondsBefore + (System.nanoTime() - startNanos) / NANOS >= options.seconds();
    }

    /** Notes that a candidate is trained from now on. */
    void begins(CandidateRecord candidate) {
        log.put(candidate);
    }

    /** Keeps a candidate, and its network if it is the best so far. */
    synchronized void finished(CandidateRecord candidate, ComputationGraph graph, String modelName) throws IOException {
        if (candidate.isBetterThan(log.best())) {
            // before its row: a candidate in the log is not trained again
            ModelFiles.write(
                    graph,
                    folder.resolve(MODEL),
                    Map.of(ModelDescription.NOTE, describe(modelName, candidate).toJson()));
        }
        add(candidate);
    }

    /** What is noted of a model, with the settings. */
    private ModelDescription describe(String modelName, CandidateRecord candidate) {
        ModelDescription known = data.describe(modelName);
        Map<String, String> properties = new LinkedHashMap<>(known.properties());
        properties.putAll(candidate.settings());
        properties.put(CANDIDATE, String.valueOf(candidate.index()));
        properties.put(SCORE, String.valueOf(candidate.score()));
        properties.put(STEPS, String.valueOf(candidate.steps()));
        properties.put(SECONDS, String.valueOf(candidate.seconds()));
        return known.withProperties(properties);
    }

    /** Keeps a candidate that has no score. */
    synchronized void failed(CandidateRecord candidate) {
        add(candidate);
        generator.reportFailure(candidate.index());
    }

    private void add(CandidateRecord candidate) {
        try {
            log.put(candidate);
        } catch (UncheckedIOException e) {
            unwritable = e;
            throw e;
        }
        observer.ended(candidate);
    }
}
