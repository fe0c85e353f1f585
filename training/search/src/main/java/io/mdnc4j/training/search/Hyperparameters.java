package io.mdnc4j.training.search;

import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.SpecValues;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of one candidate. What does not apply to it is not there: settings are equal where the trainings are.
 *
 * @param family family of the blocks
 * @param network the network
 * @param geometry kind of block, blocks of each stage, and whatever else of the geometry is searched
 * @param learningRate the highest learning rate
 * @param updater a name of {@link io.mdnc4j.training.fit.Updaters}
 * @param batch samples a step
 * @param weightDecay decoupled weight decay, times the learning rate at each step; 0 for none
 */
public record Hyperparameters(
        Family family,
        Network network,
        SpecValues geometry,
        double learningRate,
        String updater,
        int batch,
        double weightDecay) {
    /** Column of the stages' depths, which belongs to the settings {@code stages} and {@code depth}. */
    static final String LAYERS = "layers";

    /**
     * {@return the settings by name, as text, in the order of {@link Hyperparameter}; the stages' depths as {@code layers},
     * with blanks between}
     */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(Hyperparameter.FAMILY.code(), family.code());
        map.put(Hyperparameter.NETWORK.code(), network.code());
        for (Hyperparameter setting : Hyperparameter.values()) {
            SpecOption<?> option = setting == Hyperparameter.STAGES ? SpecOption.LAYERS : setting.option();
            if (option != null && geometry.given().contains(option)) {
                map.put(option.jsonName(), geometry.text(option).replace(',', ' '));
            } else if (setting == Hyperparameter.CHANNEL && geometry.get(SpecOption.FEATURES) != null) {
                map.put(setting.code(), first(geometry.text(SpecOption.FEATURES)));
            } else if (setting == Hyperparameter.KERNEL_SIZE && geometry.get(SpecOption.KERNELS) != null) {
                map.put(setting.code(), first(geometry.text(SpecOption.KERNELS)));
            }
        }
        map.put(Hyperparameter.LEARNING_RATE.code(), text(learningRate));
        map.put(Hyperparameter.UPDATER.code(), updater);
        map.put(Hyperparameter.BATCH.code(), String.valueOf(batch));
        map.put(Hyperparameter.WEIGHT_DECAY.code(), text(weightDecay));
        return map;
    }

    /** How the candidate is trained. */
    FitConfiguration fit(long seed) {
        return new FitConfiguration(batch, 1, new LearningRate(learningRate), updater, weightDecay, 0, 0, 0, 0, seed);
    }

    /** What is said of the first stage, from which the others follow. */
    private static String first(String stages) {
        return stages.split(",", 2)[0];
    }

    private static String text(double value) {
        return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toString();
    }
}
