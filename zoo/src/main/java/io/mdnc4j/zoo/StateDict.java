package io.mdnc4j.zoo;

import io.mdnc4j.blocks.conf.SpatialLayer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of a network under the keys that PyTorch's {@code state_dict} has for the same tensors: the vertex's name,
 * a dot, the parameter's name. There is no table: vertices are named after the keys.
 */
public final class StateDict {
    private StateDict() {}

    /**
     * {@return the network's parameters by key; the arrays are views, so that writing to them sets the parameters}
     *
     * @param network the network
     */
    public static Map<String, INDArray> of(ComputationGraph network) {
        return collect(network, false);
    }

    /**
     * {@return the network's gradients by key, as the last backward pass left them; views}
     *
     * @param network the network
     */
    public static Map<String, INDArray> gradientsOf(ComputationGraph network) {
        return collect(network, true);
    }

    /**
     * {@return the shapes of the parameters by key of the network or block so described; nothing is allocated}
     *
     * @param spec what is described
     */
    public static Map<String, long[]> shapesOf(GraphSpec spec) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder().graphBuilder();
        spec.addTo(builder, null, builder::setOutputs);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        // not built, which takes time that grows with the square of their number
        builder.getVertices().forEach((name, vertex) -> {
            if (vertex instanceof LayerVertex layer
                    && layer.getLayerConf().getLayer() instanceof SpatialLayer spatial) {
                spatial.parameters().forEach(parameter -> shapes.put(key(name, parameter.name()), parameter.shape()));
            }
        });
        return Collections.unmodifiableMap(shapes);
    }

    private static Map<String, INDArray> collect(ComputationGraph network, boolean gradients) {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        // not getLayers(), which follows the flow of data: PyTorch's order is that in which a network was put together
        for (String vertex : network.getConfiguration().getVertices().keySet()) {
            Layer layer = network.getLayer(vertex);
            if (layer == null || layer.numParams() == 0) {
                continue;
            }
            Map<String, INDArray> parts = gradients
                    ? layer.conf()
                            .getLayer()
                            .initializer()
                            .getGradientsFromFlattened(layer.conf(), layer.getGradientsViewArray())
                    : layer.paramTable();
            parts.forEach((name, tensor) -> tensors.put(key(vertex, name), tensor));
        }
        return Collections.unmodifiableMap(tensors);
    }

    /** Only running statistics are named differently: DL4J allows no underscore in a parameter's name. */
    private static String key(String vertex, String parameter) {
        return vertex + "." + parameter.replace("runningMean", "running_mean").replace("runningVar", "running_var");
    }
}
