package io.mdnc4j.training.fit;

import io.mdnc4j.blocks.learning.TorchAdam;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** DL4J's updaters by name, with their default settings. */
public final class Updaters {
    /** The name of Adam with decoupled weight decay, Loshchilov and Hutter, arXiv:1711.05101. */
    public static final String ADAM_W = "adamw";

    private static final double DECAY_OF_ADAM_W = 0.01;
    private static final double MOMENTUM = 0.9;
    private static final Map<String, DoubleFunction<IUpdater>> TABLE = new LinkedHashMap<>();

    static {
        TABLE.put("adam", TorchAdam::new);
        TABLE.put(ADAM_W, TorchAdam::new);
        TABLE.put("amsgrad", AMSGrad::new);
        TABLE.put("adamax", AdaMax::new);
        TABLE.put("adabelief", AdaBelief::new);
        TABLE.put("nadam", Nadam::new);
        TABLE.put("nesterovs", rate -> new Nesterovs(rate, MOMENTUM));
        TABLE.put("rmsprop", RmsProp::new);
        TABLE.put("sgd", Sgd::new);
    }

    private Updaters() {}

    /**
     * The updater of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static IUpdater named(String name, double learningRate) {
        DoubleFunction<IUpdater> updater = TABLE.get(name.toLowerCase(Locale.ROOT));
        if (updater == null) {
            throw new IllegalArgumentException("updater: \"" + name + "\" is not known; use one of " + names());
        }
        return updater.apply(learningRate);
    }

    /** The weight decay of that updater unless another is given. */
    public static double weightDecay(String name) {
        return name.equalsIgnoreCase(ADAM_W) ? DECAY_OF_ADAM_W : 0;
    }

    /** All names, separated by commas. */
    public static String names() {
        return String.join(", ", TABLE.keySet());
    }
}
