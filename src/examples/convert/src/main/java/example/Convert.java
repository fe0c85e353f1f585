package example;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.mdnc4j.zoo.export.ExportFormat;
import io.mdnc4j.zoo.weights.Weights;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A checkpoint of PyTorch's becomes a network here, and a file for ONNX Runtime, with equal outputs. */
public final class Convert {
    private static final double TOLERANCE = 1e-4;

    public static void main(String[] arguments) throws Exception {
        Path onnx = Path.of(arguments[0]).resolve("network.onnx");
        Path checkpoint = Path.of(arguments[1]);

        ComputationGraph network = Weights.load(checkpoint).network();
        ExportFormat.ONNX.write(network, null, onnx);

        INDArray input = Nd4j.rand(DataType.FLOAT, 2, 1, 61);
        INDArray ours = network.outputSingle(input);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        double difference;
        try (OrtSession session = environment.createSession(onnx.toString());
                OnnxTensor tensor = OnnxTensor.createTensor(
                        environment, FloatBuffer.wrap(input.data().asFloat()), input.shape());
                OrtSession.Result result =
                        session.run(Map.of(session.getInputNames().iterator().next(), tensor))) {
            FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] theirs = new float[values.remaining()];
            values.get(theirs);
            difference = Nd4j.createFromArray(theirs)
                    .reshape(ours.shape())
                    .sub(ours)
                    .amaxNumber()
                    .doubleValue();
        }
        System.out.printf(
                "convert: %d parameters, %d bytes of ONNX, outputs differ by %.1e%n",
                network.numParams(), Files.size(onnx), difference);
        System.exit(difference < TOLERANCE ? 0 : 1);
    }
}
