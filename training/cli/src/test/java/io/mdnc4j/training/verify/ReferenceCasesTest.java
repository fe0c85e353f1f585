package io.mdnc4j.training.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mdnc4j.blocks.ComputePath;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceCasesTest {
    static Stream<ReferenceCase> cases() {
        return under("numeric", "checkpoints", "nnunet/numeric");
    }

    static Stream<ReferenceCase> trainings() {
        return under("training");
    }

    private static Stream<ReferenceCase> under(String... parts) {
        Path root = Path.of(System.getProperty("reference.dir"));
        return Stream.of(parts)
                .flatMap(part -> ReferenceCase.under(root.resolve(part)).stream())
                .map(ReferenceCase::read);
    }

    @AfterEach
    void restorePath() {
        ComputePath.set(ComputePath.HOST);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doublesThroughOperations(ReferenceCase reference) {
        passes(reference, Precision.DOUBLE);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void floatsOnTheHost(ReferenceCase reference) {
        passes(reference, Precision.FLOAT);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("cases")
    void floatsThroughOperations(ReferenceCase reference) {
        ComputePath.set(ComputePath.OPS);
        passes(reference, Precision.FLOAT);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void trainingInFloatsOnTheHost(ReferenceCase reference) {
        passes(reference, Precision.FLOAT);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("trainings")
    void trainingInDoublesThroughOperations(ReferenceCase reference) {
        passes(reference, Precision.DOUBLE);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("trainings")
    void trainingInFloatsThroughOperations(ReferenceCase reference) {
        ComputePath.set(ComputePath.OPS);
        passes(reference, Precision.FLOAT);
    }

    private static void passes(ReferenceCase reference, Precision precision) {
        List<Comparison> failed = CaseRunner.run(reference, precision).stream()
                .filter(comparison -> !comparison.passes())
                .toList();
        assertEquals(List.of(), failed, reference.id());
    }
}
