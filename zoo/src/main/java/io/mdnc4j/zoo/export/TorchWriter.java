package io.mdnc4j.zoo.export;

import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.TwinNames;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes what {@code torch.save(state_dict)} writes and {@code torch.load(weights_only=True)} reads: a zip, not compressed,
 * of a pickle that names the tensors and one entry of elements for each.
 */
final class TorchWriter {
    /** PyTorch's name for the folder in the zip where it has no file name to take. */
    private static final String FOLDER = "archive/";

    /** Elements begin at multiples of this many bytes, as PyTorch has them, so that it can map the file. */
    private static final int ALIGNMENT = 64;

    private static final String VERSION = "3\n";

    private TorchWriter() {}

    /** Writes one entry's contents. */
    @FunctionalInterface
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    static void write(ComputationGraph network, ModelDescription description, Path file) throws IOException {
        Map<String, INDArray> tensors = StateTensors.of(network);
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(file)) {
            zip.setUseZip64(Zip64Mode.AsNeeded);
            add(zip, "data.pkl", new TorchPickle().dumps(state(tensors)));
            add(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            int number = 0;
            for (INDArray tensor : tensors.values()) {
                add(zip, "data/" + number++, StateTensors.bytes(tensor), out -> StateTensors.write(tensor, out));
            }
            add(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
            if (description != null) {
                // PyTorch passes over entries that it does not know
                add(zip, ModelDescription.NOTE + ".json", description.toJson().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static Map<String, Object> state(Map<String, INDArray> tensors) {
        Map<String, Object> state = new LinkedHashMap<>();
        int number = 0;
        for (Map.Entry<String, INDArray> tensor : tensors.entrySet()) {
            Object stored = TorchPickle.tensor(String.valueOf(number++), tensor.getValue());
            state.put(tensor.getKey(), stored);
            // load_state_dict wants all of its names
            TwinNames.of(tensor.getKey()).forEach(twin -> state.put(twin, stored));
        }
        return state;
    }

    private static void add(ZipArchiveOutputStream zip, String name, byte[] bytes) throws IOException {
        add(zip, name, bytes.length, out -> out.write(bytes));
    }

    private static void add(ZipArchiveOutputStream zip, String name, long size, Content content) throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry(FOLDER + name);
        entry.setMethod(ZipArchiveEntry.STORED);
        entry.setSize(size);
        entry.setAlignment(ALIGNMENT);
        entry.setTime(0); // equal networks give equal files
        zip.putArchiveEntry(entry);
        content.writeTo(zip);
        zip.closeArchiveEntry();
    }
}
