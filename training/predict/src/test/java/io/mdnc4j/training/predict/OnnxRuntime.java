package io.mdnc4j.training.predict;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A model in ONNX Runtime, which checks it when it is loaded. */
public final class OnnxRuntime implements AutoCloseable {
    private final OrtSession session;

    /** @param file with one input {@code input} and one output */
    public OnnxRuntime(Path file) throws OrtException {
        session = OrtEnvironment.getEnvironment().createSession(file.toString(), new OrtSession.SessionOptions());
    }

    OrtSession session() {
        return session;
    }

    /** {@return the output for a batch} */
    public INDArray output(INDArray input) throws OrtException {
        FloatBuffer values = FloatBuffer.wrap(input.dup('c').data().asFloat());
        try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values, input.shape());
                OrtSession.Result result = session.run(Map.of("input", tensor))) {
            OnnxTensor output = (OnnxTensor) result.get(0);
            FloatBuffer buffer = output.getFloatBuffer();
            float[] array = new float[buffer.remaining()];
            buffer.get(array);
            return Nd4j.createFromArray(array).reshape('c', output.getInfo().getShape());
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
