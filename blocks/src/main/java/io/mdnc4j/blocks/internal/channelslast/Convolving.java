package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A convolution or linear map, each pass in a {@link Way} of its own. */
final class Convolving extends Step {
    private final Trained weight;
    private final Trained bias;
    private final Convolved convolved;
    private final Map<Pass, Way> ways = new EnumMap<>(Pass.class);
    private final Map<Pass, Kernel> kernels = new EnumMap<>(Pass.class);

    /**
     * A convolution.
     *
     * @param bias {@code null} for none
     * @param choices of ways; the rule decides where they say nothing, or what does not suit
     */
    Convolving(String name, Convolved convolved, Trained weight, Trained bias, boolean training, Choices choices) {
        super(name, convolved.y, convolved.x);
        this.weight = weight;
        this.bias = bias;
        this.convolved = convolved;
        List<Pass> passes = training ? List.of(Pass.values()) : List.of(Pass.FORWARD);
        for (Pass pass : passes) {
            Way way = choices.way(pass, convolved).orElseGet(() -> Way.rule(pass, convolved));
            ways.put(pass, way);
            kernels.put(pass, way.create(pass, convolved));
        }
    }

    @Override
    long scratchForward() {
        return kernels.get(Pass.FORWARD).scratch(false);
    }

    @Override
    long scratchBackward() {
        long ofWeights = kernels.get(Pass.WEIGHTS).scratch(false);
        return input().wantsGradient
                ? Math.max(ofWeights, kernels.get(Pass.DATA).scratch(adds[0]))
                : ofWeights;
    }

    @Override
    void forward(OneDnn oneDnn, boolean training) {
        kernels.get(Pass.FORWARD)
                .run(
                        oneDnn,
                        new Kernel.Operands(
                                input().data,
                                weights(weight.value().get()),
                                bias == null ? null : biases(bias.value().get()),
                                output.data,
                                scratchForward,
                                false));
    }

    @Override
    void backward(OneDnn oneDnn) {
        if (input().wantsGradient) {
            kernels.get(Pass.DATA)
                    .run(
                            oneDnn,
                            new Kernel.Operands(
                                    input().gradient,
                                    weights(weight.value().get()),
                                    null,
                                    output.gradient,
                                    scratch,
                                    adds[0]));
        }
        kernels.get(Pass.WEIGHTS)
                .run(
                        oneDnn,
                        new Kernel.Operands(
                                input().data,
                                weights(weight.gradient().get()),
                                bias == null ? null : biases(bias.gradient().get()),
                                output.gradient,
                                scratch,
                                false));
    }

    private Pointer weights(INDArray array) {
        return Rows.memory(array, convolved.weights());
    }

    private Pointer biases(INDArray array) {
        return Rows.memory(array, output.channels);
    }

    @Override
    void tune(Tuner tuner) {
        for (Pass pass : kernels.keySet()) {
            tuner.choose(pass, convolved, ways.get(pass));
        }
    }

    @Override
    List<String> kernels() {
        return kernels.entrySet().stream()
                .map(entry ->
                        ways.get(entry.getKey()).code() + " " + entry.getValue().name())
                .toList();
    }

    @Override
    void free() {
        kernels.values().forEach(Kernel::free);
        convolved.free();
    }
}
