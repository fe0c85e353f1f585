package io.mdnc4j.training.task;

import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import java.util.Map;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A simple method beside which networks are measured.
 *
 * @param key what its metrics begin with, such as {@code filter} for {@code filter_snr_db}
 * @param fit chooses the method's settings; some choose them with the test targets at hand, which flatters the method
 */
public record Baseline(String key, Function<Examples, Method> fit) {
    /**
     * A method with its settings.
     *
     * @param title what it is
     * @param settings by name
     * @param answer output for an example, as a network's would be
     */
    public record Method(String title, Map<String, ? extends Number> settings, Function<Example, INDArray> answer) {}
}
