package io.mdnc4j.training.fuzz;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/**
 * The readers with files that Jazzer makes up, one method for each: in a process of its own, as
 * {@link ReadersFuzzTest#manyFiles} starts them, or by
 *
 * <pre>{@code
 * JAZZER_FUZZ=1 mvn test -pl training/cli -am -Dtest=FuzzedReaders#nifti -Dsurefire.failIfNoSpecifiedTests=false
 * }</pre>
 *
 * <p>Surefire passes it over otherwise, for Jazzer changes the classes of its process. What Jazzer finds it leaves among the
 * inputs, {@code src/test/resources/io/mdnc4j/training/fuzz/FuzzedReadersInputs}, where the default tests try it from then on.
 */
class FuzzedReaders {
    @FuzzTest
    void nifti(byte[] bytes) throws IOException {
        FuzzTarget.NIFTI.attack(bytes);
    }

    @FuzzTest
    void npy(byte[] bytes) throws IOException {
        FuzzTarget.NPY.attack(bytes);
    }

    @FuzzTest
    void npz(byte[] bytes) throws IOException {
        FuzzTarget.NPZ.attack(bytes);
    }

    @FuzzTest
    void hdf5(byte[] bytes) throws IOException {
        FuzzTarget.HDF5.attack(bytes);
    }

    @FuzzTest
    void table(byte[] bytes) throws IOException {
        FuzzTarget.TABLE.attack(bytes);
    }

    @FuzzTest
    void image(byte[] bytes) throws IOException {
        FuzzTarget.IMAGE.attack(bytes);
    }

    @FuzzTest
    void wave(byte[] bytes) throws IOException {
        FuzzTarget.WAVE.attack(bytes);
    }

    @FuzzTest
    void list(byte[] bytes) throws IOException {
        FuzzTarget.LIST.attack(bytes);
    }

    @FuzzTest
    void safetensors(byte[] bytes) throws IOException {
        FuzzTarget.SAFETENSORS.attack(bytes);
    }

    @FuzzTest
    void torch(byte[] bytes) throws IOException {
        FuzzTarget.TORCH.attack(bytes);
    }

    @FuzzTest
    void pickle(byte[] bytes) throws IOException {
        FuzzTarget.PICKLE.attack(bytes);
    }

    @FuzzTest
    void model(byte[] bytes) throws IOException {
        FuzzTarget.MODEL.attack(bytes);
    }

    @FuzzTest
    void configuration(byte[] bytes) throws IOException {
        FuzzTarget.CONFIGURATION.attack(bytes);
    }

    @FuzzTest
    void parameters(byte[] bytes) throws IOException {
        FuzzTarget.PARAMETERS.attack(bytes);
    }

    @FuzzTest
    void description(byte[] bytes) throws IOException {
        FuzzTarget.DESCRIPTION.attack(bytes);
    }

    @FuzzTest
    void rdf(byte[] bytes) throws IOException {
        FuzzTarget.RDF.attack(bytes);
    }

    @FuzzTest
    void state(byte[] bytes) throws IOException {
        FuzzTarget.STATE.attack(bytes);
    }

    @FuzzTest
    void history(byte[] bytes) throws IOException {
        FuzzTarget.HISTORY.attack(bytes);
    }

    @FuzzTest
    void options(byte[] bytes) throws IOException {
        FuzzTarget.OPTIONS.attack(bytes);
    }

    @FuzzTest
    void space(byte[] bytes) throws IOException {
        FuzzTarget.SPACE.attack(bytes);
    }

    @FuzzTest
    void download(byte[] bytes) throws IOException {
        // to nobody else: what a server answers may refer to other places
        BugDetectors.allowNetworkConnections((host, port) -> host.equals("127.0.0.1") || host.equals("localhost"));
        FuzzTarget.DOWNLOAD.attack(bytes);
    }
}
