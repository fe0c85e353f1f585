package io.mdnc4j.architecture.wrong.two.internal;

/** For {@code two} only. */
public class Hidden {}
