package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code mdnc4j}, with a small program in place of the command line. */
class LauncherTest {
    private static final int MIB = 20;

    @TempDir
    Path folder;

    /** Says how large the heap may become, in MiB, and what it was given. */
    static final class Program {
        public static void main(String[] args) {
            System.out.println((Runtime.getRuntime().maxMemory() >> MIB) + " " + String.join(" ", args));
        }
    }

    @BeforeEach
    void install() throws IOException {
        Path script = Path.of(System.getProperty("reference.dir")).resolve("../../mdnc4j");
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        Files.copy(script, folder.resolve("mdnc4j"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Program.class.getName());
        Files.createDirectories(folder.resolve("training/target"));
        String program = Program.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(folder.resolve("training/target/mdnc4j.jar"));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry(program));
            jar.write(
                    Program.class.getClassLoader().getResourceAsStream(program).readAllBytes());
        }
        Files.createFile(folder.resolve("training/target/mdnc4j.jsa"));
    }

    private String run(String variable, String value) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh", folder.resolve("mdnc4j").toString(), "a b", "--c")
                .redirectErrorStream(true);
        builder.environment().put(variable, value);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    /** Those of the jar that is there, whatever becomes of it later. */
    @Test
    @Tag("long")
    void classesAreKept() throws Exception {
        Path target = folder.resolve("training/target");
        Path kept = target.resolve("mdnc4j.jsa");
        Files.delete(kept);
        assertTrue(run("MDNC4J_OPTS", "-Xmx64m").matches("mdnc4j: preparing .*\\R6[0-4] a b --c"));
        assertTrue(Files.size(kept) > 0);
        String known = "-Xmx64m -Xlog:class+load:file=" + target.resolve("loaded.log");
        assertTrue(run("MDNC4J_OPTS", known).matches("6[0-4] a b --c"));
        assertTrue(Files.readString(target.resolve("loaded.log"))
                .contains(Program.class.getName() + " source: shared objects file (top)"));
        try (Stream<Path> files = Files.list(target)) {
            assertEquals(3, files.count(), "nothing else is left");
        }

        Files.write(target.resolve("mdnc4j.jar"), Files.readAllBytes(target.resolve("mdnc4j.jar")));
        Files.setLastModifiedTime(kept, FileTime.fromMillis(System.currentTimeMillis() + 100_000));
        assertTrue(run("MDNC4J_OPTS", "-Xmx64m").matches("6[0-4] a b --c"), "of another jar");
        Files.write(kept, new byte[0]);
        assertTrue(run("MDNC4J_OPTS", "-Xmx64m").matches("6[0-4] a b --c"), "none");
    }

    /** A heap of 48 MiB to begin with would be refused with less than that. */
    @Test
    void heapsMayBeSmall() throws Exception {
        assertTrue(run("MDNC4J_OPTS", "-Xmx24m").matches("2[34] a b --c"));
        assertTrue(run("JAVA_TOOL_OPTIONS", "-Xmx24m").matches("(?s).*\\n2[34] a b --c"));
        assertTrue(Integer.parseInt(run("MDNC4J_OPTS", "-Xmx512m").split(" ")[0]) > 400);
    }
}
