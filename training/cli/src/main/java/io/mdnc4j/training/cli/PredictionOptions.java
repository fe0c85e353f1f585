package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.training.predict.Blend;
import io.mdnc4j.training.predict.Padding;
import io.mdnc4j.training.predict.Predictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How trained networks are used: windows, flips, decisions. What is not given is as the model's description says. */
final class PredictionOptions {
    /** Names of axes, the last one first. */
    private static final String AXES = "xyz";

    private static final String FLIP = "flip";
    private static final String TTA = "tta";

    @Option(
            names = "--window",
            paramLabel = "N,..",
            description = "size of windows, one number or one for each axis (default: that of the training)")
    private String window;

    @Option(
            names = "--overlap",
            paramLabel = "P",
            description =
                    "part of a window that the next one overlaps, 0 to below 1; less is faster (default: the model's,"
                            + " most often 0.5)")
    private Double overlap;

    @Option(
            names = "--blend",
            paramLabel = "B",
            description =
                    "weights where windows overlap: hann, gaussian or constant (default: the model's, most often hann)")
    private String blend;

    @Option(
            names = "--padding",
            paramLabel = "P",
            description =
                    "extend what is smaller than a window: reflect, zero, or none, windows as small (default: the model's,"
                            + " most often none)")
    private String padding;

    @Option(
            names = "--tta",
            paramLabel = "T",
            description =
                    "average over mirror images of windows, 2 to 8 times the work: flip (all axes), flip:x,y (some; x is"
                            + " the last), none (default: the model's, most often none)")
    private String tta;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            description =
                    "probability from which on a class other than the first is taken (default: the most probable class), and"
                            + " each of several labels at once (default: more than 0.5)")
    private Double threshold;

    @Option(
            names = "--fast",
            description =
                    "without mirror images where the model's description asks for them, and with windows that overlap"
                            + " as it says: the same as --tta none")
    private boolean fast;

    @Option(
            names = "--step",
            paramLabel = "P",
            description =
                    "part of a window that the next one lies beyond it, above 0 to 1, as nnU-Net says it: 1 less the overlap")
    private Double step;

    @Option(
            names = "--no-postprocessing",
            description = "leave classes of positions as they are found, where the model's description cleans them")
    private boolean noPostprocessing;

    @Option(names = "--batch", paramLabel = "N", description = "windows at a time (default: 16; 1 of nnU-Net's models)")
    private Integer batch;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description =
                    "of products: float, or bf16, faster on processors with AMX and refused on others (default: float)")
    private String precision;

    @Spec
    private CommandSpec mixin;

    /**
     * The predictor that the options describe.
     *
     * @param models of which the outputs are averaged
     * @param grids sets what becomes of inputs on other grids
     * @throws IOException if one cannot be read
     * @throws ArgumentException if an option is not valid, or does not suit the models
     */
    Predictor predictor(List<Path> models, Consumer<Predictor.Builder> grids) throws IOException {
        Predictor.Builder builder = Predictor.builder(models.get(0));
        if (batch != null) {
            builder.batch(batch);
        }
        for (Path other : models.subList(1, models.size())) {
            builder.average(other);
        }
        if (precision != null) {
            builder.precision(Coded.parse(InferencePrecision.class, "precision", precision));
        }
        if (window != null) {
            builder.window(numbers(window));
        }
        if (overlap != null) {
            builder.overlap(overlap);
        }
        ArgumentException.require(!fast || tta == null, "fast", "given with a way to flip", "leave one of them out");
        ArgumentException.require(
                step == null || overlap == null, "step", "given with an overlap", "leave one of them out");
        if (fast) {
            builder.flip();
        }
        if (step != null) {
            ArgumentException.require(step > 0 && step <= 1, "step", step, "use above 0, up to 1");
            builder.overlap(1 - step);
        }
        if (blend != null) {
            builder.blend(Coded.parse(Blend.class, "blend", blend));
        }
        if (padding != null) {
            builder.padding(Coded.parse(Padding.class, "padding", padding));
        }
        if (tta != null) {
            builder.flip(flips(builder.dimensions()));
        }
        if (threshold != null) {
            builder.threshold(threshold);
        }
        if (noPostprocessing) {
            builder.postprocessing(false);
        }
        grids.accept(builder);
        return builder.build();
    }

    private static long[] numbers(String text) {
        try {
            return Arrays.stream(text.split(",", -1))
                    .mapToLong(number -> Long.parseLong(number.strip()))
                    .toArray();
        } catch (NumberFormatException e) {
            throw new ArgumentException("window", text, "give sizes such as 64,64,64", e);
        }
    }

    /** The axes of the option, from 0 for the first. */
    private int[] flips(int dimensions) {
        String given = tta.strip().toLowerCase(Locale.ROOT);
        if (given.equals("none")) {
            return new int[0];
        }
        String axes = AXES.substring(0, dimensions);
        String wanted = given.equals(FLIP)
                ? String.join(",", axes.split(""))
                : given.startsWith(FLIP + ":") ? given.substring(FLIP.length() + 1) : "";
        String[] names = wanted.split(",", -1);
        ArgumentException.require(
                Arrays.stream(names).allMatch(name -> name.strip().length() == 1 && axes.contains(name.strip())),
                TTA,
                tta,
                "give flip, none, or flip: with some of " + String.join(",", axes.split("")));
        return Arrays.stream(names)
                .mapToInt(name -> dimensions - 1 - axes.indexOf(name.strip()))
                .toArray();
    }

    /** What was given, by names in JSON. */
    Map<String, Object> given() {
        Map<String, Object> given = new LinkedHashMap<>();
        for (OptionSpec option : mixin.options()) {
            Object value = option.getValue();
            if (value != null && !Boolean.FALSE.equals(value) && !option.names()[0].equals("--batch")) {
                given.put(ConfigFile.jsonKey(option), value);
            }
        }
        return given;
    }
}
