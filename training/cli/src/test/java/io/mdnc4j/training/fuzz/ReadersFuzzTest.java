package io.mdnc4j.training.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.Jazzer;
import io.mdnc4j.training.files.ArrayFiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Readers of files from elsewhere keep what {@link FuzzTarget} promises: with files that are right, with all that were found
 * to break something, with damaged ones; and with those that Jazzer makes up, guided by what they reach in the reader's code.
 */
class ReadersFuzzTest {
    /** Seconds for each reader; more with {@code -Dmdnc4j.fuzz=SECONDS}. */
    private static final int SECONDS = Integer.getInteger("mdnc4j.fuzz", 5);

    private static final int DAMAGED = 2;

    /** Whose branches guide Jazzer: ours, and those of libraries that parse. */
    private static final String INSTRUMENTED = String.join(
            ",",
            "io.mdnc4j.training.files.**",
            "io.mdnc4j.training.data.DataListing",
            "io.mdnc4j.training.run.**",
            "io.mdnc4j.training.predict.bioimageio.**",
            "io.mdnc4j.training.cli.ConfigFile",
            "io.mdnc4j.training.options.**",
            "io.mdnc4j.zoo.*",
            "io.mdnc4j.zoo.files.**",
            "io.mdnc4j.zoo.weights.**",
            "io.jhdf.**",
            "net.razorvine.**",
            "org.apache.commons.csv.**",
            "org.snakeyaml.engine.**",
            "org.apache.commons.compress.**",
            "com.fasterxml.jackson.core.**",
            "com.sun.imageio.plugins.**");

    @TempDir
    Path folder;

    @BeforeEach
    void limit() {
        System.setProperty(ArrayFiles.MAX_ARRAY, FuzzTarget.MAX_ARRAY);
    }

    @AfterEach
    void noLimit() {
        System.clearProperty(ArrayFiles.MAX_ARRAY);
    }

    @ParameterizedTest
    @EnumSource
    void fewFiles(FuzzTarget target) throws IOException, URISyntaxException {
        SplittableRandom random = new SplittableRandom(target.ordinal());
        List<byte[]> files = new ArrayList<>();
        boolean taken = false;
        for (byte[] seed : target.seeds()) {
            taken |= target.attack(seed);
            files.add(seed);
        }
        assertEquals(target != FuzzTarget.DOWNLOAD, taken, "what is right is read; downloads have no right SHA-256");
        files.addAll(inputs(target));
        for (byte[] file : files) {
            target.attack(file);
            for (int i = 0; i < DAMAGED; i++) {
                target.attack(damaged(file, random));
            }
        }
    }

    /** What was found, and seeds that no code here can make. */
    private static List<byte[]> inputs(FuzzTarget target) throws IOException, URISyntaxException {
        URL inputs = FuzzedReaders.class.getResource(FuzzedReaders.class.getSimpleName() + "Inputs/" + target.method());
        List<byte[]> files = new ArrayList<>();
        if (inputs != null) {
            try (Stream<Path> paths = Files.list(Path.of(inputs.toURI()))) {
                for (Path path : paths.sorted().toList()) {
                    files.add(Files.readAllBytes(path));
                }
            }
        }
        return files;
    }

    private static byte[] damaged(byte[] file, SplittableRandom random) {
        if (file.length == 0) {
            return file;
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(file.length) + 1 : file.length;
        byte[] damaged = Arrays.copyOf(file, length);
        for (int i = random.nextInt(4); i >= 0; i--) {
            damaged[random.nextInt(length)] = (byte) random.nextInt();
        }
        return damaged;
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void manyFiles(FuzzTarget target) throws IOException, InterruptedException {
        Path seeds = Files.createDirectory(folder.resolve("seeds"));
        int count = 0;
        for (byte[] seed : target.seeds()) {
            Files.write(seeds.resolve("seed" + count++), seed);
        }
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Dreference.dir=" + System.getProperty("reference.dir"),
                        "-D" + ArrayFiles.MAX_ARRAY + "=" + FuzzTarget.MAX_ARRAY,
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-Djava.awt.headless=true",
                        "-Djazzer.internal.basedir=" + Path.of("").toAbsolutePath(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Jazzer.class.getName(),
                        "--target_class=" + FuzzedReaders.class.getName(),
                        "--target_method=" + target.method(),
                        "--instrument=" + INSTRUMENTED,
                        "--reproducer_path=" + folder,
                        "--max_duration=" + SECONDS + "s",
                        "-seed=1",
                        "-timeout=300",
                        "-rss_limit_mb=0",
                        "-max_len=65536",
                        "-print_final_stats=1",
                        Files.createDirectory(folder.resolve("corpus")).toString(),
                        seeds.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(SECONDS + 300L, TimeUnit.SECONDS), "does not end");
        String said = Files.readString(log);
        assertEquals(0, process.exitValue(), said);
        String executed = "stat::number_of_executed_units:";
        long executions = said.lines()
                .filter(line -> line.startsWith(executed))
                .mapToLong(
                        line -> Long.parseLong(line.substring(executed.length()).strip()))
                .findFirst()
                .orElse(0);
        assertTrue(executions > target.seeds().size(), said);
        System.out.printf("%s: %,d executions%n", target, executions);
    }
}
