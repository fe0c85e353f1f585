package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.CrashReportingUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.common.util.ArchiveUtils;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.serde.base64.Nd4jBase64;

/** The corners of Deeplearning4j that use libraries which the parent POM has pinned to later releases than it asks for. */
class PinnedDependenciesTest {
    /** OSHI with the newer JNA: DL4J writes this file when memory runs out, the worst moment for a linkage error. */
    @Test
    void memoryReport(@TempDir Path folder) throws IOException {
        ComputationGraph network = ResUNet.builder()
                .inputShape(1, 16)
                .channel(2)
                .layers(1, 1)
                .build()
                .init();
        CrashReportingUtil.crashDumpOutputDirectory(folder.toFile());
        try {
            CrashReportingUtil.writeMemoryCrashDump(network, new OutOfMemoryError("a test"));
        } finally {
            CrashReportingUtil.crashDumpOutputDirectory(null);
        }
        File[] reports = folder.toFile().listFiles();
        assertEquals(1, reports.length);
        String report = Files.readString(reports[0].toPath());
        assertTrue(report.contains("Network Information"), report);
        assertTrue(report.contains("CPU Cores - Physical"), report);
    }

    /** Commons Net. */
    @Test
    void base64() throws IOException {
        INDArray array = Nd4j.linspace(1, 6, 6).reshape(2, 3);
        assertEquals(array, Nd4jBase64.fromBase64(Nd4jBase64.base64String(array)));
    }

    /** Commons Compress and IO. */
    @Test
    void archives(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("content".getBytes(StandardCharsets.UTF_8));
        }
        ArchiveUtils.unzipFileTo(file.toString(), folder.toString());
        assertEquals("content", Files.readString(folder.resolve("a.txt")));
    }

    /** FlatBuffers, Commons Collections: a SameDiff graph written, read and run. */
    @Test
    void sameDiff(@TempDir Path folder) {
        SameDiff graph = SameDiff.create();
        SDVariable input = graph.placeHolder("in", DataType.FLOAT, 2, 2);
        input.mul(3).rename("out");
        File file = folder.resolve("graph.fb").toFile();
        graph.save(file, false);
        INDArray ones = Nd4j.ones(2, 2);
        assertEquals(ones.mul(3), SameDiff.load(file, false).outputSingle(Map.of("in", ones), "out"));
    }
}
