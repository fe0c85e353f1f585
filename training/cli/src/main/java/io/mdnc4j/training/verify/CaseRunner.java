package io.mdnc4j.training.verify;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.zoo.StateDict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;

/** Runs reference cases: one forward and one backward pass with the case's parameters and values. */
final class CaseRunner {
    private static final String BUFFERS_AFTER = "after/";

    /** PyTorch's count of batches; DL4J has the iteration count instead. */
    private static final String NOT_KEPT = "num_batches_tracked";

    private static final String TRAINING = "training";
    private static final String PRIMITIVE = "primitive";
    private static final List<String> KINDS =
            List.of(PRIMITIVE, "block", "network", StoredForms.CHECKPOINT, StoredForms.LAYOUTS, TRAINING);

    private final ReferenceCase reference;
    private final Precision precision;
    private final List<Comparison> comparisons = new ArrayList<>();

    private CaseRunner(ReferenceCase reference, Precision precision) {
        this.reference = reference;
        this.precision = precision;
    }

    /** Runs one case; returns a comparison for each tensor with a reference value. */
    static List<Comparison> run(ReferenceCase reference, Precision precision) {
        if (!KINDS.contains(reference.kind())) {
            throw reference.malformed("kind \"" + reference.kind() + "\" is none of " + String.join(", ", KINDS));
        }
        if (reference.kind().equals(TRAINING)) {
            return TrainingCase.run(reference, precision);
        }
        CaseRunner runner = new CaseRunner(reference, precision);
        if (reference.kind().startsWith(StoredForms.CHECKPOINT)) {
            runner.comparisons.addAll(StoredForms.compare(reference));
        }
        boolean stored = runner.comparisons.stream().allMatch(Comparison::passes);
        if (stored && !reference.kind().equals(StoredForms.LAYOUTS)) {
            runner.runPasses();
        }
        return runner.comparisons;
    }

    private void runPasses() {
        boolean primitive = reference.kind().equals(PRIMITIVE);
        String[] inputs =
                reference.tensors().containsKey("input") ? new String[] {"input"} : new String[] {"input0", "input1"};
        OpenGraph network = new OpenGraph(configuration(primitive, inputs));
        network.init();
        setParameters(network, primitive ? CaseNetwork.PRIMITIVE + "." : "");

        INDArray[] arrays = new INDArray[inputs.length];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = array(inputs[i]);
        }
        Map<String, INDArray> activations = network.feedForward(arrays, reference.training(), false);
        List<String> outputs = network.getConfiguration().getNetworkOutputs();
        INDArray[] upstream = new INDArray[outputs.size()];
        for (int i = 0; i < upstream.length; i++) {
            String number = severalOutputs() ? String.valueOf(i) : "";
            compare("output" + number, activations.get(outputs.get(i)), false);
            upstream[i] = array("upstream" + number);
        }

        network.backward(upstream);
        for (String input : inputs) {
            compare("grad/" + input, network.getVertex(input).getEpsilon(), true);
        }
        String prefix = primitive ? CaseNetwork.PRIMITIVE + "." : "";
        Map<String, INDArray> parameters = StateDict.of(network);
        Map<String, INDArray> gradients = StateDict.gradientsOf(network);
        reference.tensorsUnder("grad/").forEach((key, tensor) -> {
            if (tensor.role().equals("grad_param")) {
                compare(tensor.name(), gradients.get(prefix + key), true);
            }
        });
        reference.tensorsUnder(BUFFERS_AFTER).forEach((key, tensor) -> {
            if (!key.endsWith(NOT_KEPT)) {
                // running statistics move by what stands in their gradient
                String name = prefix + key;
                compare(tensor.name(), parameters.get(name).sub(gradients.get(name)), false);
            }
        });
    }

    private ComputationGraphConfiguration configuration(boolean primitive, String[] inputs) {
        ComputationGraphConfiguration.GraphBuilder builder = builder(precision.dataType());
        String last;
        if (primitive) {
            SpatialDims dims = SpatialDims.of(Math.max(1, array(inputs[0]).rank() - 2));
            last = CaseNetwork.addPrimitive(reference, builder, dims, inputs);
            long[] shape = array(inputs[0]).shape();
            if (shape.length > 2 && inputs.length == 1) {
                long[] size = java.util.Arrays.copyOfRange(shape, 2, shape.length);
                builder.setInputTypes(dims.inputType(shape[1], size));
            }
        } else {
            String[] lastVertex = new String[1];
            CaseNetwork.spec(reference).addTo(builder, null, name -> lastVertex[0] = name);
            last = lastVertex[0];
        }
        if (severalOutputs()) {
            // each by itself, not for a loss that takes them together
            List<String> outputs = builder.getVertexInputs().get(last);
            return builder.removeVertex(last)
                    .setOutputs(outputs.toArray(String[]::new))
                    .build();
        }
        return builder.setOutputs(last).build();
    }

    /** Whether the case has the outputs that deep supervision needs. */
    private boolean severalOutputs() {
        return reference.tensors().containsKey("output0");
    }

    static ComputationGraphConfiguration.GraphBuilder builder(DataType type) {
        return new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new NoOp())
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder();
    }

    private void setParameters(ComputationGraph network, String prefix) {
        setParameters(reference, network, prefix);
    }

    static void setParameters(ReferenceCase reference, ComputationGraph network, String prefix) {
        if (reference.kind().equals(StoredForms.CHECKPOINT)) {
            StoredForms.load(reference, network);
            return;
        }
        Map<String, INDArray> unset = new TreeMap<>(StateDict.of(network));
        reference.tensorsUnder("state/").forEach((key, tensor) -> {
            if (key.endsWith(NOT_KEPT)) {
                return;
            }
            INDArray parameter = unset.remove(prefix + key);
            if (parameter == null || !java.util.Arrays.equals(parameter.shape(), tensor.shape())) {
                throw reference.malformed("the network has no parameter \"" + key + "\" of that shape");
            }
            parameter.assign(tensor.array(parameter.dataType()));
        });
        if (!unset.isEmpty()) {
            throw reference.malformed("no values for " + unset.keySet());
        }
    }

    private INDArray array(String name) {
        return reference.tensor(name).array(precision.dataType());
    }

    private void compare(String name, INDArray actual, boolean gradient) {
        comparisons.add(
                Comparison.of(name, reference.tensor(name), actual, precision.tolerance(reference, name, gradient)));
    }

    /** A graph that keeps the gradients of its inputs. */
    private static final class OpenGraph extends ComputationGraph {
        OpenGraph(ComputationGraphConfiguration configuration) {
            super(configuration);
        }

        void backward(INDArray... epsilons) {
            calcBackpropGradients(false, false, epsilons);
        }
    }
}
