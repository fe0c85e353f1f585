package io.mdnc4j.training.search;

import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.learning.TorchAdam;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** The updaters to choose from, with DL4J's defaults for all but the learning rate. */
public enum UpdaterKind implements Coded {
    /** Adam with PyTorch's place for epsilon; with weight decay this is AdamW. */
    ADAM(TorchAdam::new),
    /** Adam whose second moment never falls. */
    AMSGRAD(AMSGrad::new),
    /** Adam by the largest gradient. */
    ADAMAX(AdaMax::new),
    /** Adam with Nesterov momentum. */
    NADAM(Nadam::new),
    /** Stochastic gradient descent with Nesterov momentum 0.9. */
    NESTEROVS(Nesterovs::new),
    /** RMSProp. */
    RMSPROP(RmsProp::new),
    /** Stochastic gradient descent. */
    SGD(Sgd::new);

    private final DoubleFunction<IUpdater> create;

    UpdaterKind(DoubleFunction<IUpdater> create) {
        this.create = create;
    }

    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** An updater with that learning rate. */
    public IUpdater create(double learningRate) {
        return create.apply(learningRate);
    }
}
