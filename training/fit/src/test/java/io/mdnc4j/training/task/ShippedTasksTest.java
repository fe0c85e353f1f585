package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.metrics.Assessment;
import io.mdnc4j.training.predict.Example;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

@Tag("long")
class ShippedTasksTest {
    @ParameterizedTest
    @CsvSource({"ecg, 13.063, 0.001, 42", "digits, 0.96, 0, 500", "brain, 0.949, 0.0006, 1"})
    void baselinesReachWhatTheyShould(String data, double expected, double tolerance, int examples) {
        TrainingData task = DataSource.builder(data).build().load(note -> {});
        assertEquals(examples, task.test().size());
        Baseline baseline = task.baselines().get(task.baselines().size() - 1);
        Baseline.Method method = baseline.fit().apply(task.test());
        Assessment assessment = new Assessment(task.measures());
        for (int i = 0; i < examples; i++) {
            Example example = task.test().get(i);
            assessment.add(
                    "", task.measures().count(example.target(), method.answer().apply(example)));
        }
        assertEquals(expected, assessment.metrics().values().iterator().next(), tolerance);
    }

    @ParameterizedTest
    @CsvSource({"ecg, 1", "digits, 10", "brain, 2"})
    void batchesHaveTheDescribedShapes(String data, int channels) {
        TrainingData task = DataSource.builder(data).build().load(note -> {});
        EpochIterator training = task.training(3, 1);
        DataSet batch = training.next();
        assertArrayEquals(task.inputShape(), batch.getFeatures().slice(0).shape());
        assertEquals(channels, batch.getLabels().size(1));
        assertEquals(channels, task.outputChannels());
        if (task.task().hasClasses()) {
            assertEquals(
                    task.task().perExample() ? 1 : 0,
                    batch.getLabels().sum(1).minNumber().doubleValue());
            assertEquals(1, batch.getLabels().sum(1).maxNumber().doubleValue());
        }
        assertTrue(task.validation(8).next().numExamples() >= 1);
    }

    @Test
    void digitsAreInTheirParts() {
        TrainingData digits = DataSource.builder("digits").build().load(note -> {});
        assertEquals(1097, digits.training().size());
        assertEquals(200, digits.validation().size());
        assertEquals(500, digits.test().size());
        assertEquals("line 1298", digits.test().get(0).name());
        assertEquals(0, digits.test().get(0).target().getInt(0));
    }

    /** All that comes along is tested once in folds, and never trained on in the same. */
    @ParameterizedTest
    @CsvSource({"ecg, 210", "digits, 1797"})
    void foldsTestEverythingOnce(String data, int examples) {
        DataFolds folds = DataSource.builder(data).build().folds(4, note -> {});
        Set<String> tested = new HashSet<>();
        for (int fold = 0; fold < 4; fold++) {
            TrainingData its = folds.get(fold);
            for (int i = 0; i < its.test().size(); i++) {
                assertTrue(tested.add(its.test().get(i).name()));
            }
            for (int i = 0; i < its.validation().size(); i++) {
                String validating = its.validation().get(i).name();
                assertTrue(IntStream.range(0, its.test().size())
                        .noneMatch(j -> its.test().get(j).name().equals(validating)));
            }
            assertTrue(its.validation().size() > 0.1 * (examples - its.test().size()));
        }
        assertEquals(examples, tested.size());
    }

    /** Every voxel has a class in the test part of one fold, and in no other part of it. */
    @Test
    void foldsOfTheBrainTestEveryVoxelOnce() {
        DataFolds folds = DataSource.builder("brain").build().folds(3, note -> {});
        INDArray times = Nd4j.zeros(1, 90, 108, 90);
        for (int fold = 0; fold < 3; fold++) {
            INDArray tested = folds.get(fold).test().get(0).target().gte(0).castTo(DataType.FLOAT);
            INDArray validated =
                    folds.get(fold).wholeValidation().get(0).target().gte(0).castTo(DataType.FLOAT);
            times.addi(tested);
            assertEquals(0, tested.mul(validated).sumNumber().intValue());
            assertEquals(10 * 90 * 90, validated.sumNumber().intValue());
            INDArray brain = folds.get(fold).test().get(0).target().gt(0).castTo(DataType.FLOAT);
            assertTrue(brain.sumNumber().intValue() > 40_000, "brain in every fold");
        }
        assertEquals(1, times.minNumber().intValue());
        assertEquals(1, times.maxNumber().intValue());
        assertThrows(
                ArgumentException.class,
                () -> DataSource.builder("brain").build().folds(20, note -> {}));
    }

    @Test
    void brainTrainsOnTheLeftAlone() {
        TrainingData brain = DataSource.builder("brain").build().load(note -> {});
        assertArrayEquals(
                new long[] {1, 90, 108, 45}, brain.test().get(0).input().shape());
        assertEquals(111_989, brain.test().get(0).target().sumNumber().intValue());
        double labelled = 0;
        for (int i = 0; i < 20; i++) {
            Example patch = brain.training().draw(i, new SplittableRandom(i));
            labelled +=
                    patch.target().gte(0).castTo(DataType.DOUBLE).meanNumber().doubleValue() / 20;
        }
        // the rest is in the slab, or outside of the left half
        assertEquals(0.75, labelled, 0.15);
        double slab = 0;
        for (int i = 0; i < brain.validation().size(); i++) {
            slab += brain.validation()
                    .get(i)
                    .target()
                    .gte(0)
                    .castTo(DataType.DOUBLE)
                    .meanNumber()
                    .doubleValue();
        }
        assertEquals(10 / 48.0, slab / brain.validation().size(), 1e-6);
    }
}
