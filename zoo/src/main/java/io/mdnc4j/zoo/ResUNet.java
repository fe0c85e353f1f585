package io.mdnc4j.zoo;

/**
 * U-Net of residual blocks: encoder and decoder with skips between stages of equal size; {@code [N, C, size...]} to {@code [N, outPlanes, size...]}, in 1, 2 or 3 dimensions.
 *
 * <pre>{@code
 * ComputationGraph network = ResUNet.builder().inputShape(3, 64, 63).outPlanes(1).layers(2, 2, 3).build().init();
 * }</pre>
 */
@SuppressWarnings("unchecked") // DL4J declares <M extends Model> M init()
public final class ResUNet extends NetworkModel {
    private ResUNet(ModelSettings settings) {
        super(settings);
    }

    /** Settings, all with defaults. */
    public static Builder<ResUNet> builder() {
        return new Builder<>(Family.RESNET, Network.UNET, ResUNet::new);
    }
}
