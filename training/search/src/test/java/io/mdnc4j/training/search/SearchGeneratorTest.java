package io.mdnc4j.training.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.SpecOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.arbiter.GraphConfiguration;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SearchGeneratorTest {
    /** Eight networks: few enough to try all. */
    private static final ZooSpace EIGHT = ZooSpace.builder(1, 32)
            .set(Hyperparameter.FAMILY, Range.of("conv"))
            .set(Hyperparameter.NETWORK, Range.of("ae"))
            .set(Hyperparameter.STAGES, Range.of(2))
            .set(Hyperparameter.DEPTH, Range.of(1))
            .set(Hyperparameter.CHANNEL, Range.of(4, 6))
            .set(Hyperparameter.KERNEL_SIZE, Range.of(3, 5))
            .set(Hyperparameter.LEARNING_RATE, Range.of(0.01))
            .set(Hyperparameter.UPDATER, Range.of("adam", "sgd"))
            .set(Hyperparameter.BATCH, Range.of(4))
            .set(Hyperparameter.WEIGHT_DECAY, Range.of(0))
            .build();

    private static final ZooSpace LARGE =
            ZooSpace.builder(1, 32).set(Hyperparameter.STAGES, Range.of(2)).build();

    /** A made-up score: how far channels and learning rate are from 20 and 0.001. */
    private static double valley(Hyperparameters settings) {
        return Math.pow(Math.log(settings.geometry().get(SpecOption.CHANNEL) / 20.0), 2)
                + Math.pow(Math.log(settings.learningRate() / 1e-3), 2);
    }

    private record Tried(Hyperparameters settings, double budget, int index) {}

    private static List<Tried> run(SearchGenerator generator, ZooSpace space, ToDoubleFunction<Hyperparameters> score) {
        List<Tried> all = new ArrayList<>();
        while (generator.hasMoreCandidates()) {
            Candidate<GraphConfiguration> candidate = generator.getCandidate();
            Hyperparameters settings = space.settings(candidate.getFlatParameters());
            all.add(new Tried(
                    settings,
                    (Double) candidate.getDataParameters().get(SearchGenerator.BUDGET),
                    candidate.getIndex()));
            report(generator, candidate, score.applyAsDouble(settings));
        }
        assertTrue(generator.isExhausted());
        return all;
    }

    private static void report(SearchGenerator generator, Candidate<?> candidate, Double score) {
        generator.reportResults(new OptimizationResult(candidate, score, candidate.getIndex(), null, null, null));
    }

    @ParameterizedTest
    @EnumSource(SearchMethod.class)
    void theSameSeedGivesTheSameCandidates(SearchMethod method) {
        ZooSpace space = method == SearchMethod.GRID ? EIGHT : LARGE;
        List<Tried> first = run(new SearchGenerator(space, method, 7, 3), space, SearchGeneratorTest::valley);
        assertEquals(first, run(new SearchGenerator(space, method, 7, 3), space, SearchGeneratorTest::valley));
        SearchGenerator other = new SearchGenerator(space, method, 7, 3);
        other.setRngSeed(4);
        if (method != SearchMethod.CMAES) {
            assertFalse(first.equals(run(other, space, SearchGeneratorTest::valley)));
        }
        assertEquals(method.trainings(7), first.size());
    }

    @ParameterizedTest
    @EnumSource(SearchMethod.class)
    void endsWhenTheSpaceIsUsedUpAndTriesNothingTwice(SearchMethod method) {
        List<Tried> all = run(new SearchGenerator(EIGHT, method, 1000, 1), EIGHT, SearchGeneratorTest::valley);
        Set<Object> distinct = new HashSet<>();
        all.forEach(tried -> distinct.add(List.of(tried.settings(), tried.budget())));
        assertEquals(all.size(), distinct.size());
        assertTrue(all.size() <= 8 * 3, all.size() + " candidates");
        // the genetic search may give up earlier, when its population has become uniform
        assertTrue(all.size() >= (method == SearchMethod.GENETIC ? 4 : 8), all.size() + " candidates");
    }

    @Test
    void threadsDoNotGetMoreThanWasAskedFor() {
        SearchGenerator generator = new SearchGenerator(LARGE, SearchMethod.RANDOM, 3, 1);
        List<Candidate<?>> open = new ArrayList<>();
        while (generator.hasMoreCandidates()) {
            open.add(generator.getCandidate());
        }
        assertEquals(3, open.size());
        assertFalse(generator.isExhausted());
        assertThrows(IllegalStateException.class, generator::getCandidate);
        open.forEach(candidate -> report(generator, candidate, 1.0));
        assertTrue(generator.isExhausted());
    }

    /** An interrupted search: what is remembered is not drawn again, and what follows is what would have followed. */
    @ParameterizedTest
    @EnumSource(SearchMethod.class)
    void continuesWhereAnEarlierSearchEnded(SearchMethod method) {
        ZooSpace space = method == SearchMethod.GRID ? EIGHT : LARGE;
        List<Tried> whole = run(new SearchGenerator(space, method, 6, 3), space, SearchGeneratorTest::valley);
        int done = 4;
        List<CandidateRecord> records = whole.subList(0, done).stream()
                .map(tried -> new CandidateRecord(
                        tried.index(),
                        CandidateRecord.Status.FINISHED,
                        valley(tried.settings()),
                        tried.budget(),
                        1,
                        1,
                        1,
                        1,
                        tried.settings().toMap(),
                        ""))
                .toList();
        SearchGenerator generator = new SearchGenerator(space, method, 6, 3);
        generator.remember(records);
        assertEquals(whole.subList(done, whole.size()), run(generator, space, SearchGeneratorTest::valley));
    }

    @ParameterizedTest
    @EnumSource(SearchMethod.class)
    void goesOnAfterFailures(SearchMethod method) {
        ZooSpace space = method == SearchMethod.GRID ? EIGHT : LARGE;
        SearchGenerator generator = new SearchGenerator(space, method, 8, 1);
        int count = 0;
        while (generator.hasMoreCandidates()) {
            Candidate<?> candidate = generator.getCandidate();
            if (count++ % 2 == 0) {
                generator.reportFailure(candidate.getIndex());
            } else {
                report(generator, candidate, Double.NaN);
            }
        }
        assertTrue(generator.isExhausted());
        assertEquals(8, count);
    }

    @Tag("long")
    @Test
    void covarianceAdaptationFindsAValley() {
        ToDoubleFunction<Hyperparameters> score = SearchGeneratorTest::valley;
        double sum = 0;
        double random = 0;
        for (int seed = 1; seed <= 5; seed++) {
            sum += best(SearchMethod.CMAES, seed, score);
            random += best(SearchMethod.RANDOM, seed, score);
        }
        assertTrue(sum < random / 2, sum + " against " + random);
    }

    private static double best(SearchMethod method, int seed, ToDoubleFunction<Hyperparameters> score) {
        return run(new SearchGenerator(LARGE, method, 150, seed), LARGE, score).stream()
                .mapToDouble(tried -> score.applyAsDouble(tried.settings()))
                .min()
                .orElseThrow();
    }

    @Test
    void halvingKeepsTheBestThird() {
        List<Tried> all =
                run(new SearchGenerator(LARGE, SearchMethod.HALVING, 18, 5), LARGE, SearchGeneratorTest::valley);
        assertEquals(18 + 6 + 2, all.size());
        assertArrayEquals(
                new double[] {1 / 9.0, 1 / 3.0, 1},
                all.stream().mapToDouble(Tried::budget).distinct().toArray(),
                1e-12);
        assertEquals(
                all.stream()
                        .limit(18)
                        .map(Tried::settings)
                        .sorted(java.util.Comparator.comparingDouble(SearchGeneratorTest::valley))
                        .limit(6)
                        .toList(),
                all.subList(18, 24).stream().map(Tried::settings).toList());
        assertEquals(6, SearchMethod.HALVING.cost(18), 1e-12);
    }

    @Test
    void aGridWithoutEndIsRefused() {
        String told = assertThrows(
                        IllegalArgumentException.class, () -> new SearchGenerator(LARGE, SearchMethod.GRID, 9, 30, 1))
                .getMessage();
        assertTrue(told.startsWith("gridPoints: 30") && told.contains("combinations"), told);
        assertThrows(IllegalArgumentException.class, () -> new SearchGenerator(LARGE, SearchMethod.RANDOM, 0, 1));
    }
}
