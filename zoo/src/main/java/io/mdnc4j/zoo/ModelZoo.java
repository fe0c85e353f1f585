package io.mdnc4j.zoo;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** The ZooModel of each family and network. */
final class ModelZoo {
    private static final Map<Family, Map<Network, Supplier<NetworkModel.Builder<? extends NetworkModel>>>> MODELS =
            new EnumMap<>(Family.class);

    static {
        add(Family.CONV, Network.UNET, ConvUNet::builder);
        add(Family.CONV, Network.AUTO_ENCODER, ConvAutoEncoder::builder);
        add(Family.CONV, Network.ENCODER, ConvEncoder::builder);
        add(Family.CONV, Network.DECODER, ConvDecoder::builder);
        add(Family.RESNET, Network.UNET, ResUNet::builder);
        add(Family.RESNET, Network.AUTO_ENCODER, ResAutoEncoder::builder);
        add(Family.RESNET, Network.ENCODER, ResEncoder::builder);
        add(Family.RESNET, Network.DECODER, ResDecoder::builder);
        add(Family.NNUNET, Network.PLAIN, PlainConvUNet::builder);
        add(Family.NNUNET, Network.RESIDUAL, ResidualEncoderUNet::builder);
    }

    private ModelZoo() {}

    private static void add(
            Family family, Network network, Supplier<NetworkModel.Builder<? extends NetworkModel>> builder) {
        MODELS.computeIfAbsent(family, key -> new EnumMap<>(Network.class)).put(network, builder);
    }

    static NetworkModel.Builder<? extends NetworkModel> builder(Family family, Network network) {
        return MODELS.get(family).get(network).get();
    }
}
