package io.mdnc4j.blocks.backends;

import org.nd4j.common.io.Resource;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4jBackend;

/**
 * What runs before ND4J loads its natives, whoever starts it: ND4J creates all backends that its service files name before it
 * asks the first whether it is available. This one never is, and is asked last. Who packs everything into one jar merges
 * service files, as for ND4J's own.
 */
public final class BeforeBackends extends Nd4jBackend {
    /** For ND4J's service loader. */
    public BeforeBackends() {
        WaitingThreads.sleepSoon();
        PresetVersions.acceptQuietly();
    }

    /** Below all others. */
    @Override
    public int getPriority() {
        return Short.MIN_VALUE; // differences are taken of priorities
    }

    @Override
    public boolean isAvailable() {
        return false;
    }

    @Override
    public boolean canRun() {
        return false;
    }

    @Override
    public boolean allowsOrder() {
        throw none();
    }

    @Override
    public Resource getConfigurationResource() {
        throw none();
    }

    @Override
    @SuppressWarnings("rawtypes") // ND4J's signature
    public Class getNDArrayClass() {
        throw none();
    }

    @Override
    public Environment getEnvironment() {
        throw none();
    }

    @Override
    public String buildInfo() {
        throw none();
    }

    @Override
    public void logBackendInit() {
        throw none();
    }

    private static UnsupportedOperationException none() {
        return new UnsupportedOperationException("not a backend to compute with");
    }
}
