package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.blocks.graph.Stage;
import java.util.Arrays;
import java.util.List;

/** The stages of conv and resnet networks: all of one kind of block and one kernel, with channels that double. */
final class DoublingStages {
    private final BlockKind block;
    private final int channel;
    private final int[] layers;
    private final int[] kernel;

    DoublingStages(NetworkSpec spec) {
        block = spec.block();
        channel = spec.channel();
        layers = spec.layers();
        kernel = spec.kernel();
    }

    /** Refuses geometries with more channels than an int holds, or parameter tensors whose elements cannot be counted. */
    static void check(NetworkSpec spec) {
        DoublingStages stages = new DoublingStages(spec);
        int doublings = stages.layers.length - 1;
        long most = Integer.MAX_VALUE >> doublings;
        ArgumentException.require(
                stages.channel <= most,
                SpecOption.CHANNEL.name(),
                stages.channel + " with " + stages.layers.length + " stages",
                "use at most " + most + ", since channels double from stage to stage");
        long widest = stages.channelsOf(doublings);
        long kernel = spec.count(
                SpecOption.KERNEL_SIZE,
                Arrays.stream(stages.kernel).asLongStream().toArray());
        spec.count(kernel > widest ? SpecOption.KERNEL_SIZE : SpecOption.CHANNEL, kernel, widest, widest);
        long edge = spec.count(
                SpecOption.KERNEL_SIZE,
                Arrays.stream(stages.kernel).mapToLong(k -> k + 2L).toArray());
        for (SpecOption<?> end : List.of(SpecOption.IN_PLANES, SpecOption.OUT_PLANES)) {
            if (spec.values().get(end) instanceof Number planes) {
                spec.count(end, planes.longValue(), edge, stages.channel);
            }
        }
    }

    /** Channels that leave the down stage of that number: {@code channel}, doubled after the first. */
    long channelsOf(int stage) {
        return (long) channel << stage;
    }

    /** Adds a stage whose inner blocks have the channels that it returns. */
    Stage add(
            BlockGraph graph,
            String name,
            String input,
            int index,
            long in,
            long out,
            Scaler scaler,
            boolean showSkip) {
        Geometry scaling = Geometry.scaling(scaler, kernel);
        return Stage.add(graph, block, name, input, layers[index], in, out, out, scaling, showSkip);
    }

    /** Convolutions along the depth of all stages. */
    int depth() {
        return block.depth() * Arrays.stream(layers).sum();
    }
}
