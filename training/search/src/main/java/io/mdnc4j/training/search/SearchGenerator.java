package io.mdnc4j.training.search;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.search.Strategy.Proposal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.arbiter.GraphConfiguration;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.generator.BaseCandidateGenerator;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect.Visibility;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Generates the candidates of a {@link ZooSpace} by any {@link SearchMethod}, for Arbiter's runners. What Arbiter's own
 * generators do not: the same seed gives the same candidates, whatever the method, also after JSON; no candidate comes
 * twice; no more come than were asked for, however many threads train them; it ends when the space is used up.
 *
 * <p>An earlier search is continued by {@link #remember}ing its scores: the method sees them again as if just reported.
 */
@JsonAutoDetect(
        fieldVisibility = Visibility.NONE,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
@JsonIgnoreProperties({"rng", "candidateCounter", "candidate", "dataParameters", "initDone"})
public final class SearchGenerator extends BaseCandidateGenerator<GraphConfiguration> {
    /** The part of the whole budget to train a candidate for, among its data parameters. */
    public static final String BUDGET = "budget";

    private static final int GRID_POINTS = 3;

    /** So many repetitions on end mean that nothing new is to be found. */
    private static final int MAX_REPETITIONS = 1000;

    private final ZooSpace space;
    private final SearchMethod method;
    private final int candidates;
    private final int gridPoints;
    private long seed;

    private Strategy strategy;
    private @Nullable Proposal pending;
    private boolean usedUp;
    private final Set<Key> met = new HashSet<>();
    private final Map<Key, Double> scores = new HashMap<>();
    private final Map<Key, List<Proposal>> running = new HashMap<>();
    private final Map<Integer, Key> keys = new HashMap<>();

    /** What makes two trainings the same. */
    private record Key(Map<String, String> settings, String budget) {}

    /**
     * With three values of each interval in a grid.
     *
     * @param space what is searched
     * @param method how candidates are chosen
     * @param candidates how many to generate; of successive halving, in its first rung
     * @param seed of what is left to chance
     * @throws ArgumentException if there are no candidates to generate, or too many combinations for a grid
     */
    public SearchGenerator(ZooSpace space, SearchMethod method, int candidates, long seed) {
        this(space, method, candidates, GRID_POINTS, seed);
    }

    /**
     * With all that can be chosen.
     *
     * @param space what is searched
     * @param method how candidates are chosen
     * @param candidates how many to generate, at least 1; of successive halving, in its first rung
     * @param gridPoints values of each interval in a grid, at least 2; for other methods of no effect
     * @param seed of what is left to chance
     * @throws ArgumentException if there are no candidates to generate, or too many combinations for a grid
     */
    @JsonCreator
    public SearchGenerator(
            @JsonProperty("parameterSpace") ZooSpace space,
            @JsonProperty("method") SearchMethod method,
            @JsonProperty("candidates") int candidates,
            @JsonProperty("gridPoints") int gridPoints,
            @JsonProperty("seed") long seed) {
        super(space, null, true);
        ArgumentException.require(candidates >= 1, "candidates", candidates, "use at least 1");
        this.space = space;
        this.method = method;
        this.candidates = candidates;
        this.gridPoints = gridPoints;
        restart(seed);
    }

    private void restart(long withSeed) {
        seed = withSeed;
        strategy = method.strategy(space, new SearchMethod.Plan(candidates, gridPoints, withSeed));
    }

    @JsonProperty("parameterSpace")
    ZooSpace space() {
        return space;
    }

    @JsonProperty("method")
    SearchMethod method() {
        return method;
    }

    @JsonProperty("candidates")
    int candidates() {
        return candidates;
    }

    @JsonProperty("gridPoints")
    int gridPoints() {
        return gridPoints;
    }

    @JsonProperty("seed")
    long seed() {
        return seed;
    }

    /** Begins anew with another seed; to be called before the first candidate. */
    @Override
    public synchronized void setRngSeed(long rngSeed) {
        restart(rngSeed);
    }

    /**
     * Takes the candidates of an earlier search for done, with their scores and failures.
     *
     * @param earlier candidates that have ended, as {@link CandidateLog#all()} has them
     */
    public synchronized void remember(List<CandidateRecord> earlier) {
        for (CandidateRecord candidate : earlier) {
            scores.put(new Key(candidate.settings(), text(candidate.budget())), candidate.scoreOrFailed());
            candidateCounter.set(Math.max(candidateCounter.get(), candidate.index() + 1));
        }
    }

    /** A budget as it is written and compared. */
    static String text(double budget) {
        return budget == 1 ? "1" : String.format(Locale.ROOT, "%.4f", budget);
    }

    /** Whether there is a candidate now; there may be more once others are reported. */
    @Override
    public synchronized boolean hasMoreCandidates() {
        int repetitions = 0;
        while (pending == null && !usedUp && met.size() < method.trainings(candidates)) {
            Proposal proposal = strategy.next();
            if (proposal == null) {
                break;
            }
            Key key = key(proposal);
            boolean isNew = met.add(key);
            if (scores.containsKey(key)) {
                strategy.report(proposal, scores.get(key));
            } else if (running.containsKey(key)) {
                running.get(key).add(proposal);
            } else {
                pending = proposal;
            }
            repetitions = isNew ? 0 : repetitions + 1;
            usedUp = repetitions > MAX_REPETITIONS && !strategy.ends();
        }
        return pending != null;
    }

    /** {@return whether no more candidates will come, whatever is reported} */
    public synchronized boolean isExhausted() {
        return !hasMoreCandidates() && running.isEmpty();
    }

    private Key key(Proposal proposal) {
        return new Key(space.settings(proposal.values()).toMap(), text(proposal.budget()));
    }

    /** The next candidate, to be called if there is one. */
    @Override
    public synchronized Candidate<GraphConfiguration> getCandidate() {
        if (!hasMoreCandidates()) {
            throw new IllegalStateException("no candidate; ask hasMoreCandidates() first");
        }
        Proposal proposal = pending;
        pending = null;
        int index = candidateCounter.getAndIncrement();
        keys.put(index, key(proposal));
        running.computeIfAbsent(key(proposal), key -> new ArrayList<>()).add(proposal);
        return new Candidate<>(
                space.getValue(proposal.values()), index, proposal.values(), Map.of(BUDGET, proposal.budget()), null);
    }

    /** A candidate has ended; without a score it has failed. */
    @Override
    public void reportResults(OptimizationResult result) {
        report(result.getIndex(), result.getScore() == null ? Strategy.FAILED : result.getScore());
    }

    /**
     * A candidate has failed. Arbiter's runners do not say so; the method would wait for its score.
     *
     * @param index number of the candidate; one that is not in training is passed over
     */
    public void reportFailure(int index) {
        report(index, Strategy.FAILED);
    }

    private synchronized void report(int index, double score) {
        Key key = keys.remove(index);
        if (key != null) {
            double known = Double.isNaN(score) ? Strategy.FAILED : score;
            scores.put(key, known);
            running.remove(key).forEach(proposal -> strategy.report(proposal, known));
        }
    }

    @Override
    public Class<?> getCandidateType() {
        return GraphConfiguration.class;
    }

    @Override
    public String toString() {
        return "SearchGenerator(" + method.code() + ", " + candidates + " candidates)";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SearchGenerator that
                && space.equals(that.space)
                && method == that.method
                && candidates == that.candidates
                && gridPoints == that.gridPoints
                && seed == that.seed;
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hash(space, method, candidates, gridPoints, seed);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof SearchGenerator;
    }
}
