package io.mdnc4j.training.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("long")
class ModelCaseTest {
    static Stream<Path> cases() {
        List<Path> cases = ReferenceCase.under(Path.of(System.getProperty("reference.dir"), "nnunet/models"));
        assertEquals(4, cases.size());
        return cases.stream();
    }

    /** Masks are the same, although half precision leaves some voxels near a tie to chance. */
    @ParameterizedTest
    @MethodSource("cases")
    void isWhatNnunetMakesOfIt(Path folder) throws IOException {
        ModelCase result = ModelCase.run(folder);
        assertTrue(result.passes(), result::toString);
        assertTrue(result.error() < 0.002, result::toString);
    }
}
