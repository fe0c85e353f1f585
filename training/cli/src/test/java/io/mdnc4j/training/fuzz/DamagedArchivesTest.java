package io.mdnc4j.training.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.zoo.ModelFileException;
import io.mdnc4j.zoo.ModelFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Compressed files and archives, among them zips that Python's {@code zipfile} wrote into a pipe, with data descriptors, and
 * with the fields of zip64. Whichever bit is another, the numbers are those that were written, or it is told.
 */
class DamagedArchivesTest {
    private static final double[] NUMBERS = {1, 2, 3, 4, 5};

    /** Of the network in {@code deflated-zip64-streamed.zip}. */
    private static final int PARAMETERS = 425;

    @TempDir
    Path folder;

    private static byte[] input(String name) throws IOException {
        String resource = FuzzedReaders.class.getSimpleName() + "Inputs/" + name;
        try (InputStream in = DamagedArchivesTest.class.getResourceAsStream(resource)) {
            return in.readAllBytes();
        }
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored-streamed", "stored-zip64-streamed", "deflated-zip64", "deflated-zip64-streamed"})
    void numpysZips(String name) throws IOException {
        byte[] whole = input("npz/" + name + ".npz");
        assertArrayEquals(
                NUMBERS, ArrayFiles.read(file("a.npz", whole)).values().toDoubleVector());
        requireTold("a.npz", whole);
    }

    @ParameterizedTest
    @CsvSource({".nii.gz, NIFTI, 1", ".npz, NPZ, 0"})
    void ourOwn(String suffix, FuzzTarget target, int seed) throws IOException {
        requireTold("a" + suffix, target.seeds().get(seed));
    }

    private void requireTold(String name, byte[] whole) throws IOException {
        INDArray right = ArrayFiles.read(file(name, whole)).values();
        int told = 0;
        for (int at = 0; at < whole.length; at += 3) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << at % Byte.SIZE);
            try {
                assertEquals(right, ArrayFiles.read(file(name, damaged)).values(), "byte " + at);
            } catch (DataException e) {
                told++;
            }
            try {
                assertEquals(
                        right,
                        ArrayFiles.read(file(name, Arrays.copyOf(whole, at))).values(),
                        "cut at " + at);
            } catch (DataException e) {
                told++;
            }
        }
        assertTrue(told > whole.length / 3, told + " of " + whole.length);
    }

    @Test
    void models() throws IOException {
        byte[] whole = input("model/deflated-zip64-streamed.zip");
        INDArray right = ModelFiles.read(file("m.zip", whole)).params();
        assertEquals(PARAMETERS, right.length());
        // the sizes in its directory, whose zip64 fields and data descriptors contradict each other then
        for (int at = whole.length - 700; at < whole.length; at += 31) {
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, at, Math.min(at + Integer.BYTES, whole.length), (byte) 0xff);
            try {
                assertEquals(right, ModelFiles.read(file("m.zip", damaged)).params(), "byte " + at);
            } catch (ModelFileException e) {
                assertTrue(e.getMessage().contains("m.zip"), e.getMessage());
            }
        }
    }
}
