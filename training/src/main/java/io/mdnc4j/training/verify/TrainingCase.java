package io.mdnc4j.training.verify;

import java.util.List;

/** Runs a training case. */
final class TrainingCase {
    private TrainingCase() {}

    static List<Comparison> run(ReferenceCase reference, Precision precision) {
        return List.of();
    }
}
