package io.mdnc4j.zoo.export;

import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.weights.ElementType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The tensors of PyTorch's {@code state_dict} and their elements as files have them: row-major, little endian. */
final class StateTensors {
    private static final String LAST_STATISTIC = ".running_var";
    private static final String COUNTER = ".num_batches_tracked";

    /** What PyTorch's networks register last: the middle stage after the list of stages up. */
    private static final List<String> LAST = List.of("conv_middle_up.", "conv_final.");

    private static final int CHUNK = 1 << 16;

    private static final Map<DataType, ElementType> TYPES = Map.of(
            DataType.FLOAT, ElementType.FLOAT32,
            DataType.DOUBLE, ElementType.FLOAT64,
            DataType.INT64, ElementType.INT64);

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
        return 1 + LAST.indexOf(key.substring(0, key.indexOf('.') + 1));
    }

    /** The type of its elements in a file. */
    static ElementType type(INDArray tensor) {
        return TYPES.get(tensor.dataType());
    }

    /** The number of bytes that {@link #write} writes. */
    static long bytes(INDArray tensor) {
        return tensor.length() * type(tensor).size();
    }

    /** Writes the elements, a few at a time. */
    static void write(INDArray tensor, OutputStream out) throws IOException {
        ElementType type = type(tensor);
        INDArray flat = tensor.reshape(tensor.length());
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * type.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (long start = 0; start < flat.length(); start += CHUNK) {
            INDArray chunk = flat.get(NDArrayIndex.interval(start, Math.min(start + CHUNK, flat.length())));
            bytes.clear();
            int count = (int) chunk.length();
            switch (type) {
                case FLOAT32 -> bytes.asFloatBuffer().put(chunk.toFloatVector());
                case FLOAT64 -> bytes.asDoubleBuffer().put(chunk.toDoubleVector());
                default -> bytes.asLongBuffer().put(chunk.toLongVector());
            }
            out.write(bytes.array(), 0, count * type.size());
        }
    }
}
