package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.predict.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a network says of inputs that are unlike those of its training, of the digits' network with today's description. */
class DescribeShippedTest {
    private static final Path SHIPPED = Path.of("../../zoo/src/main/resources/io/mdnc4j/zoo/pretrained/digits.zip");

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    private Predictor predictor(Path model) throws IOException {
        return Predictor.builder(model).notes(notes::add).build();
    }

    @Tag("long")
    @Test
    void photosAreNoDigits() throws IOException {
        TrainingData digits = Digits.data();
        Path model = folder.resolve("digits.zip");
        Files.write(model, DescribeShipped.described(SHIPPED, digits));
        INDArray photo = Nd4j.rand(1, 123, 130).muli(255);
        try (Predictor old = predictor(SHIPPED);
                Predictor described = predictor(model)) {
            // the weights are the same
            INDArray own = digits.test().get(0).input();
            assertEquals(old.predict(own), described.predict(own));
            described.predict(digits.test(), (example, output) -> {});
            assertEquals(List.of(), notes, "digits are digits");
            assertEquals(0, described.unlikeTraining());

            described.predict(photo);
            assertEquals(1, notes.size(), notes.toString());
            assertTrue(notes.get(0).contains("size 123 x 130, not 8 x 8"), notes.get(0));
            assertTrue(notes.get(0).contains("not within 0 to 16"), notes.get(0));
            // parts of one, and shades of one grey
            described.predict(own.div(1000));
            assertTrue(notes.get(1).contains("spread far less"), notes.get(1));
            described.predict(own.mul(0).add(3));
            assertTrue(notes.get(2).contains("all values are 3"), notes.get(2));
            for (int i = 0; i < 9; i++) {
                described.predict(photo);
            }
            assertEquals(5, notes.size(), "the first are named, the others counted");
            assertEquals(12, described.unlikeTraining());
        }
    }
}
