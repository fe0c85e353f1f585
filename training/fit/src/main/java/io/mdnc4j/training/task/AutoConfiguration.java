package io.mdnc4j.training.task;

import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.data.Augmentation;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.objects.Components;
import io.mdnc4j.training.objects.TouchingObjects;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.SpecValues;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.TrainedOn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What suits data that nobody has trained on yet: what is to be answered, how samples are made, the network, and how it is
 * trained, each with the reason. Nothing is measured here but the data; {@link TrainingPlan} fits sizes to memory and time.
 *
 * <p>Channels, batches, learning rates and minutes are those of the data that come along, where they were tried; strides and
 * kernels of each axis follow {@link StagePlan}.
 *
 * <pre>{@code
 * TrainingData data = source.load(System.err::println);
 * for (AutoConfiguration.Choice choice : new AutoConfiguration(data).samples()) { ... }
 * }</pre>
 */
public final class AutoConfiguration {
    /** Training samples that are looked at. */
    private static final int LOOKED_AT = 16;

    /** More different whole numbers are rarely classes where the file stores real ones. */
    private static final int FEW_CLASSES = 8;

    /** Numbers of a sample that are looked at whether they are of objects. */
    private static final int OBJECTS = 20;

    /** Share of positions that belong to no object. */
    private static final double LEAST_BACKGROUND = 0.05;

    /** Connected parts that an object has, at most, on average; some are cut, or lie behind others. */
    private static final double CONNECTED = 1.5;

    /** Of the difference of inputs and targets, from one element to the next; noise has about 0. */
    private static final double CORRELATED = 0.5;

    /** Mean of the difference in units of its deviation; noise has about 0. */
    private static final double OFFSET = 0.1;

    /** How much wider the range of all inputs is than that of one where each has a scale of its own. */
    private static final double SCALES = 4;

    /** Steps that a network of twice the channels should have. */
    private static final double MANY_STEPS = 20_000;

    /** A step costs about the square of the channels. */
    private static final double HALF_COST = 4;

    /** Samples whose mean and deviation batch normalisation can take. */
    private static final int LEAST_OF_STATISTICS = 8;

    private static final int LEAST_CHANNELS = 4;
    private static final int MAX_HALVINGS = 4;

    /** Elements along an axis of the smallest maps, as in nnU-Net. */
    private static final int LEAST_OF_PLANNED = 4;

    /** Those of networks that take any size, and whose first stage halves, too. */
    private static final int LEAST_OF_DOUBLING = 2;

    /** Elements along an axis, at most, of samples that have no room for texture. */
    private static final int COARSE = 32;

    /** Of the shortest axis, at most. */
    private static final double BENT = 1 / 8.0;

    /** Passes over the data that the time should suffice for, where an hour does. */
    private static final double PASSES = 10;

    private static final double MOST_MINUTES = 60;

    /** By the number of axes; layers have the blocks of a stage. */
    private static final List<Recipe> AT_POSITIONS = List.of(
            new Recipe(12, new int[] {2}, BlockKind.CONV, 5, 16, 6e-3, 4),
            new Recipe(16, new int[] {1}, BlockKind.CONV, 3, 8, 5e-3, 5),
            new Recipe(8, new int[] {1}, BlockKind.CONV, 3, 2, 5e-3, 8));

    private static final List<Recipe> OF_WHOLE = List.of(
            new Recipe(16, new int[] {1}, BlockKind.PLAIN, 5, 32, 3e-3, 3),
            new Recipe(32, new int[] {2}, BlockKind.PLAIN, 3, 64, 3e-3, 4),
            new Recipe(16, new int[] {1}, BlockKind.PLAIN, 3, 4, 3e-3, 8));

    private static final Set<SpecOption<?>> OF_DOUBLING = Set.of(
            SpecOption.CHANNEL,
            SpecOption.KERNEL_SIZE,
            SpecOption.NORMALIZER,
            SpecOption.ACTIVATOR,
            SpecOption.LAYER_ORDER);

    private static final Set<SpecOption<?>> OF_PLANNED = Set.of(
            SpecOption.FEATURES,
            SpecOption.STRIDES,
            SpecOption.KERNELS,
            SpecOption.DECODER_LAYERS,
            SpecOption.BIAS,
            SpecOption.DEEP_SUPERVISION);

