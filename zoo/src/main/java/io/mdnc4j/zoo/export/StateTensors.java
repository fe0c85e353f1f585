package io.mdnc4j.zoo.export;

import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.files.ArrayElements;
import io.mdnc4j.zoo.weights.TensorType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The tensors of PyTorch's {@code state_dict} and their elements as files have them: row-major, little endian. */
final class StateTensors {
    private static final String LAST_STATISTIC = ".running_var";
    private static final String COUNTER = ".num_batches_tracked";

    /** What PyTorch's networks register last: the middle stage after the list of stages up, a decoder's parts by kind. */
    private static final List<String> LAST =
            List.of("conv_middle_up.", "conv_final.", "decoder.stages.", "decoder.transpconvs.", "decoder.seg_layers.");

    /** Elements written at a time. */
    private static final int CHUNK = 1 << 14;

    private static final Map<DataType, TensorType> TYPES = Map.of(
            DataType.FLOAT, TensorType.FLOAT32,
            DataType.DOUBLE, TensorType.FLOAT64,
            DataType.INT64, TensorType.INT64);

    private StateTensors() {}

    /**
     * The network's parameters under PyTorch's keys and in its order, and what {@code load_state_dict} wants besides: for
     * every batch normalisation the number of batches seen, here the steps of training, a scalar of type long.
     */
    static Map<String, INDArray> of(ComputationGraph network) {
        Map<String, INDArray> parameters = StateDict.of(network);
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        parameters.keySet().stream()
                .sorted(Comparator.comparing(StateTensors::rank))
                .forEach(key -> {
                    INDArray tensor = parameters.get(key);
                    // halves are widened: nothing here computes in them
                    boolean storable = TYPES.containsKey(tensor.dataType());
                    tensors.put(key, storable ? tensor : tensor.castTo(DataType.FLOAT));
                    if (key.endsWith(LAST_STATISTIC)) {
                        String layer = key.substring(0, key.length() - LAST_STATISTIC.length());
                        tensors.put(
                                layer + COUNTER,
                                Nd4j.scalar(
                                        DataType.INT64,
                                        network.getConfiguration().getIterationCount()));
                    }
                });
        return tensors;
    }

    /** 0 for most keys: they stay in their order. */
    private static int rank(String key) {
        return IntStream.range(0, LAST.size())
                .filter(i -> key.startsWith(LAST.get(i)))
                .map(i -> i + 1)
                .findFirst()
                .orElse(0);
    }

    /** The type of its elements in a file. */
    static TensorType type(INDArray tensor) {
        return TYPES.get(tensor.dataType());
    }

    /** The number of bytes that {@link #write} writes. */
    static long bytes(INDArray tensor) {
        return tensor.length() * type(tensor).size();
    }

    /** Writes the elements, some at a time. */
    static void write(INDArray tensor, OutputStream out) throws IOException {
        TensorType type = type(tensor);
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * type.size()).order(ByteOrder.LITTLE_ENDIAN);
        if (type == TensorType.INT64) { // a counter
            bytes.putLong(tensor.getLong(0));
            out.write(bytes.array(), 0, bytes.position());
            return;
        }
        ArrayElements elements = new ArrayElements(tensor);
        float[] floats = new float[elements.areFloats() ? CHUNK : 0];
        double[] doubles = new double[elements.areFloats() ? 0 : CHUNK];
        for (long start = 0; start < elements.length(); start += CHUNK) {
            int count = (int) Math.min(CHUNK, elements.length() - start);
            if (elements.areFloats()) {
                elements.get(start, floats, count);
                bytes.asFloatBuffer().put(floats, 0, count);
            } else {
                elements.get(start, doubles, count);
                bytes.asDoubleBuffer().put(doubles, 0, count);
            }
            out.write(bytes.array(), 0, count * type.size());
        }
    }
}
