package io.mdnc4j.architecture.wrong.two;

import io.mdnc4j.architecture.wrong.two.internal.Hidden;

/** Uses its own internals, as it may. */
public class AtHome {
    private final Hidden hidden = new Hidden();

    @Override
    public String toString() {
        return hidden.toString();
    }
}
