package io.mdnc4j.zoo;

/**
 * Auto-encoder of residual blocks: encoder and decoder without skips; {@code [N, C, size...]} to {@code [N, outPlanes, size...]}, in 1, 2 or 3 dimensions.
 *
 * <pre>{@code
 * ComputationGraph network = ResAutoEncoder.builder().inputShape(3, 64, 63).outPlanes(1).layers(2, 2, 3).build().init();
 * }</pre>
 */
@SuppressWarnings("unchecked") // DL4J declares <M extends Model> M init()
public final class ResAutoEncoder extends NetworkModel {
    private ResAutoEncoder(ModelSettings settings) {
        super(settings);
    }

    /** Settings, all with defaults. */
    public static Builder<ResAutoEncoder> builder() {
        return new Builder<>(Family.RESNET, Network.AUTO_ENCODER, ResAutoEncoder::new);
    }
}
