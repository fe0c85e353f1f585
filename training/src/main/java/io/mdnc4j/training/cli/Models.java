package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.BlockKind;
import io.mdnc4j.training.options.SpecOptions;
import io.mdnc4j.training.run.ModelFactory;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.NetworkSpec;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The networks of the zoo as {@code train} creates them. */
final class Models {
    /** Networks whose output has the size of their input. */
    private static final Set<Network> KEEPING_SIZE = EnumSet.of(Network.UNET, Network.AUTO_ENCODER);

    /** Small enough to learn a few minutes of a signal in two minutes on two cores. */
    private static final int CHANNEL = 16;

    private static final int[] LAYERS = {1, 1, 1};

    private static final int KERNEL = 5;

    private static final Map<Family, BlockKind> BLOCKS =
            new EnumMap<>(Map.of(Family.CONV, BlockKind.CONV, Family.RESNET, BlockKind.PLAIN));

    private Models() {}

    /**
     * The network of that name and geometry.
     *
     * @param inputShape shape of the data without samples, {@code [C, size...]}
     * @throws IllegalArgumentException if there is none, or it does not suit the data
     */
    static ModelFactory named(String name, SpecOptions options, long... inputShape) {
        ModelName model = ModelName.parse(name);
        if (!KEEPING_SIZE.contains(model.network())) {
            throw new IllegalArgumentException("model: the output of " + model.name()
                    + " has not the size of its input; use a U-Net or an auto-encoder, such as resnet.ae1d");
        }
        if (model.dims().arrayRank() != inputShape.length + 1) {
            throw new IllegalArgumentException("model: " + model.name() + " has "
                    + model.dims().count() + " spatial dimensions, the data " + (inputShape.length - 1)
                    + "; use one with " + (inputShape.length - 1));
        }
        options.defaults(model, CHANNEL, BLOCKS.get(model.family()), KERNEL, LAYERS);
        NetworkSpec spec = options.network(model);
        return (shape, updater, seed) -> NetworkModel.builder(spec, Arrays.copyOfRange(shape, 1, shape.length))
                .updater(updater)
                .seed(seed)
                .build()
                .init();
    }
}
