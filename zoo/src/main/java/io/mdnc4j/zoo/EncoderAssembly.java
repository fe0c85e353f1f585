package io.mdnc4j.zoo;

import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.conf.AdaptiveAveragePooling;
import io.mdnc4j.blocks.conf.Linear;
import io.mdnc4j.blocks.graph.BlockGraph;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Encoder: edge convolution, stages down, convolution; with a vector length, then the average over space and a linear map
 * to {@code [N, outLength]}, else {@code [N, channel 2^(stages - 1), size...]}.
 */
record EncoderAssembly() implements Network.Assembly {
    @Override
    public String assemble(BlockGraph graph, NetworkSpec spec, String input) {
        DoublingStages doubling = new DoublingStages(spec);
        String last = graph.convolution(
                "netbody.0", input, spec.inPlanes(), spec.channel(), Geometry.edge(spec.kernel()), false);
        long channels = spec.channel();
        int stages = spec.layers().length;
        for (int i = 0; i < stages; i++) {
            long out = doubling.channelsOf(i);
            last = doubling.add(graph, "netbody." + (i + 1), last, i, channels, out, Scaler.DOWN, false)
                    .output();
            channels = out;
        }
        last = graph.convolution("netbody." + (stages + 1), last, channels, channels, spec.kernel(), true);
        if (spec.outLength() == 0) {
            return last;
        }
        last = graph.layer(
                "pool",
                new AdaptiveAveragePooling.Builder(spec.dims().perAxis("size", 1L))
                        .nIn(channels)
                        .nOut(channels),
                last);
        return graph.layer("fc", new Linear.Builder().nIn(channels).nOut(spec.outLength()), last);
    }

    @Override
    public int depth(NetworkSpec spec) {
        return new DoublingStages(spec).depth() + 2;
    }

    @Override
    public InputType inputType(NetworkSpec spec, long... size) {
        return GraphSpec.inputType(spec.dims(), spec.inPlanes(), size);
    }

    @Override
    public long outputChannels(NetworkSpec spec) {
        return spec.outLength() == 0 ? new DoublingStages(spec).channelsOf(spec.layers().length - 1) : spec.outLength();
    }

    @Override
    public void check(NetworkSpec spec) {
        DoublingStages.check(spec);
    }
}
