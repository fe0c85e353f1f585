package io.mdnc4j.zoo;

/**
 * Decoder of modern convolutions; {@code [N, inLength]}, or a map of features, to {@code [N, outPlanes, outSize...]}, in 1, 2 or 3 dimensions.
 *
 * <pre>{@code
 * ComputationGraph network = ConvDecoder.builder().outSize(64, 63).inLength(32).layers(2, 2, 3).build().init();
 * }</pre>
 */
@SuppressWarnings("unchecked") // DL4J declares <M extends Model> M init()
public final class ConvDecoder extends NetworkModel {
    private ConvDecoder(ModelSettings settings) {
        super(settings);
    }

    /** Settings, all with defaults but the output's size. */
    public static Builder<ConvDecoder> builder() {
        return new Builder<>(Family.CONV, Network.DECODER, ConvDecoder::new);
    }
}
