package io.mdnc4j.training.search;

import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.training.fit.FitSettings;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.Network;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings of one candidate. What does not apply to it is not there: settings are equal where the trainings are.
 *
 * @param layers blocks of each stage
 * @param kernelSize kernel size on all axes
 * @param learningRate the highest
 * @param updater a name of {@link io.mdnc4j.training.fit.Updaters}
 * @param batch samples a step
 */
public record Settings(
        Family family,
        Network network,
        BlockKind block,
        List<Integer> layers,
        int channel,
        int kernelSize,
        double learningRate,
        String updater,
        int batch,
        double weightDecay) {
    /** Column of the stages' depths, which belongs to the settings {@code stages} and {@code depth}. */
    static final String LAYERS = "layers";

    /** By name, as text, in the order of {@link Setting}; the stages' depths as {@code layers}, with blanks between. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(Setting.FAMILY.code(), family.code());
        map.put(Setting.NETWORK.code(), network.code());
        map.put(Setting.BLOCK.code(), block.code());
        map.put(LAYERS, layers.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        map.put(Setting.CHANNEL.code(), String.valueOf(channel));
        map.put(Setting.KERNEL_SIZE.code(), String.valueOf(kernelSize));
        map.put(Setting.LEARNING_RATE.code(), text(learningRate));
        map.put(Setting.UPDATER.code(), updater);
        map.put(Setting.BATCH.code(), String.valueOf(batch));
        map.put(Setting.WEIGHT_DECAY.code(), text(weightDecay));
        return map;
    }

    /** How the candidate is trained. */
    FitSettings fit(long seed) {
        return new FitSettings(batch, 1, new LearningRate(learningRate), updater, weightDecay, 0, 0, 0, seed);
    }

    private static String text(double value) {
        return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toString();
    }
}
