package io.mdnc4j.zoo;

import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.conf.CropVertex;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.Stage;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * U-Net and auto-encoder: edge convolution, stages down, a middle stage that scales back up, stages up, edge convolution.
 * Each stage up mirrors a stage down and is fed at the size that this one got: in a U-Net joined with its skip, in an
 * auto-encoder alone. The outermost stage up does not scale.
 */
record HourglassAssembly(boolean skips) implements Network.Assembly {
    @Override
    public String assemble(BlockGraph graph, NetworkSpec spec, String input) {
        DoublingStages doubling = new DoublingStages(spec);
        int down = spec.layers().length - 1;
        String[] inputs = new String[down];
        Stage[] stages = new Stage[down];
        String last = graph.convolution(
                "conv_first", input, spec.inPlanes(), spec.channel(), Geometry.edge(spec.kernel()), false);
        long channels = spec.channel();
        for (int i = 0; i < down; i++) {
            inputs[i] = last;
            stages[i] = doubling.add(
                    graph, "conv_down_list." + i, last, i, channels, doubling.channelsOf(i), Scaler.DOWN, skips);
            last = stages[i].output();
            channels = stages[i].channels();
        }
        last = Stage.add(
                        graph,
                        spec.block(),
                        "conv_middle_up",
                        last,
                        spec.layers()[down],
                        channels,
                        2 * channels,
                        channels,
                        Geometry.scaling(Scaler.UP, spec.kernel()),
                        false)
                .output();
        for (int i = down - 1; i >= 0; i--) {
            String name = "conv_up_list." + (down - 1 - i);
            long in = channels;
            if (skips) {
                last = graph.vertex(name + ".concat", CropVertex.andConcatenate(), last, stages[i].skip());
                in += stages[i].skipChannels();
            } else {
                last = graph.vertex(name + ".crop", CropVertex.toReference(), last, inputs[i]);
            }
            Geometry geometry = i == 0 ? Geometry.keeping(spec.kernel()) : Geometry.scaling(Scaler.UP, spec.kernel());
            long out = i == 0 ? spec.channel() : stages[i - 1].channels();
            last = Stage.add(
                            graph,
                            spec.block(),
                            name,
                            last,
                            spec.layers()[i],
                            in,
                            stages[i].channels(),
                            out,
                            geometry,
                            false)
                    .output();
            channels = out;
        }
        return graph.convolution("conv_final", last, channels, spec.outPlanes(), Geometry.edge(spec.kernel()), true);
    }

    @Override
    public int depth(NetworkSpec spec) {
        int last = spec.layers()[spec.layers().length - 1];
        return 2 * new DoublingStages(spec).depth() - spec.block().depth() * last + 2;
    }

    @Override
    public InputType inputType(NetworkSpec spec, long... size) {
        return GraphSpec.inputType(spec.dims(), spec.inPlanes(), size);
    }

    @Override
    public long outputChannels(NetworkSpec spec) {
        return spec.outPlanes();
    }

    @Override
    public void check(NetworkSpec spec) {
        DoublingStages.check(spec);
    }
}
