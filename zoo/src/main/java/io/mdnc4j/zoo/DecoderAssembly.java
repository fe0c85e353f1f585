package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.conf.Convolution;
import io.mdnc4j.blocks.conf.CropVertex;
import io.mdnc4j.blocks.graph.BlockGraph;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Decoder to an output of given size: from a vector {@code [N, inLength]} by a convolution that spreads it over the
 * smallest map, or from that map itself, {@code [N, channel 2^(stages - 1), size...]}; convolution, stages up, each cropped
 * to its planned size, edge convolution. The planned sizes halve from the output's on, rounded up.
 */
record DecoderAssembly() implements Network.Assembly {
    @Override
    public String assemble(BlockGraph graph, NetworkSpec spec, String input) {
        DoublingStages doubling = new DoublingStages(spec);
        int stages = spec.layers().length;
        long channels = doubling.channelsOf(stages - 1);
        String last = input;
        if (spec.inLength() > 0) {
            int[] smallest = Arrays.stream(plannedSize(spec, stages))
                    .mapToInt(Math::toIntExact)
                    .toArray();
            last = graph.layer(
                    GraphSpec.SPREAD,
                    new Convolution.Builder(smallest)
                            .padding(Arrays.stream(smallest).map(s -> s - 1).toArray())
                            .nIn(spec.inLength())
                            .nOut(channels),
                    last);
        }
        last = graph.convolution("conv_first", last, channels, channels, spec.kernel(), false);
        long[] size = plannedSize(spec, stages);
        for (int i = 0; i < stages; i++) {
            String name = "netbody." + i;
            long out = doubling.channelsOf(Math.max(stages - 2 - i, 0));
            last = doubling.add(graph, name, last, i, channels, out, Scaler.UP, false)
                    .output();
            long[] planned = plannedSize(spec, stages - 1 - i);
            if (!Arrays.equals(planned, scaled(spec, size))) {
                last = graph.vertex(name + ".crop", CropVertex.toSize(planned), last);
            }
            channels = out;
            size = planned;
        }
        return graph.convolution("conv_last", last, channels, spec.outPlanes(), Geometry.edge(spec.kernel()), true);
    }

    /** The output's size after that many halvings, rounded up, of the axes that scale. */
    private static long[] plannedSize(NetworkSpec spec, int halvings) {
        long[] size = outSize(spec);
        for (int axis = 0; axis < size.length; axis++) {
            for (int i = 0; i < halvings && spec.kernel()[axis] > 1; i++) {
                size[axis] = (size[axis] + 1) / 2;
            }
        }
        return size;
    }

    private static long[] outSize(NetworkSpec spec) {
        return spec.value(SpecOption.OUT_SIZE).stream().mapToLong(n -> n).toArray();
    }

    private static long[] scaled(NetworkSpec spec, long[] size) {
        long[] scaled = size.clone();
        for (int axis = 0; axis < size.length; axis++) {
            scaled[axis] *= spec.kernel()[axis] > 1 ? 2 : 1;
        }
        return scaled;
    }

    @Override
    public int depth(NetworkSpec spec) {
        return new DoublingStages(spec).depth() + (spec.inLength() > 0 ? 3 : 2);
    }

    @Override
    public InputType inputType(NetworkSpec spec, long... size) {
        int stages = spec.layers().length;
        return spec.inLength() > 0
                ? InputType.feedForward(spec.inLength())
                : spec.dims().inputType(new DoublingStages(spec).channelsOf(stages - 1), plannedSize(spec, stages));
    }

    @Override
    public long outputChannels(NetworkSpec spec) {
        return spec.outPlanes();
    }

    @Override
    public void check(NetworkSpec spec) {
        DoublingStages.check(spec);
        int stages = spec.layers().length;
        long[] beforeLast = plannedSize(spec, stages - 1);
        for (int axis = 0; axis < beforeLast.length; axis++) {
            if (spec.kernel()[axis] > 1 && beforeLast[axis] < 2) {
                throw new ArgumentException(
                        SpecOption.OUT_SIZE.name(),
                        Arrays.toString(outSize(spec)) + " is too small for " + stages + " stages, which double it",
                        "use at least " + ((1L << (stages - 1)) + 1) + " along axes with a kernel above 1");
            }
        }
        if (spec.inLength() > 0) {
            spec.count(SpecOption.OUT_SIZE, plannedSize(spec, stages));
            spec.count(
                    SpecOption.IN_LENGTH,
                    LongStream.concat(
                                    LongStream.of(spec.inLength(), new DoublingStages(spec).channelsOf(stages - 1)),
                                    Arrays.stream(plannedSize(spec, stages)))
                            .toArray());
        }
    }
}
