package io.mdnc4j.blocks.conf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Cuts the parameters that a {@link SpatialLayer} declares out of the network's flat parameter and gradient arrays. */
final class ParameterViews implements ParamInitializer {
    static final ParameterViews INSTANCE = new ParameterViews();

    private ParameterViews() {}

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return parameters(layer).stream().mapToLong(Parameter::length).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return keys(layer, Set.of(Parameter.Role.values()));
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return keys(layer, Set.of(Parameter.Role.WEIGHT));
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return keys(layer, Set.of(Parameter.Role.BIAS));
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return weightKeys(layer).contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return biasKeys(layer).contains(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray view, boolean initialize) {
        Map<String, INDArray> views = cut(conf.getLayer(), view);
        for (Parameter parameter : parameters(conf.getLayer())) {
            conf.addVariable(parameter.name());
            if (initialize) {
                INDArray values = views.get(parameter.name());
                parameter.start().fill(values.reshape(values.length()), parameter.shape());
            }
        }
        return Collections.synchronizedMap(views);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray view) {
        return cut(conf.getLayer(), view);
    }

    private static Map<String, INDArray> cut(Layer layer, INDArray view) {
        Map<String, INDArray> views = new LinkedHashMap<>();
        long offset = 0;
        for (Parameter parameter : parameters(layer)) {
            long end = offset + parameter.length();
            views.put(
                    parameter.name(),
                    view.reshape(view.length())
                            .get(NDArrayIndex.interval(offset, end))
                            .reshape('c', parameter.shape()));
            offset = end;
        }
        return views;
    }

    private static List<String> keys(Layer layer, Set<Parameter.Role> roles) {
        return parameters(layer).stream()
                .filter(parameter -> roles.contains(parameter.role()))
                .map(Parameter::name)
                .toList();
    }

    private static List<Parameter> parameters(Layer layer) {
        return ((SpatialLayer) layer).parameters();
    }
}
