package io.mdnc4j.zoo.export;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.export.OnnxGraph.Weight;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.Version;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.nd4j.shade.protobuf.WireFormat;

/**
 * Writes ONNX files, with the classes of the official schema that ND4J brings. The weights, which may be large, are written
 * one after the other from where they are, never all held a second time.
 */
final class OnnxWriter {
    /** The operators' version; it goes with the schema's version 8. */
    static final int OPERATORS = 17;

    private OnnxWriter() {}

    /**
     * Writes a file.
     *
     * @param description goes into its metadata; {@code null} if there is none
     * @param documentation the same in words
     */
    static void write(OnnxGraph graph, @Nullable ModelDescription description, String documentation, Path file)
            throws IOException {
        GraphProto proto = graph.proto().build();
        long graphSize = proto.getSerializedSize();
        for (Map.Entry<String, Weight> weight : graph.weights().entrySet()) {
            graphSize += fieldSize(GraphProto.INITIALIZER_FIELD_NUMBER, tensorSize(weight.getKey(), weight.getValue()));
        }
        ModelProto model = model(description, documentation);
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

    private static ModelProto model(@Nullable ModelDescription description, String documentation) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(Version.IR_VERSION_VALUE)
                .setProducerName(ModelDescription.NOTE)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATORS));
        if (description != null) {
            model.addMetadataProps(StringStringEntryProto.newBuilder()
                            .setKey(ModelDescription.NOTE)
                            .setValue(description.toJson()))
                    .setDocString(documentation);
        }
        return model.build();
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
