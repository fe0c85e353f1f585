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
        String fingerprint) {
    /** Shape of a sample's features, {@code [C, size...]}. */
    public long[] inputShape() {
        return description.inputShape().stream().mapToLong(Long::longValue).toArray();
    }

    /** Channels of the output: classes, or channels of the targets. */
    public long outputChannels() {
        return task.hasClasses()
                ? description.classes().size()
                : validation.get(0).target().size(0);
    }

    /**
     * Batches to train with.
     *
     * @param batch samples a batch
     * @param seed of their order and of what is left to chance
     */
    public EpochIterator training(int batch, long seed) {
        return SampledBatches.shuffled(training, encoding(), batch, seed);
    }

    /** Batches to validate with. */
    public EpochIterator validation(int batch) {
        return SampledBatches.ordered(Sampler.of(validation), encoding(), batch);
    }

    /** What is measured. */
    public Measures measures() {
        return Measures.of(task, description);
    }

    /** The description of a network of that name. */
    public ModelDescription describe(String model) {
        return new ModelDescription(
                model,
                description.task(),
                description.inputShape(),
                description.normalization(),
                description.classes(),
                description.unit(),
                description.samplingRate(),
                description.spacing(),
                Map.of("data", name, "data_sha256", fingerprint));
    }

    private Encoding encoding() {
        return new Encoding(task, description.normalization(), description.classes());
    }
}
