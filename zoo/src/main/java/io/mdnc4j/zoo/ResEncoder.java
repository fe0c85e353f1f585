package io.mdnc4j.zoo;

/**
 * Encoder of residual blocks; {@code [N, C, size...]} to {@code [N, outLength]}, or to a map of features, in 1, 2 or 3 dimensions.
 *
 * <pre>{@code
 * ComputationGraph network = ResEncoder.builder().inputShape(3, 64, 63).outLength(10).layers(2, 2, 3).build().init();
 * }</pre>
 */
@SuppressWarnings("unchecked") // DL4J declares <M extends Model> M init()
public final class ResEncoder extends NetworkModel {
    private ResEncoder(ModelSettings settings) {
        super(settings);
    }

    /** Settings, all with defaults. */
    public static Builder<ResEncoder> builder() {
        return new Builder<>(Family.RESNET, Network.ENCODER, ResEncoder::new);
    }
}
