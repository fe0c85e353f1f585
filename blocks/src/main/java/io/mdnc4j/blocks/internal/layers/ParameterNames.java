package io.mdnc4j.blocks.internal.layers;

/** Names of parameters, by which layers find them. A name must not contain an underscore in DL4J. */
public final class ParameterNames {
    public static final String WEIGHT = "weight";
    public static final String BIAS = "bias";
    public static final String RUNNING_MEAN = "runningMean";
    public static final String RUNNING_VAR = "runningVar";

    private ParameterNames() {}
}
