package io.mdnc4j.architecture.wrong.one;

import io.mdnc4j.architecture.wrong.two.internal.Hidden;

/** Uses what is internal elsewhere, and shows it. */
public class Intruder {
    public Hidden[] hidden() {
        return new Hidden[0];
    }
}
