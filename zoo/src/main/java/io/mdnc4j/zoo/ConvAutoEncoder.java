package io.mdnc4j.zoo;

/**
 * Auto-encoder of modern convolutions: encoder and decoder without skips; {@code [N, C, size...]} to {@code [N, outPlanes, size...]}, in 1, 2 or 3 dimensions.
 *
 * <pre>{@code
 * ComputationGraph network = ConvAutoEncoder.builder().inputShape(3, 64, 63).outPlanes(1).layers(2, 2, 3).build().init();
 * }</pre>
 */
@SuppressWarnings("unchecked") // DL4J declares <M extends Model> M init()
public final class ConvAutoEncoder extends NetworkModel {
    private ConvAutoEncoder(ModelSettings settings) {
        super(settings);
    }

    /** Settings, all with defaults. */
    public static Builder<ConvAutoEncoder> builder() {
        return new Builder<>(Family.CONV, Network.AUTO_ENCODER, ConvAutoEncoder::new);
    }
}
