package io.mdnc4j.zoo.export;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Windows;
import io.mdnc4j.zoo.export.OnnxGraph.Weight;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.Version;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.nd4j.shade.protobuf.WireFormat;

/**
 * Writes ONNX files, with the classes of the official schema that ND4J brings. The weights, which may be large, are written
 * one after the other from where they are, never all held a second time.
 */
final class OnnxWriter {
    /** The operators' version; it goes with the schema's version 8. */
    private static final int OPERATORS = 17;

    private OnnxWriter() {}

    static void write(ComputationGraph network, ModelDescription description, Path file) throws IOException {
        OnnxGraph graph = OnnxNetwork.of(network, description);
        GraphProto proto = graph.proto().build();
        long graphSize = proto.getSerializedSize();
        for (Map.Entry<String, Weight> weight : graph.weights().entrySet()) {
            graphSize += fieldSize(GraphProto.INITIALIZER_FIELD_NUMBER, tensorSize(weight.getKey(), weight.getValue()));
        }
        ModelProto model = model(description);
        requireFits(fieldSize(ModelProto.GRAPH_FIELD_NUMBER, graphSize) + model.getSerializedSize());
        try (OutputStream buffered = new BufferedOutputStream(Files.newOutputStream(file))) {
            CodedOutputStream out = CodedOutputStream.newInstance(buffered);
            model.writeTo(out);
            begin(out, ModelProto.GRAPH_FIELD_NUMBER, graphSize);
            proto.writeTo(out);
            for (Map.Entry<String, Weight> weight : graph.weights().entrySet()) {
                begin(out, GraphProto.INITIALIZER_FIELD_NUMBER, tensorSize(weight.getKey(), weight.getValue()));
                head(weight.getKey(), weight.getValue()).writeTo(out);
                begin(out, TensorProto.RAW_DATA_FIELD_NUMBER, bytes(weight.getValue()));
                out.flush();
                StateTensors.write(weight.getValue().values().castTo(DataType.FLOAT), buffered);
            }
            out.flush();
        }
    }

    /** Refuses what protobuf cannot hold in one message. */
    static void requireFits(long bytes) {
        if (bytes > Integer.MAX_VALUE) {
            throw new ArgumentException(
                    "network",
                    "takes " + bytes + " bytes as ONNX, whose files have at most 2 GB",
                    "export safetensors, or a network with fewer channels");
        }
    }

    private static ModelProto model(ModelDescription description) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(Version.IR_VERSION_VALUE)
                .setProducerName(ModelDescription.NOTE)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATORS));
        if (description != null) {
            ModelDescription full = description.inWindows()
                    ? description.withWindows(Objects.requireNonNullElse(description.windows(), Windows.DEFAULT))
                    : description;
            model.addMetadataProps(StringStringEntryProto.newBuilder()
                            .setKey(ModelDescription.NOTE)
                            .setValue(full.toJson()))
                    .setDocString(documentation(full));
        }
        return model.build();
    }

    /** In words what the metadata say: other sizes are taken, but with other results. */
    private static String documentation(ModelDescription description) {
        String shape = description.inputShape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
        String where = " All is said in the metadata entry '" + ModelDescription.NOTE
                + "' (JSON); its page onnx.md shows programs in Python and Java.";
        if (!description.inWindows()) {
            return shape.isEmpty()
                    ? where.strip()
                    : "Inputs are whole, like those of the training: " + shape + "." + where;
        }
        Windows windows = description.windows();
        return "Inputs are windows of " + shape
                + ", each normalised as the metadata say. Cut larger ones into windows that"
                + " overlap by " + windows.overlap() + " at least, and average the outputs, weighted by '"
                + windows.blend()
                + "'. Other sizes are taken, too, with other and mostly worse results: the network was trained on"
                + " windows, and normalises each by its own mean and deviation." + where;
    }

    /** A tensor without its elements. */
    private static TensorProto head(String name, Weight weight) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addAllDims(Arrays.stream(weight.shape()).boxed().toList())
                .build();
    }

    private static long tensorSize(String name, Weight weight) {
        return head(name, weight).getSerializedSize() + fieldSize(TensorProto.RAW_DATA_FIELD_NUMBER, bytes(weight));
    }

    private static long bytes(Weight weight) {
        return weight.values().length() * Float.BYTES;
    }

    private static long fieldSize(int field, long size) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt64SizeNoTag(size) + size;
    }

    private static void begin(CodedOutputStream out, int field, long size) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt64NoTag(size);
    }
}
