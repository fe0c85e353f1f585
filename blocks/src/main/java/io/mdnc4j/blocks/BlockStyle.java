package io.mdnc4j.blocks;

/**
 * What the units of a block consist of.
 *
 * @param normalizer the normalisation
 * @param activator the activation
 * @param order the order of the layers; without a normalisation it is always {@link LayerOrder#OLD}
 */
public record BlockStyle(Normalizer normalizer, Activator activator, LayerOrder order) {
    /** Affine instance normalisation, PReLU, normalisation first: the style of all networks in the zoo. */
    public static final BlockStyle DEFAULT =
            new BlockStyle(Normalizer.AFFINE_INSTANCE, Activator.PRELU, LayerOrder.NEW);

    /** {@return whether units have a normalisation} */
    public boolean normalizes() {
        return normalizer != Normalizer.NONE;
    }

    /** {@return whether units begin with a normalisation, and so end in their convolution} */
    public boolean normalizesFirst() {
        return normalizes() && order == LayerOrder.NEW;
    }
}
