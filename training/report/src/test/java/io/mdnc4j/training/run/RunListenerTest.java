package io.mdnc4j.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.zoo.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class RunListenerTest {
    @TempDir
    Path output;

    @Test
    void aPlainFitLoopLeavesHistoryModelAndReport() throws IOException {
        INDArray signal = Nd4j.rand(DataType.FLOAT, 12, 1, 64);
        List<DataSet> samples = new DataSet(signal, signal.mul(2)).asList();
        ListDataSetIterator<DataSet> training = new ListDataSetIterator<>(samples, 4);
        ComputationGraph network = SmallGraph.create(new long[] {1, 64}, b -> b.updater(new Adam(0.01)), 1);
        RunFolder folder = RunFolder.create(output, "plain");
        RunListener listener = new RunListener("a <plain> loop", folder, training, 3);
        assertThrows(IllegalStateException.class, listener::report);

        network.setListeners(listener);
        network.fit(training, 3);
        listener.report();

        List<String> history = Files.readAllLines(folder.file(RunFolder.HISTORY));
        assertEquals(4, history.size(), history.toString());
        assertTrue(history.get(3).startsWith("3,9,") && history.get(3).endsWith(",0.0100000"), history.get(3));
        assertEquals(
                network.params(), ModelFiles.read(folder.file(RunFolder.MODEL)).params());
        String page = Files.readString(folder.file(RunFolder.REPORT));
        assertTrue(page.contains("a &lt;plain&gt; loop") && page.contains("data:image/png;base64,"), "not in the page");
        assertFalse(page.matches("(?s).*(src|href)=\"?(http|/).*"), "refers to other files");
    }
}
