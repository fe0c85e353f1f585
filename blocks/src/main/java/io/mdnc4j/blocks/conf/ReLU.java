package io.mdnc4j.blocks.conf;

import java.util.List;

/**
 * Rectifier, {@code max(x, 0)}, on {@code [N, C, ...]}; its gradient at 0 is 0. Unlike DL4J's activation layer it never
 * works in place, so that a tensor that also feeds a shortcut stays intact.
 */
public class ReLU extends Rectifier {
    /** For Jackson. */
    protected ReLU() {}

    protected ReLU(Builder builder) {
        super(builder);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    protected List<Object> settings() {
        return List.of(isInPlace());
    }

    /** Settings of a {@link ReLU}: none of its own. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends Rectifier.Builder<Builder> {
        @Override
        public ReLU build() {
            return new ReLU(this);
        }
    }
}
