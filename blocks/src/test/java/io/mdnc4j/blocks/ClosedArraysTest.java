package io.mdnc4j.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.conf.BatchNormalization;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.blocks.conf.ReLU;
import io.mdnc4j.blocks.conf.SpatialLayer;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** Arrays that were closed are refused; their memory may be somebody else's by then, or nobody's. */
class ClosedArraysTest {
    private static ComputationGraph network(SpatialDims dims) {
        return Graphs.network(dims, DataType.FLOAT, 2, BlockStyle.DEFAULT, new Sgd(0.1), graph -> {
            String first = graph.convolution("first", "input", 2, 3, dims.perAxis("kernel", 3), true);
            return graph.convolution("last", first, 3, 2, dims.perAxis("kernel", 3), false);
        });
    }

    private static INDArray closed(SpatialDims dims) {
        INDArray array = Graphs.input(dims, DataType.FLOAT, 2);
        array.close();
        return array;
    }

    private static void requireRefused(Runnable use) {
        RuntimeException e = assertThrows(RuntimeException.class, use::run);
        assertTrue(e.getMessage().contains("closed") || e.getMessage().contains("released"), e.toString());
    }

    @ParameterizedTest
    @EnumSource(SpatialDims.class)
    void asInputs(SpatialDims dims) {
        ComputationGraph network = network(dims);
        INDArray open = Graphs.input(dims, DataType.FLOAT, 2);
        INDArray before = network.outputSingle(open);
        ArgumentException e = assertThrows(ArgumentException.class, () -> network.outputSingle(closed(dims)));
        assertTrue(e.getMessage().contains("closed"), e.getMessage());
        assertEquals(before, network.outputSingle(open), "the network goes on");
    }

    @ParameterizedTest
    @EnumSource(SpatialDims.class)
    void asFeaturesAndLabels(SpatialDims dims) {
        ComputationGraph network = network(dims);
        INDArray open = Graphs.input(dims, DataType.FLOAT, 2);
        requireRefused(() -> network.fit(new DataSet(closed(dims), open)));
        requireRefused(() -> network.fit(new DataSet(open, closed(dims))));
        network.fit(new DataSet(open, open));
    }

    static Stream<Function<SpatialDims, SpatialLayer.Builder<?>>> layers() {
        return Stream.of(
                dims -> new InstanceNormalization.Builder(),
                dims -> new BatchNormalization.Builder(),
                dims -> new PReLU.Builder(),
                dims -> new ReLU.Builder(),
                dims -> new LinearUpsampling.Builder()
                        .scale(DoubleStream.generate(() -> 2)
                                .limit(dims.count())
                                .toArray()));
    }

    /** As the first layer, which sees the array as it was given. */
    @ParameterizedTest
    @MethodSource("layers")
    void atEveryLayer(Function<SpatialDims, SpatialLayer.Builder<?>> layer) {
        for (SpatialDims dims : SpatialDims.values()) {
            ComputationGraph network = Graphs.network(
                    dims,
                    DataType.FLOAT,
                    2,
                    BlockStyle.DEFAULT,
                    new Sgd(0.1),
                    graph -> graph.layer("first", layer.apply(dims), "input"));
            requireRefused(() -> network.outputSingle(closed(dims)));
            requireRefused(() -> network.output(true, closed(dims)));
        }
    }
}
