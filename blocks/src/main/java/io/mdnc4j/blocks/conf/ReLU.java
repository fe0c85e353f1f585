package io.mdnc4j.blocks.conf;

import io.mdnc4j.blocks.ArgumentException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rectifier, {@code max(x, 0)}, on {@code [N, C, ...]}; its gradient at 0 is 0. Unlike DL4J's activation layer it never
 * works in place, so that a tensor that also feeds a shortcut stays intact.
 */
public class ReLU extends Rectifier {
    /** For Jackson, which then sets the fields. */
    protected ReLU() {}

    /**
     * A layer with these settings.
     *
     * @param builder the settings
     * @throws ArgumentException if one is missing or out of range
     */
    protected ReLU(Builder builder) {
        super(builder);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of();
    }

    @Override
    protected List<@Nullable Object> settings() {
        return List.of(isInPlace());
    }

    /** Settings of a {@link ReLU}: none of its own. */
    @SuppressWarnings("unchecked") // DL4J declares <E extends Layer> E build()
    public static class Builder extends Rectifier.Builder<Builder> {
        /** Default: not in place. */
        public Builder() {}

        @Override
        public ReLU build() {
            return new ReLU(this);
        }
    }
}
