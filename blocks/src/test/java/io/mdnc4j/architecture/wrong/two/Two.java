package io.mdnc4j.architecture.wrong.two;

import io.mdnc4j.architecture.wrong.one.One;

/** One half of a cycle. */
public class Two {
    One other;
}
