package io.mdnc4j.training.task;

import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.data.SampledBatches;
import io.mdnc4j.training.data.Sampler;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * What is to be learned: what a network is to answer, and examples in three parts. Settings are chosen on the validation part; the test
 * part is looked at once.
 *
 * @param name short name of the data, used in the names of runs
 * @param task what a network is to answer
 * @param description what a network trained for it needs to know; without the network's name
 * @param training draws training samples of {@code description.inputShape()}
 * @param validation samples of the same shape, the same each time
 * @param test examples of any size
 * @param baselines simple methods to compare with
 * @param recipes settings for a network
 * @param fingerprint SHA-256 of the data, in hexadecimal
 * @param sizes which sizes training samples can have; {@code null} where the data fix that
 * @param overview what was found in the data, for those who are about to use them
 * @param wholeValidation the validation part as the test part is, in examples of any size
 * @param supervision what the targets of training and validation part are
 * @param tested what those of the test part are
 */
public record TrainingData(
        String name,
        Task task,
        ModelDescription description,
        Sampler training,
        Examples validation,
        Examples test,
        List<Baseline> baselines,
        Function<ModelName, Recipe> recipes,
        String fingerprint,
        @Nullable SampleSizes sizes,
        DataOverview overview,
        Examples wholeValidation,
        Supervision supervision,
        Supervision tested) {
    /** Property of the description of a network that was trained on one fold, such as {@code 2 of 5}. */
    public static final String FOLD = "fold";

    /**
     * Data with clean targets that fix the size of training samples.
     *
     * @param name short name of the data, used in the names of runs
     * @param task what a network is to answer
     * @param description what a network trained for it needs to know; without the network's name
     * @param training draws training samples of {@code description.inputShape()}
     * @param validation samples of the same shape, the same each time
     * @param test examples of any size
     * @param baselines simple methods to compare with
     * @param recipes settings for a network
     * @param fingerprint SHA-256 of the data, in hexadecimal
     */
    public TrainingData(
            String name,
            Task task,
            ModelDescription description,
            Sampler training,
            Examples validation,
            Examples test,
            List<Baseline> baselines,
            Function<ModelName, Recipe> recipes,
            String fingerprint) {
        this(
                name,
                task,
                description,
                training,
                validation,
                test,
                baselines,
                recipes,
                fingerprint,
                null,
                DataOverview.of(task, description, validation.size(), test.size()),
                validation,
                Supervision.CLEAN,
                Supervision.CLEAN);
    }

    /**
     * The same with a validation part of whole examples, too.
     *
     * @param whole as the test part is, in examples of any size
     * @return a changed copy
     */
    public TrainingData withWholeValidation(Examples whole) {
        return with(description, whole);
    }

    /** The same as one of so many folds, which the network's description says. */
    TrainingData ofFold(int fold, int count) {
        return with(description.withProperties(Map.of(FOLD, fold + " of " + count)), wholeValidation);
    }

    private TrainingData with(ModelDescription described, Examples whole) {
        return new TrainingData(
                name,
                task,
                described,
                training,
                validation,
                test,
                baselines,
                recipes,
                fingerprint,
                sizes,
                overview,
                whole,
                supervision,
                tested);
    }

    /** {@return the shape of a sample's features, {@code [C, size...]}} */
    public long[] inputShape() {
        return description.inputShape().stream().mapToLong(Long::longValue).toArray();
    }

    /** {@return the channels of the output: classes, or channels of the targets} */
    public long outputChannels() {
        return task.hasClasses()
                ? description.classes().size()
                : validation.get(0).target().size(0);
    }

    /**
     * Batches to train with: features {@code [N, C, size...]} and labels as {@link Encoding} makes them.
     *
     * @param batch samples a batch, at least 1
     * @param seed of their order and of what is left to chance
     * @return whole batches, others in each epoch
     */
    public EpochIterator training(int batch, long seed) {
        return SampledBatches.shuffled(training, encoding(), batch, seed);
    }

    /**
     * Batches to validate with.
     *
     * @param batch samples a batch, at least 1
     * @return the same batches every epoch, the last of which may be smaller
     */
    public EpochIterator validation(int batch) {
        return SampledBatches.ordered(Sampler.of(validation), encoding(), batch);
    }

    /** {@return what is measured of predictions of the test part: metrics of values or of classes, as suits the task} */
    public Measures measures() {
        return tested.measures(task, description);
    }

    /** {@return the same of the validation part, whose targets may be noisy where those of the test part are not} */
    public Measures validationMeasures() {
        return supervision.measures(task, description);
    }

    /**
     * A loss that suits the labels of the training part.
     *
     * @param kind which one
     * @return a new loss function
     * @throws io.mdnc4j.blocks.ArgumentException if only some values of a target are known, and it needs all
     */
    public ILossFunction lossFunction(Losses kind) {
        return task.isMultiLabel() ? kind.createOfLabels() : supervision.loss(kind);
    }

    /**
     * The description of a network, with the name and fingerprint of the data among its properties.
     *
     * @param model name of the network
     * @return what is stored beside it
     */
    public ModelDescription describe(String model) {
        Map<String, String> properties = new HashMap<>(description.properties());
        properties.putAll(Map.of("data", name, ModelDescription.DATA_SHA256, fingerprint));
        if (supervision != Supervision.CLEAN) {
            properties.put("supervision", supervision.code());
        }
        return description.withModel(model).withProperties(properties);
    }

    private Encoding encoding() {
        return new Encoding(task, description);
    }
}
