package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.metrics.Assessment;
import io.mdnc4j.training.predict.Example;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

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
