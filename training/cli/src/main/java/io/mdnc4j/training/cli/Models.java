package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.options.SpecOptions;
import io.mdnc4j.training.run.ModelFactory;
import io.mdnc4j.training.task.Recipe;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.NetworkSpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** The networks of the zoo as {@code train} creates them. */
final class Models {
    private static final String MODEL = "model";

    /** Networks whose output has the size of their input. */
    private static final Set<Network> KEEPING_SIZE =
            EnumSet.of(Network.UNET, Network.AUTO_ENCODER, Network.PLAIN, Network.RESIDUAL);

    private Models() {}

    /**
     * The network of that name and geometry.
     *
     * @param recipe what is not given as an option
     * @param loss the loss it is trained with
     * @throws ArgumentException if there is none, or it does not suit the task
     */
    static ModelFactory named(String name, SpecOptions options, TrainingData data, Recipe recipe, Losses loss) {
        ModelName model = ModelName.parse(name);
        long[] inputShape = data.inputShape();
        ArgumentException.require(
                !data.task().perExample() || model.network() == Network.ENCODER,
                MODEL,
                model.name() + " answers at every position",
                data.task().code() + " needs an encoder, such as conv.encoder"
                        + model.dims().suffix());
        ArgumentException.require(
                data.task().perExample() || KEEPING_SIZE.contains(model.network()),
                MODEL,
                "the output of " + model.name() + " has not the size of its input",
                "use a U-Net or an auto-encoder, such as resnet.ae"
                        + model.dims().suffix());
        int axes = inputShape.length - 1;
        ArgumentException.require(
                model.dims().count() == axes,
                MODEL,
                model.name() + " has " + model.dims().count() + " spatial dimensions, the data " + axes,
                "use one with " + axes);
        BlockKind block = model.family() == Family.CONV ? BlockKind.CONV : recipe.residual();
        long[] size = Arrays.copyOfRange(inputShape, 1, inputShape.length);
        options.defaults(model, size, recipe.channel(), block, recipe.kernel(), recipe.normalizer(), recipe.layers());
        options.fit(inputShape[0], data.outputChannels(), data.task().perExample());
        NetworkSpec spec = options.network(model);
        return (shape, settings, seed) -> NetworkModel.builder(spec, Arrays.copyOfRange(shape, 1, shape.length))
                .task(data.task())
                .lossFunction(data.lossFunction(loss))
                .configuration(settings)
                .seed(seed)
                .build()
                .init();
    }
}