    private static final Set<SpecOption<?>> EACH_STAGE = Set.of(
            SpecOption.LAYERS, SpecOption.FEATURES, SpecOption.STRIDES, SpecOption.KERNELS, SpecOption.DECODER_LAYERS);

    private final TrainingData data;
    private final int axes;
    private final Recipe recipe;

    /**
     * Chooses for some data.
     *
     * @param data what is to be trained on
     */
    public AutoConfiguration(TrainingData data) {
        this.data = data;
        this.axes = data.inputShape().length - 1;
        this.recipe = (data.task().perExample() ? OF_WHOLE : AT_POSITIONS).get(axes - 1);
    }

    /**
     * A choice.
     *
     * @param option name of what is chosen, such as {@code learningRate}: a component of {@link DataSource}, an argument of
     *     {@link io.mdnc4j.training.fit.FitConfiguration}, a {@link SpecOption}, {@code model}, {@code loss} or {@code minutes}
     * @param value what is chosen, as a text that the option is read from
     * @param reason why, in a few words
     */
    public record Choice(String option, String value, String reason) {
        /**
         * The same of another option.
         *
         * @param other its name
         * @return a changed copy
         */
        public Choice of(String other) {
            return new Choice(other, value, reason);
        }
    }

    /**
     * A network for samples of a size.
     *
     * @param model its name, such as {@code conv.unet2d}
     * @param values of its options
     * @param size of samples that it takes, on each axis: the wanted one, or a little less
     * @param choices the same with their reasons
     */
    public record Network(String model, SpecValues values, List<Long> size, List<Choice> choices) {}

    /**
     * The answer, where inputs and targets say more than the type of their files: noise to be taken out, classes that are stored
     * as real numbers, numbered objects.
     *
     * @return the choice of a task, or of {@code classes}; the data's own task, unless they show another
     */
    public Choice task() {
        if (data.task() == Task.REGRESSION) {
            List<Example> samples = samples(LOOKED_AT);
            Set<Double> values = wholeNumbers(samples);
            if (values != null && values.size() > 1) {
                return chosen(
                        "task",
                        Task.SEGMENTATION.code(),
                        "targets are " + values.size() + " whole numbers, though stored as real ones");
            }
            if (values == null && areObjects(samples)) {
                return chosen(
                        "classes",
                        TouchingObjects.CODE,
                        "targets are many whole numbers, of which each has one place: numbered objects");
            }
            if (areLabels(samples) && samples.get(0).target().size(0) > 1) {
                return chosen(
                        "task",
                        Task.MULTI_LABEL_SEGMENTATION.code(),
                        "targets are " + samples.get(0).target().size(0)
                                + " channels of 0 and 1, though stored as real ones: labels that may overlap");
            }
            String noise = noise(samples);
            if (noise != null) {
                return chosen("task", Task.DENOISING.code(), noise);
            }
        }
        if (data.task() == Task.ESTIMATION && areLabels(samples(Integer.MAX_VALUE))) {
            return chosen(
                    "task",
                    Task.MULTI_LABEL_CLASSIFICATION.code(),
                    "targets are 0 and 1, though stored as real numbers: labels, any number of them for each example");
        }
        return chosen("task", data.task().code(), "the targets are " + targets());
    }

    private String targets() {
        return switch (data.task()) {
            case CLASSIFICATION -> "a class for each example";
            case ESTIMATION -> "numbers for each example";
            case SEGMENTATION -> data.description().classes().size() + " classes, one at each position";
            case MULTI_LABEL_CLASSIFICATION ->
                data.description().classes().size() + " labels, any number of them for each example";
            case MULTI_LABEL_SEGMENTATION ->
                data.description().classes().size() + " labels, which may overlap, a channel of 0 and 1 for each";
            case REGRESSION -> "values at each position";
            case DENOISING ->
                switch (data.supervision()) {
                    case CLEAN -> "the inputs without noise";
                    case NOISY_TARGETS -> "the inputs with other noise";
                    case BLIND_SPOTS -> "the inputs' own values at blind spots";
                };
        };
    }

    private List<Example> samples(int most) {
        int count = Math.min(most, data.validation().size());
        return IntStream.range(0, count)
                .mapToObj(i -> data.validation()
                        .get((int) ((long) i * data.validation().size() / count)))
                .toList();
    }

