package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.predict.GridPolicy;
import io.mdnc4j.training.predict.Predictor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the elements of files lie that do not say so, and what becomes of files on other grids than the network's. */
final class GridOptions {
    @Option(
            names = "--geometry",
            paramLabel = "HOW",
            defaultValue = "resample",
            description =
                    "files of another spacing, orientation or rate than the network's: resample them and bring the"
                            + " result back, refuse or ignore it (default: resample)")
    private String geometry;

    @Option(
            names = {"--sampling-rate", "--rate"},
            paramLabel = "HZ",
            description = "samples a second of files that do not say theirs (default: the network's)")
    private Double rate;

    @Option(
            names = "--spacing",
            paramLabel = "MM,..",
            description = "distance of elements of files that do not say theirs, one for all axes or one for each"
                    + " (default: the network's)")
    private String spacing;

    /** Sets what the options say. */
    void apply(Predictor.Builder builder) {
        int axes = builder.dimensions();
        ArgumentException.require(
                rate == null || axes <= 1, "samplingRate", rate, "leave it out: the network is not for signals");
        builder.geometry(Coded.parse(GridPolicy.class, "geometry", geometry))
                .assume(new Grid(rate, spacing == null ? List.of() : distances(spacing, axes), ""));
    }

    private static List<Double> distances(String text, int axes) {
        List<Double> distances;
        try {
            distances = Arrays.stream(text.split(",", -1))
                    .map(part -> Double.valueOf(part.strip()))
                    .toList();
        } catch (NumberFormatException e) {
            throw new ArgumentException("spacing", text, "give millimetres such as 2,1,1", e);
        }
        ArgumentException.require(
                distances.size() == 1 || distances.size() == axes,
                "spacing",
                text,
                "give one distance, or one for each of " + axes + " axes");
        return distances.size() == 1 ? Collections.nCopies(Math.max(1, axes), distances.get(0)) : distances;
    }
}
