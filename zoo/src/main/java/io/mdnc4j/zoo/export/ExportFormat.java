package io.mdnc4j.zoo.export;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.zoo.ModelDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * File formats in which a network leaves for other programs.
 *
 * <pre>{@code
 * ExportFormat.ONNX.write(network, description, Path.of("model.onnx"));
 * }</pre>
 */
public enum ExportFormat implements Coded {
    /** Parameters under PyTorch's keys; metadata {@code format} = {@code pt} and the description under {@value ModelDescription#NOTE}. */
    SAFETENSORS(SafetensorsWriter::write, "safetensors"),
    /** The same as {@code torch.save} writes a state_dict; {@code torch.load(weights_only=True)} reads it. */
    PTH(TorchWriter::write, "pth", "pt"),
    /** The whole network, for any ONNX runtime, in float; its description is among the metadata. {@link OnnxExport} can do more. */
    ONNX(
            (network, description, file) ->
                    OnnxExport.builder(network, description).build().writeTo(file),
            "onnx");

    private final Writer writer;
    private final List<String> extensions;

    /** Writes a file. */
    @FunctionalInterface
    private interface Writer {
        void write(ComputationGraph network, ModelDescription description, Path file) throws IOException;
    }

    ExportFormat(Writer writer, String... extensions) {
        this.writer = writer;
        this.extensions = List.of(extensions);
    }

    @Override
    public String code() {
        return extensions.get(0);
    }

    /**
     * {@return the format that the file's name ends in}
     *
     * @param file the file
     * @throws ArgumentException if it is that of no format
     */
    public static ExportFormat of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.extensions.stream().anyMatch(extension -> name.endsWith("." + extension)))
                .findFirst()
                .orElseThrow(() -> new ArgumentException(
                        "output",
                        file + ", whose name tells no format",
                        "end it in .safetensors, .pth or .onnx, or give the format"));
    }

    /**
     * Writes a network, atomically.
     *
     * @param network the network
     * @param description goes with it; {@code null} if there is none
     * @param file the file
     * @throws ArgumentException if the format cannot hold the network, naming what stands against it
     * @throws IOException if the file cannot be written
     */
    public void write(ComputationGraph network, ModelDescription description, Path file) throws IOException {
        AtomicFile.write(file.toAbsolutePath(), temporary -> writer.write(network, description, temporary));
    }
}