    /** Whether targets are 0 and 1, both of them, and -1 where that is not known. */
    private static boolean areLabels(List<Example> samples) {
        Set<Float> values = new TreeSet<>();
        for (Example sample : samples) {
            for (float value : OnHeap.floats(sample.target())) {
                if (value != 0 && value != 1 && value != Example.UNLABELLED) {
                    return false;
                }
                values.add(value);
            }
        }
        return values.contains(0f) && values.contains(1f);
    }

    /** The values of targets if they are few whole ones in one channel; else {@code null}. */
    private static @Nullable Set<Double> wholeNumbers(List<Example> samples) {
        Set<Double> values = new TreeSet<>();
        for (Example sample : samples) {
            if (sample.target().size(0) > 1) {
                return null;
            }
            for (float value : OnHeap.floats(sample.target())) {
                if (value != Math.rint(value)) {
                    return null;
                }
                values.add((double) value);
                if (values.size() > FEW_CLASSES) {
                    return null;
                }
            }
        }
        return values;
    }

    /** Whether targets are whole numbers from 0 on in one channel, 0 is frequent, and the elements of others mostly connected. */
    private static boolean areObjects(List<Example> samples) {
        double parts = 0;
        double numbers = 0;
        double background = 0;
        for (Example sample : samples) {
            float[] values = OnHeap.floats(sample.target());
            Set<Float> seen = new TreeSet<>();
            for (float value : values) {
                if (sample.target().size(0) > 1 || value < 0 || value != Math.rint(value)) {
                    return false;
                }
                background += value == 0 ? 1.0 / values.length : 0;
                if (value > 0 && seen.size() < OBJECTS) {
                    seen.add(value);
                }
            }
            long[] size = Axes.size(sample.target());
            for (float number : seen) {
                parts += Components.of(i -> values[i] == number, size).count();
            }
            numbers += seen.size();
        }
        return numbers > FEW_CLASSES && parts < CONNECTED * numbers && background > LEAST_BACKGROUND * samples.size();
    }

    /** What says that inputs are their targets with noise; {@code null} if they are not. */
    private @Nullable String noise(List<Example> samples) {
        if (!data.description().output().residual()) {
            return null;
        }
        double sum = 0;
        double squares = 0;
        double products = 0;
        double signal = 0;
        long count = 0;
        for (Example sample : samples) {
            float[] noisy = OnHeap.floats(sample.input());
            float[] clean = OnHeap.floats(sample.target());
            double deviation = sample.target().stdNumber(false).doubleValue();
            signal += deviation * deviation * clean.length;
            double before = 0;
            for (int i = 0; i < clean.length; i++) {
                double difference = noisy[i] - clean[i];
                sum += difference;
                squares += difference * difference;
                products += difference * before;
                before = difference;
            }
            count += clean.length;
        }
        double deviation = Math.sqrt(squares / count);
        boolean noise = deviation > 0
                && Math.abs(sum / count) < OFFSET * deviation
                && Math.abs(products / squares) < CORRELATED
                && squares < signal;
        return noise
                ? String.format(
                        Locale.ROOT,
                        "inputs are their targets with noise, %.1f dB below them",
                        10 * Math.log10(signal / squares))
                : null;
    }

    /**
     * How samples are cut where an answer belongs to a whole example, normalised, and changed at random. Nothing for data that
     * come along, which make their own.
     *
     * @return the choices
     */
    public List<Choice> samples() {
        if (data.sizes() == null) {
            return List.of();
        }
        if (!data.task().perExample()) {
            return List.of(normalization(), augmentation());
        }
        String size = window().stream().map(String::valueOf).collect(Collectors.joining(","));
        return List.of(chosen("patch", size, "the size of the smallest example"), normalization(), augmentation());
    }

