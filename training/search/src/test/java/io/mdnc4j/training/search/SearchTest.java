package io.mdnc4j.training.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.Sampler;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.task.Denoising;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.BaseStatusListener;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class SearchTest {
    private static final double NO_LIMIT = Double.POSITIVE_INFINITY;
    private static final TrainingData TASK = Denoising.of(wave());

    @TempDir
    Path folder;

    private static Signal wave() {
        double[] samples = new double[5 * 600];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Math.sin(i / 9.0);
        }
        return new Signal("wave", samples, 100, "V");
    }

    private static Map<Hyperparameter, Range> small() {
        Map<Hyperparameter, Range> ranges = new EnumMap<>(Hyperparameter.class);
        ranges.put(Hyperparameter.STAGES, Range.of(2));
        ranges.put(Hyperparameter.DEPTH, Range.of(1));
        ranges.put(Hyperparameter.CHANNEL, Range.between(2, 4));
        ranges.put(Hyperparameter.KERNEL_SIZE, Range.of(3));
        ranges.put(Hyperparameter.BATCH, Range.of(2, 4));
        return ranges;
    }

    private static SearchOptions options(SearchMethod method, int candidates, int workers, double mebibytes) {
        return new SearchOptions(method, candidates, 2, Budget.steps(3), NO_LIMIT, workers, mebibytes, 5);
    }

    private Search search(SearchMethod method, int candidates) {
        return new Search(Search.space(TASK, small(), 5), TASK, options(method, candidates, 1, NO_LIMIT), folder);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(SearchMethod.class)
    void everyMethodFindsTheBest(SearchMethod method) throws IOException {
        findsTheBestAndKeepsAll(method);
    }

    @ParameterizedTest
    @EnumSource(names = "CMAES")
    void findsTheBestAndKeepsAll(SearchMethod method) throws IOException {
        Search search = search(method, 4);
        assertEquals(Search.Outcome.FINISHED, search.run());
        List<CandidateRecord> all = search.log().all();
        assertEquals(method.trainings(4), all.size());
        assertTrue(all.stream().allMatch(one -> one.status() == CandidateRecord.Status.FINISHED), all.toString());
        assertTrue(all.stream().allMatch(one -> one.steps() == Math.ceil(3 * one.budget())), all.toString());
        assertEquals(
                all,
                CandidateLog.in(folder).all().stream()
                        .map(one -> exact(one, all))
                        .toList());

        CandidateRecord best = search.log().best();
        ComputationGraph model = ModelFiles.read(folder.resolve(Search.MODEL));
        assertEquals(best.parameters(), model.numParams());
        assertEquals(best.score(), validationLoss(model), 1e-5);
        ModelDescription description =
                ModelDescription.fromJson(ModelFiles.readNote(folder.resolve(Search.MODEL), ModelDescription.NOTE));
        assertEquals("denoising", description.task());
        assertEquals(
                best.settings().get("learning_rate"), description.properties().get("learning_rate"));
        try (var files = Files.list(folder)) {
            assertEquals(
                    Set.of(Search.MODEL, "candidates.csv"),
                    files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
    }

    /** The record itself where only digits were lost that the file does not keep. */
    private static CandidateRecord exact(CandidateRecord read, List<CandidateRecord> all) {
        return all.stream()
                .filter(one -> one.index() == read.index()
                        && one.score().equals(read.score())
                        && one.settings().equals(read.settings())
                        && Math.abs(one.seconds() - read.seconds()) < 1e-3
                        && one.parameters() == read.parameters())
                .findFirst()
                .orElse(read);
    }

    private static double validationLoss(ComputationGraph model) {
        double sum = 0;
        int count = 0;
        var batches = TASK.validation(16);
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            org.nd4j.linalg.api.ndarray.INDArray error =
                    model.outputSingle(batch.getFeatures()).sub(batch.getLabels());
            sum += error.mul(error).meanNumber().doubleValue() * batch.numExamples();
            count += batch.numExamples();
        }
        return sum / count;
    }

    @Tag("long")
    @Test
    void continuesWithoutRepeating() throws IOException {
        AtomicInteger steps = new AtomicInteger();
        Search first = search(SearchMethod.CMAES, 6);
        assertEquals(
                Search.Outcome.INTERRUPTED,
                first.stopWhen(() -> steps.incrementAndGet() > 9).run());
        int done = first.log().all().size();
        assertTrue(done >= 1 && done < 6, done + " candidates");
        String before = Files.readString(folder.resolve(CandidateLog.FILE));
        List<Integer> trained = Collections.synchronizedList(new ArrayList<>());
        Search second = search(SearchMethod.CMAES, 6).observer(new SearchObserver() {
            @Override
            public void ended(CandidateRecord candidate) {
                trained.add(candidate.index());
            }
        });
        assertEquals(Search.Outcome.FINISHED, second.run());
        assertEquals(6 - done, trained.size());
        assertTrue(Files.readString(folder.resolve(CandidateLog.FILE)).startsWith(before));
        assertEquals(
                6,
                second.log().all().stream()
                        .map(CandidateRecord::settings)
                        .distinct()
                        .count());

        // the same as a search that was not interrupted
        Path whole = Files.createDirectory(folder.resolve("whole"));
        Search unbroken =
                new Search(Search.space(TASK, small(), 5), TASK, options(SearchMethod.CMAES, 6, 1, NO_LIMIT), whole);
        unbroken.run();
        assertEquals(
                unbroken.log().all().stream().map(CandidateRecord::settings).toList(),
                second.log().all().stream().map(CandidateRecord::settings).toList());
        assertEquals(
                unbroken.log().all().stream().map(CandidateRecord::score).toList(),
                second.log().all().stream().map(CandidateRecord::score).toList());
    }

    @Test
    void twoWorkersTrainNoneTooMany() {
        Search search =
                new Search(Search.space(TASK, small(), 5), TASK, options(SearchMethod.RANDOM, 5, 2, NO_LIMIT), folder);
        assertEquals(Search.Outcome.FINISHED, search.run());
        assertEquals(5, search.log().all().size());
        assertEquals(
                5,
                search.log().all().stream()
                        .map(CandidateRecord::index)
                        .distinct()
                        .count());
    }

    @Test
    void tooMuchMemoryIsRefusedBeforeTraining() {
        Map<Hyperparameter, Range> ranges = small();
        ranges.put(Hyperparameter.CHANNEL, Range.of(2, 512));
        Search search = new Search(Search.space(TASK, ranges, 5), TASK, options(SearchMethod.GRID, 12, 1, 20), folder);
        assertEquals(Search.Outcome.FINISHED, search.run());
        for (CandidateRecord candidate : search.log().all()) {
            boolean large = candidate.settings().get("channel").equals("512");
            assertEquals(
                    large ? CandidateRecord.Status.REFUSED : CandidateRecord.Status.FINISHED,
                    candidate.status(),
                    candidate.toString());
            assertEquals(large, candidate.memoryMebibytes() > 20);
            assertEquals(large, candidate.reason().contains("limit of 20 MiB"), candidate.reason());
        }
        assertEquals(
                2,
                search.log().all().stream()
                        .map(CandidateRecord::status)
                        .distinct()
                        .count());
    }

    /** The task, with batches that take more heap than there is for one candidate of the search. */
    private static TrainingData greedy(int candidate) {
        AtomicInteger drawn = new AtomicInteger();
        Sampler sampler = new Sampler() {
            @Override
            public int size() {
                return TASK.training().size();
            }

            @Override
            public Example draw(int index, RandomGenerator random) {
                if (drawn.getAndIncrement() == candidate) {
                    return new Example("large", Nd4j.createFromArray(new double[Integer.MAX_VALUE - 8]), null);
                }
                return TASK.training().draw(index, random);
            }
        };
        return new TrainingData(
                TASK.name(),
                TASK.task(),
                TASK.description(),
                sampler,
                TASK.validation(),
                TASK.test(),
                TASK.baselines(),
                TASK.recipes(),
                TASK.fingerprint());
    }

    /** The first candidate runs out of memory, two of three learning rates make the loss overflow. */
    @Test
    void failuresAreRecordedAndTheSearchGoesOn() {
        Map<Hyperparameter, Range> ranges = small();
        ranges.put(Hyperparameter.FAMILY, Range.of("conv"));
        ranges.put(Hyperparameter.NETWORK, Range.of("ae"));
        ranges.put(Hyperparameter.CHANNEL, Range.of(2));
        ranges.put(Hyperparameter.LEARNING_RATE, Range.of(0.001, 0.002, 999, 1e3));
        ranges.put(Hyperparameter.UPDATER, Range.of("sgd"));
        ranges.put(Hyperparameter.BATCH, Range.of(2));
        ranges.put(Hyperparameter.WEIGHT_DECAY, Range.of(0));
        SearchOptions options = new SearchOptions(SearchMethod.GRID, 9, 2, Budget.steps(30), NO_LIMIT, 1, NO_LIMIT, 5);
        List<CandidateStatus> told = Collections.synchronizedList(new ArrayList<>());
        Search search = new Search(Search.space(TASK, ranges, 5), greedy(0), options, folder)
                .listeners(new BaseStatusListener() {
                    @Override
                    public void onCandidateStatusChange(
                            CandidateInfo info, IOptimizationRunner runner, OptimizationResult result) {
                        told.add(info.getCandidateStatus());
                    }
                });
        assertEquals(Search.Outcome.FINISHED, search.run());
        List<CandidateRecord> all = search.log().all();
        assertEquals(4, all.size());
        assertTrue(all.get(0).reason().startsWith("out of memory: "), all.get(0).toString());
        for (CandidateRecord candidate : all.subList(1, 4)) {
            boolean diverges = Double.parseDouble(candidate.settings().get("learning_rate")) > 1;
            assertEquals(diverges, candidate.status() == CandidateRecord.Status.FAILED, candidate.toString());
            assertEquals(diverges, candidate.reason().startsWith("DivergedException: "), candidate.toString());
            assertEquals(diverges, candidate.score() == null);
        }
        long failed = all.stream().filter(one -> one.score() == null).count();
        assertEquals(failed, Collections.frequency(told, CandidateStatus.Failed));
        assertEquals(4 - failed, Collections.frequency(told, CandidateStatus.Complete));
    }

    /** As when the system ends the process because the memory of the machine is used up. */
    @Test
    void whatKilledTheProcessIsNotTriedAgain() throws IOException {
        int killed = killed(false);
        Search again = search(SearchMethod.RANDOM, 2);
        again.run();
        CandidateRecord dead = again.log().all().get(killed);
        assertEquals(CandidateRecord.Status.FAILED, dead.status());
        assertTrue(dead.reason().contains("died"), dead.reason());
        assertEquals(2, again.log().all().size());
    }

    /** When the best network had its name already, and its row was not written yet. */
    @Test
    void aKillBehindTheBestNetworkLosesNothing() throws IOException {
        int killed = killed(true);
        CandidateRecord best = search(SearchMethod.RANDOM, 2).log().best();
        assertEquals(killed, best.index());
        assertEquals(CandidateRecord.Status.FINISHED, best.status());
        assertEquals(3, best.steps());
        assertTrue(best.seconds() > 0);
        assertEquals(best.score(), validationLoss(ModelFiles.read(folder.resolve(Search.MODEL))), 1e-5);

        markAsRunning(killed);
        Files.writeString(folder.resolve(Search.MODEL), "not a model");
        ArgumentException e = assertThrows(ArgumentException.class, () -> search(SearchMethod.RANDOM, 2));
        assertTrue(e.getMessage().contains(Search.MODEL), e.getMessage());
    }

    /** Searches, and makes the process have died in the training of the best candidate, or the other one. */
    private int killed(boolean best) throws IOException {
        Search search = search(SearchMethod.RANDOM, 2);
        search.run();
        int killed =
                best ? search.log().best().index() : 1 - search.log().best().index();
        markAsRunning(killed);
        return killed;
    }

    private void markAsRunning(int index) throws IOException {
        Path file = folder.resolve(CandidateLog.FILE);
        String row = Files.readAllLines(file).get(index + 1);
        Files.writeString(file, Files.readString(file).replace(row, row.replaceFirst("finished,[^,]*,", "running,,")));
    }

    @Test
    void endsWhenTheTimeIsUp() {
        SearchOptions options = new SearchOptions(SearchMethod.RANDOM, 1000, 2, Budget.steps(3), 1e-3, 1, NO_LIMIT, 5);
        Search search = new Search(Search.space(TASK, small(), 5), TASK, options, folder);
        assertEquals(Search.Outcome.TIME_UP, search.run());
        assertNull(search.log().best());
    }

    @Test
    void aFolderThatIsGoneEndsTheSearch() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Search search =
                new Search(Search.space(TASK, small(), 5), TASK, options(SearchMethod.RANDOM, 100, 1, NO_LIMIT), gone);
        Files.delete(gone);
        assertThrows(UncheckedIOException.class, search::run);
    }

    @Test
    void wrongTablesAndSpacesAreNamed() throws IOException {
        Files.writeString(folder.resolve(CandidateLog.FILE), "candidate,status\n0,eaten\n");
        String told = assertThrows(IllegalArgumentException.class, () -> search(SearchMethod.RANDOM, 1))
                .getMessage();
        assertTrue(told.contains(CandidateLog.FILE), told);
        Map<Hyperparameter, Range> encoder = Map.of(Hyperparameter.NETWORK, Range.of("encoder"));
        told = assertThrows(IllegalArgumentException.class, () -> Search.space(TASK, encoder, 1))
                .getMessage();
        assertTrue(told.contains("encoder") && told.contains("unet, ae"), told);
        assertThrows(IllegalArgumentException.class, () -> options(SearchMethod.CMAES, 3, 2, NO_LIMIT));
    }
}
