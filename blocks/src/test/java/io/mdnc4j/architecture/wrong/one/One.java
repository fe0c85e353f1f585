package io.mdnc4j.architecture.wrong.one;

import io.mdnc4j.architecture.wrong.two.Two;

/** One half of a cycle. */
public class One {
    Two other;
}
