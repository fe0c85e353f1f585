package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.zoo.PretrainedType;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * All that a {@link NetworkModel} is described by, checked and final.
 *
 * @param named whether the model's name fixed its dimensions
 * @param size spatial size of the input, one number an axis; decoders fix their own
 * @param weightInit {@code null} for PyTorch's
 */
record ModelSettings(
        NetworkSpec spec,
        boolean named,
        List<Long> size,
        long seed,
        IUpdater updater,
        @Nullable IWeightInit weightInit,
        CacheMode cacheMode,
        WorkspaceMode workspaceMode,
        ILossFunction lossFunction,
        IActivation outputActivation,
        Consumer<NeuralNetConfiguration.Builder> configuration,
        Map<PretrainedType, Pretrained> pretrained) {
    ModelSettings {
        size = List.copyOf(size);
        pretrained = Map.copyOf(pretrained);
    }

    /** The type of the input. */
    InputType inputType() {
        return spec.inputType(size.stream().mapToLong(n -> n).toArray());
    }

    /**
     * The same for inputs of another shape, {@code C, size...}, whose dimensions it then has.
     *
     * @throws ArgumentException if it is no such shape, or this is a decoder
     */
    ModelSettings withInputShape(int... shape) {
        ArgumentException.require(
                spec.network() != Network.DECODER,
                NetworkModel.INPUT_SHAPE,
                shape,
                "leave it out, since a decoder's input follows from outSize, inLength, channel and layers");
        requireShape(shape);
        SpatialDims dims = SpatialDims.of(shape.length - 1);
        ArgumentException.require(
                !named || dims == spec.dims(),
                NetworkModel.INPUT_SHAPE,
                shape,
                "give channels and one number for each of the " + spec.dims().count() + " dimensions of "
                        + spec.modelName());
        SpecValues values = spec.values().with(SpecOption.IN_PLANES, (long) shape[0]);
        List<Integer> kernel = spec.value(SpecOption.KERNEL_SIZE);
        if (dims != spec.dims() && kernel.stream().distinct().count() == 1) {
            values = values.with(SpecOption.KERNEL_SIZE, kernel.subList(0, 1)); // one number for all axes
        }
        return new ModelSettings(
                new NetworkSpec(spec.family(), spec.network(), dims, values),
                named,
                Arrays.stream(shape).skip(1).asLongStream().boxed().toList(),
                seed,
                updater,
                weightInit,
                cacheMode,
                workspaceMode,
                lossFunction,
                outputActivation,
                configuration,
                pretrained);
    }

    /** Refuses what is not channels and 1 to 3 sizes, all at least 1. */
    static void requireShape(int... shape) {
        boolean axes = shape.length >= 2 && shape.length <= SpatialDims.values().length + 1;
        ArgumentException.require(
                axes && Arrays.stream(shape).allMatch(length -> length >= 1),
                NetworkModel.INPUT_SHAPE,
                shape,
                "give channels and 1 to 3 sizes, all at least 1, such as 3, 64, 64");
    }
}