    private Choice normalization() {
        Task task = data.task();
        Normalization.By by = data.description().normalization().by();
        if (task == Task.DENOISING && axes == 1) {
            return chosen(
                    "normalize", by.code(), "levels of signals change from window to window, and noise with them");
        }
        TrainedOn trained = data.description().trainedOn();
        boolean scales = trained.values().stream()
                .anyMatch(channel -> channel.high() - channel.low() > SCALES * channel.spread());
        if (scales && task != Task.ESTIMATION && trained.examples() > 1) {
            boolean several = trained.values().size() > 1;
            return chosen(
                    "normalize",
                    (several ? Normalization.By.CHANNEL : Normalization.By.SAMPLE).code(),
                    "inputs have levels and scales of their own: all together span more than " + (int) SCALES
                            + " times the range of one");
        }
        return chosen(
                "normalize",
                Normalization.By.SET.code(),
                task == Task.ESTIMATION
                        ? "numbers may depend on how strong an input is"
                        : "inputs have levels and scales alike");
    }

    private Choice augmentation() {
        boolean flat = axes == 1;
        return switch (data.task()) {
            case DENOISING ->
                flat
                        ? chosen("augment", "none", "time has a direction, and other changes would change the noise")
                        : chosen("augment", "flip", "mirrored noise is noise; turning and stretching would smooth it");
            case REGRESSION ->
                flat
                        ? chosen("augment", "none", "values are to be met exactly, and time has a direction")
                        : chosen("augment", "flip", "values stay exact");
            case ESTIMATION ->
                chosen("augment", "noise", "numbers may depend on place, size and level, but not on noise");
            case SEGMENTATION, MULTI_LABEL_SEGMENTATION ->
                flat
                        ? chosen("augment", "gain,noise", "classes stay with other level, gain and noise")
                        : chosen(
                                "augment",
                                mirrored() + (isAnisotropic() ? "" : "rotate,") + "scale,gain,noise",
                                isAnisotropic()
                                        ? "classes stay; not turned, since distances differ from axis to axis"
                                        : "classes stay; leave out what mirrors where left and right have other ones");
            case CLASSIFICATION, MULTI_LABEL_CLASSIFICATION ->
                flat
                        ? chosen("augment", "shift,gain,noise", "the class stays, also elsewhere in time")
                        : chosen(
                                "augment",
                                (isAnisotropic() ? "shift,scale," : "shift,rotate,scale,shear,")
                                        + (isCoarse() ? bent() + "gain,noise:4" : "gain,noise"),
                                "the class stays; not mirrored, since letters and sides would become others"
                                        + (isCoarse() ? "; much noise, since so few elements show shapes alone" : ""));
        };
    }

    /** Bodies that lie in a known way are alike on both sides, not from head to feet. */
    private String mirrored() {
        String orientation = data.description().orientation();
        if (orientation == null) {
            return "flip,";
        }
        return orientation.endsWith("R") || orientation.endsWith("L") ? "sides," : "";
    }

    private boolean isAnisotropic() {
        List<Double> spacing = data.description().spacing();
        return !spacing.isEmpty() && Collections.max(spacing) >= 2 * Collections.min(spacing);
    }

    /** Whether samples have so few elements along each axis that no texture shows. */
    private boolean isCoarse() {
        return Collections.max(window()) <= COARSE;
    }

    /** Shapes stay when bent by up to a part of their size. */
    private String bent() {
        double most = Collections.min(window()) * BENT;
        return "elastic"
                + (most < Augmentation.ELASTIC
                        ? ":" + Math.max(1, Math.rint(10 * most / Augmentation.ELASTIC)) / 10
                        : "")
                + ",";
    }

    /**
     * The sizes of samples to choose from.
     *
     * @return size on each axis, the largest first
     */
    public List<List<Long>> windows() {
        return data.sizes() == null ? List.of(window()) : data.sizes().windows();
    }

    private List<Long> window() {
        return Arrays.stream(data.inputShape()).skip(1).boxed().toList();
    }

