package io.mdnc4j.training.fit;

import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.learning.TorchAdam;
import java.util.Locale;
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
public enum Updaters implements Coded {
    /** Adam as PyTorch computes it. Kingma and Ba, arXiv:1412.6980. */
    ADAM(TorchAdam::new),
    /** Adam with decoupled weight decay. Loshchilov and Hutter, arXiv:1711.05101. */
    ADAMW(TorchAdam::new),
    /** Adam whose second moments do not fall. */
    AMSGRAD(AMSGrad::new),
    /** Adam by the infinity norm. */
    ADAMAX(AdaMax::new),
    /** Adam by the deviation from the expected gradient. */
    ADABELIEF(AdaBelief::new),
    /** Adam with Nesterov's momentum. */
    NADAM(Nadam::new),
    /** Gradient descent with Nesterov's momentum of 0.9. */
    NESTEROVS(rate -> new Nesterovs(rate, 0.9)),
    /** Gradients over their running root mean square. */
    RMSPROP(RmsProp::new),
    /** Plain gradient descent. */
    SGD(Sgd::new);

    private static final double DECAY_OF_ADAMW = 0.01;

    private final DoubleFunction<IUpdater> create;

    Updaters(DoubleFunction<IUpdater> create) {
        this.create = create;
    }

    /** The name as an option: {@code adamw} ... */
    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The updater of that name.
     *
     * @param code its name, in any case
     * @return the updater
     * @throws io.mdnc4j.blocks.ArgumentException if there is none
     */
    public static Updaters parse(String code) {
        return Coded.parse(Updaters.class, "updater", code);
    }

    /**
     * {@return a new configuration of DL4J's updater, the rest of its settings at their defaults}
     *
     * @param learningRate the rate to begin with
     */
    public IUpdater create(double learningRate) {
        return create.apply(learningRate);
    }

    /** {@return the decoupled weight decay unless another is given: 0.01 for {@link #ADAMW}, else 0} */
    public double weightDecay() {
        return this == ADAMW ? DECAY_OF_ADAMW : 0;
    }
}
