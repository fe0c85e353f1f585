package io.mdnc4j.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.task.DataSource;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.Pretrained;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The networks that come along do what their cards say, on the parts of the data that they have not seen. */
@Tag("long")
class PretrainedResultsTest {
    @ParameterizedTest
    @CsvSource({"ecg-denoiser, ecg, 19.0254", "digits, digits, 0.996", "brain-mask, brain, 0.9749"})
    void reachesTheStatedResult(String name, String data, double stated) throws java.io.IOException {
        TrainingData task = DataSource.builder(data).build().load(note -> {});
        double reached = Results.assess(task.measures(), Predictor.read(Path.of(name)), task.test())
                .metrics()
                .values()
                .iterator()
                .next();
        assertEquals(stated, reached, 1e-3 * stated);
    }

    @Test
    void theCardsNameThemAll() {
        assertTrue(Pretrained.names().containsAll(List.of("ecg-denoiser", "digits", "brain-mask")));
    }
}