    /**
     * A network for samples of a size.
     *
     * @param window size on each axis
     * @param width its channels in units of the usual ones, such as 1 or 0.5
     * @param given options that are fixed
     * @param fixed whether samples are to have exactly that size; else a little less may suit the network better
     * @return the network, with at least 4 channels
     */
    public Network network(List<Long> window, double width, SpecValues given, boolean fixed) {
        boolean whole = data.task().perExample();
        StagePlan plan = plan(window, LEAST_OF_PLANNED, false);
        // of what is to keep its size
        StagePlan own = fixed ? plan(window, LEAST_OF_PLANNED, true) : plan;
        boolean even = plan.isEven() || axes == 1 || own.strides().size() == 1;
        int channel = (int) Math.max(LEAST_CHANNELS, Math.round(recipe.channel() * width));
        String dims = SpatialDims.of(axes).suffix();
        List<Choice> choices = new ArrayList<>();
        SpecValues values;
        String model;
        List<Long> size = window;
        if (whole) {
            model = "resnet.encoder" + dims;
            choices.add(chosen("model", model, "an encoder answers for a whole example"));
            values = doubling(window, channel, choices).with(SpecOption.BLOCK, recipe.residual());
            choices.add(chosen("block", recipe.residual().code(), "shallow networks need no bottlenecks"));
            Normalizer normalizer = data.task() == Task.ESTIMATION ? Normalizer.BATCH : null;
            if (normalizer != null) {
                values = values.with(SpecOption.NORMALIZER, normalizer);
                choices.add(chosen(
                        "normalizer", normalizer.code(), "instance normalisation would forget how strong an input is"));
            }
        } else if (!isPlanned(given) && (even || isDoubling(given))) {
            model = "conv.unet" + dims;
            choices.add(chosen("model", model, "a U-Net answers at each position, and its skips keep details"));
            values = doubling(window, channel, choices);
        } else {
            model = "nnunet.plain" + dims;
            size = own.divisible(window);
            choices.add(chosen(
                    "model",
                    model,
                    even
                            ? "a U-Net that has what is given"
                            : "a U-Net of which each stage has strides and kernels of its own, since "
                                    + (isAnisotropic() ? "distances" : "sizes") + " differ from axis to axis"));
            boolean stagesGiven = given.given().stream().anyMatch(EACH_STAGE::contains);
            values = stagesGiven ? SpecValues.NONE : planned(own, channel, choices);
        }
        return new Network(model, values.with(given), size, choices);
    }

    private StagePlan plan(List<Long> window, int least, boolean exact) {
        return StagePlan.of(window, data.description().spacing(), recipe.kernel(), least, MAX_HALVINGS, exact);
    }

    /** Whether options are given that only networks with planned stages have. */
    private static boolean isPlanned(SpecValues given) {
        return given.given().stream().anyMatch(OF_PLANNED::contains);
    }

    /** Whether options are given that only networks have whose channels double from stage to stage. */
    private static boolean isDoubling(SpecValues given) {
        return given.given().stream().anyMatch(OF_DOUBLING::contains);
    }

    /** Options of networks whose channels double from stage to stage, and which halve all axes alike. */
    private SpecValues doubling(List<Long> window, int channel, List<Choice> choices) {
        StagePlan plan = plan(window, LEAST_OF_DOUBLING, false);
        List<Integer> full = plan.kernels().get(0);
        int[] halvings = plan.halvings();
        int fewest = IntStream.range(0, axes)
                .filter(axis -> full.get(axis) > 1)
                .map(axis -> halvings[axis])
                .min()
                .orElse(0);
        int stages = Math.max(2, fewest);
        List<Integer> layers = Collections.nCopies(stages, recipe.layers()[0]);
        List<Integer> kernel = full.stream().distinct().count() == 1 ? full.subList(0, 1) : full;
        SpecValues values = SpecValues.NONE
                .with(SpecOption.LAYERS, layers)
                .with(SpecOption.CHANNEL, channel)
                .with(SpecOption.KERNEL_SIZE, kernel);
        choices.add(chosen(
                "layers",
                text(values, SpecOption.LAYERS),
                fewest < 2
                        ? "two stages at least"
                        : stages + " halvings leave "
                                + window.stream()
                                        .map(size -> String.valueOf(-Math.floorDiv(-size, 1L << stages)))
                                        .collect(Collectors.joining(" x "))
                                + " of "
                                + window.stream().map(String::valueOf).collect(Collectors.joining(" x "))));
        choices.add(chosen("channel", String.valueOf(channel), channels(channel)));
        choices.add(chosen(
                "kernelSize",
                text(values, SpecOption.KERNEL_SIZE),
                kernel.size() > 1
                        ? "1 along axes with few or far elements"
                        : axes == 1 ? "signals need longer ones" : "the usual one"));
        return values;
    }

