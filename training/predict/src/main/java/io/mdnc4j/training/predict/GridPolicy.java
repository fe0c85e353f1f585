package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.Coded;
import java.util.Locale;

/** What becomes of inputs that lie on another grid than those that a network was trained on. */
public enum GridPolicy implements Coded {
    /** They are brought to the network's grid, and its answers back to their own. */
    RESAMPLE,
    /** They are refused. */
    REFUSE,
    /** They are used as they are, element by element. */
    IGNORE;

    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
