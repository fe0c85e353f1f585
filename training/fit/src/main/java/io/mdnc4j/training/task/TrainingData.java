package io.mdnc4j.training.task;

import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.data.SampledBatches;
import io.mdnc4j.training.data.Sampler;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Task;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
        Examples wholeValidation) {
    /**
     * Data that fix the size of training samples.
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
                validation);
    }

    /**
     * The same with a validation part of whole examples, too.
     *
     * @param whole as the test part is, in examples of any size
     * @return a changed copy
     */
    public TrainingData withWholeValidation(Examples whole) {
        return new TrainingData(
                name,
                task,
                description,
                training,
                validation,
                test,
                baselines,
                recipes,
                fingerprint,
                sizes,
                overview,
                whole);
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

    /** {@return what is measured of predictions: metrics of values or of classes, as suits the task} */
    public Measures measures() {
        return Measures.of(task, description);
    }

    /**
     * The description of a network, with the name and fingerprint of the data among its properties.
     *
     * @param model name of the network
     * @return what is stored beside it
     */
    public ModelDescription describe(String model) {
        return description
                .withModel(model)
                .withProperties(Map.of("data", name, ModelDescription.DATA_SHA256, fingerprint));
    }

    private Encoding encoding() {
        return new Encoding(task, description);
    }
}