    private SpecValues planned(StagePlan plan, int channel, List<Choice> choices) {
        int stages = plan.strides().size();
        List<Integer> features =
                IntStream.range(0, stages).mapToObj(stage -> channel << stage).toList();
        SpecValues values = SpecValues.NONE
                .with(SpecOption.FEATURES, features)
                .with(SpecOption.STRIDES, plan.strides())
                .with(SpecOption.KERNELS, plan.kernels())
                .with(SpecOption.LAYERS, Collections.nCopies(stages, recipe.layers()[0]))
                .with(SpecOption.DECODER_LAYERS, Collections.nCopies(stages - 1, recipe.layers()[0]));
        choices.add(chosen(
                "strides",
                text(values, SpecOption.STRIDES),
                "axes are halved while " + LEAST_OF_PLANNED
                        + " elements are left, those with the smallest distances first"));
        choices.add(chosen(
                "kernels",
                text(values, SpecOption.KERNELS),
                "1 along an axis until its distance is less than twice the smallest"));
        choices.add(chosen("features", text(values, SpecOption.FEATURES), channels(channel)));
        String blocks = "as many units as suit the time";
        choices.add(chosen("layers", text(values, SpecOption.LAYERS), blocks));
        choices.add(chosen("decoderLayers", text(values, SpecOption.DECODER_LAYERS), blocks));
        return values;
    }

    private static String text(SpecValues values, SpecOption<?> option) {
        return values.text(option);
    }

    private String channels(int channel) {
        return channel < recipe.channel()
                ? "fewer, so that the time suffices for some hundred steps"
                : channel > recipe.channel() ? "more, since there is time for many steps" : "the usual number";
    }

    /**
     * How wide a network suits the time.
     *
     * @param steps that the time suffices for with the usual channels; infinite where steps are given
     * @return channels in units of the usual ones, for {@link #network}: 0.25, 0.5, 1 or 2
     */
    public double width(double steps) {
        if (steps < TrainingPlan.STEPS) {
            return steps * HALF_COST < TrainingPlan.STEPS ? 1 / HALF_COST : 0.5;
        }
        return Double.isFinite(steps) && steps / HALF_COST > MANY_STEPS ? 2 : 1;
    }

    /**
     * Samples a batch, before memory and time are looked at.
     *
     * @return those of the data that come along, at most a quarter of the training examples where these are whole
     */
    public int batch() {
        int least = data.task() == Task.ESTIMATION ? LEAST_OF_STATISTICS : 2;
        int most = data.task().perExample() ? Math.max(least, data.training().size() / 4) : recipe.batch();
        return Math.min(recipe.batch(), most);
    }

    /**
     * How the network is trained.
     *
     * @return loss and learning rate
     */
    public List<Choice> training() {
        Losses loss = Losses.of(data.task(), null);
        String why = switch (loss) {
            case DICE_CE -> "the Dice coefficient counts small classes as much as large ones";
            case CROSS_ENTROPY -> data.task().isMultiLabel() ? "the usual one of labels" : "the usual one of classes";
            default -> "the usual one of values";
        };
        return List.of(
                chosen("loss", loss.code(), why),
                chosen(
                        "learningRate",
                        String.valueOf(recipe.learningRate()),
                        "the usual one; a range test finds others"));
    }

    /**
     * How long to train.
     *
     * @param window size of a sample on each axis
     * @param batch samples a step
     * @param secondsPerStep what a step takes
     * @return minutes: those of the data that come along, or more, up to an hour, for ten passes over the data
     */
    public Choice minutes(List<Long> window, int batch, double secondsPerStep) {
        SampleSizes sizes = data.sizes();
        double steps = recipe.minutes() * 60 / secondsPerStep;
        double passes = data.task().perExample() || sizes == null
                ? steps * batch / data.training().size()
                : sizes.passes(steps * batch, window);
        double minutes = Math.rint(Math.min(MOST_MINUTES, recipe.minutes() * Math.max(1, PASSES / passes)));
        return chosen(
                "minutes",
                String.valueOf(minutes),
                minutes > recipe.minutes()
                        ? String.format(Locale.ROOT, "so that samples cover the data %.0f times, or an hour", PASSES)
                        : String.format(Locale.ROOT, "enough for %.0f passes over the data", passes));
    }

    /** {@return minutes for which sizes are chosen before a step was timed} */
    public double usualMinutes() {
        return recipe.minutes();
    }

    private static Choice chosen(String option, String value, String reason) {
        return new Choice(option, value, reason);
    }
}
