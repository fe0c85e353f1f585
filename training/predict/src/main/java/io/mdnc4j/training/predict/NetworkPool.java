package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network and replicas of it that use its parameters, so that several threads get outputs at a time: DL4J locks a network for
 * each output. A replica is made when a thread finds all others in use.
 */
final class NetworkPool implements AutoCloseable {
    private final ComputationGraph network;
    private final boolean owned;
    private final int size;
    private final InferencePrecision precision;
    private final Semaphore free;
    private final Deque<ComputationGraph> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /** One of products in float. */
    NetworkPool(ComputationGraph network, boolean owned, int size) {
        this(network, owned, size, InferencePrecision.FLOAT);
    }

    /**
     * @param owned whether the network's memory is given back when this is closed
     * @param size threads at a time, at most; others wait
     * @param precision of products; of replicas alone, for the network may be in use elsewhere
     */
    NetworkPool(ComputationGraph network, boolean owned, int size, InferencePrecision precision) {
        this.network = network;
        this.owned = owned;
        this.size = size;
        this.precision = precision;
        free = new Semaphore(size, true);
        if (precision == InferencePrecision.FLOAT) {
            idle.add(network);
        }
    }

    /** A network that uses the parameters of another, with nothing that only training needs. */
    static InPlaceComputationGraph replica(ComputationGraph network) {
        return replica(network, network.params());
    }

    /** A network like another, of other parameters, which it uses. */
    static InPlaceComputationGraph replica(ComputationGraph network, INDArray parameters) {
        return replica(network, parameters, configuration -> {});
    }

    /** A network like another that answers with what goes into the activation of its output (logits). */
    static ComputationGraph ofLogits(ComputationGraph network, INDArray parameters) {
        return replica(
                network,
                parameters,
                configuration -> configuration.getVertices().values().forEach(vertex -> {
                    if (vertex instanceof LayerVertex of && of.getLayerConf().getLayer() instanceof LossLayer loss) {
                        loss.setActivationFn(new ActivationIdentity());
                    }
                }));
    }

    private static InPlaceComputationGraph replica(
            ComputationGraph network, INDArray parameters, Consumer<ComputationGraphConfiguration> change) {
        // as it stands in a model file: DL4J's clone() loses settings of some vertices, such as the axis of MergeVertex
        ComputationGraphConfiguration configuration = ComputationGraphConfiguration.fromJson(
                network.getConfiguration().toJson());
        configuration.setDataType(network.getConfiguration().getDataType());
        change.accept(configuration);
        InPlaceComputationGraph replica = new InPlaceComputationGraph(configuration);
        if (network.numParams() == 0) {
            replica.init();
        } else {
            replica.init(parameters, false);
        }
        return replica;
    }

    private ComputationGraph another() {
        InPlaceComputationGraph replica = replica(network);
        if (network instanceof InPlaceComputationGraph own) {
            own.kernelChoices().ifPresent(replica::setKernelChoices);
        }
        replica.setInferencePrecision(precision);
        return replica;
    }

    /** The output {@code [N, ...]} of the network for a batch {@code [N, C, window...]}. */
    INDArray output(INDArray batch) {
        free.acquireUninterruptibly();
        try {
            if (closed) {
                throw new IllegalStateException("the predictor is closed; make another one");
            }
            ComputationGraph known = idle.pollFirst();
            ComputationGraph used = known == null ? another() : known;
            INDArray output = used.outputSingle(batch);
            // not after a failure, which may leave a network half way
            idle.addFirst(used);
            return output;
        } finally {
            free.release();
        }
    }

    /** Gives memory back once no thread uses it any more; another call does nothing. */
    @Override
    public void close() {
        free.acquireUninterruptibly(size);
        try {
            if (!closed && owned && network.numParams() > 0) {
                // the memory itself: what is a view of it, or of a view, as in a network, does not give it back
                DataBuffer parameters = network.params().data();
                while (parameters.underlyingDataBuffer() != null) {
                    parameters = parameters.underlyingDataBuffer();
                }
                if (parameters.closeable()) {
                    parameters.close();
                }
            }
            closed = true;
            idle.clear();
        } finally {
            free.release(size);
        }
    }
}
