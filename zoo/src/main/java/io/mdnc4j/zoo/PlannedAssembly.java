package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.conf.CropVertex;
import io.mdnc4j.blocks.conf.DeepSupervisionVertex;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.ConvNormBlocks;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * nnU-Net's two U-Nets. Encoder: stages of units, or a unit and stages of residual blocks, each stage beginning with its
 * stride. Decoder, from the deepest stage up: a transposed convolution with the stage's stride, joined with the output of the
 * encoder's stage above, units, and a convolution with kernel 1 to the classes. The last of these is the output; the others
 * serve training, if it supervises them, and are there in any case, since nnU-Net's checkpoints have them.
 */
record PlannedAssembly(boolean residual) implements Network.Assembly {
    @Override
    public String assemble(BlockGraph graph, NetworkSpec spec, String input) {
        PlannedStages stages = new PlannedStages(spec);
        ConvNormBlocks blocks = new ConvNormBlocks(graph, stages.bias());
        int count = stages.count();
        String[] skips = new String[count];
        String last = input;
        long channels = spec.inPlanes();
        if (residual) {
            long stem = stages.features().get(0);
            last = blocks.units("encoder.stem", last, 1, channels, stem, stages.kernel(0), stages.stride(0));
            channels = stem;
        }
        for (int i = 0; i < count; i++) {
            String name = "encoder.stages." + i;
            int layers = stages.layers().get(i);
            long out = stages.features().get(i);
            last = residual
                    ? blocks.residuals(name, last, layers, channels, out, stages.kernel(i), stages.stride(i))
                    : blocks.units(name + ".0", last, layers, channels, out, stages.kernel(i), stages.stride(i));
            channels = out;
            skips[i] = last;
        }
        graph.close(residual ? "ResidualEncoder" : "PlainConvEncoder", skips);
        String[] outputs = new String[count - 1];
        for (int i = 0; i < count - 1; i++) {
            int skip = count - 2 - i;
            long out = stages.features().get(skip);
            String name = "decoder.stages." + i;
            last = blocks.upsample("decoder.transpconvs." + i, last, channels, out, stages.stride(skip + 1));
            last = graph.vertex(name + ".concat", CropVertex.andConcatenate(), last, skips[skip]);
            int layers = stages.decoderLayers().get(i);
            int[] kernel = stages.kernel(skip);
            last = blocks.units(name, last, layers, 2 * out, out, kernel, ones(spec.dims()));
            outputs[skip] =
                    graph.convolution("decoder.seg_layers." + i, last, out, spec.outPlanes(), ones(spec.dims()), true);
            channels = out;
        }
        graph.close("UNetDecoder", outputs);
        return outputs.length == 1
                ? outputs[0]
                : graph.vertex("decoder.output", new DeepSupervisionVertex(weights(spec, outputs.length)), outputs);
    }

    private static double[] weights(NetworkSpec spec, int outputs) {
        double[] first = new double[outputs];
        first[0] = 1;
        return spec.value(SpecOption.DEEP_SUPERVISION) ? DeepSupervisionVertex.halvedWeights(outputs) : first;
    }

    private static int[] ones(SpatialDims dims) {
        return dims.perAxis("kernel", 1);
    }

    @Override
    public int depth(NetworkSpec spec) {
        PlannedStages stages = new PlannedStages(spec);
        int encoder = stages.layers().stream().mapToInt(n -> n).sum();
        int decoder = stages.decoderLayers().stream().mapToInt(n -> n + 1).sum();
        return (residual ? 2 * encoder + 1 : encoder) + decoder + 1;
    }

    /**
     * {@inheritDoc} Sizes must be multiples of the product of all strides, so that what is joined fits.
     *
     * @throws ArgumentException if one is none
     */
    @Override
    public InputType inputType(NetworkSpec spec, long... size) {
        InputType type = GraphSpec.inputType(spec.dims(), spec.inPlanes(), size);
        long[] multiple = new PlannedStages(spec).multiple();
        for (int axis = 0; axis < size.length; axis++) {
            ArgumentException.require(
                    size[axis] == SpatialDims.UNKNOWN || size[axis] % multiple[axis] == 0,
                    "size",
                    size,
                    "use multiples of " + Arrays.toString(multiple) + ", the products of all strides of "
                            + spec.modelName());
        }
        return type;
    }

    @Override
    public long[] sizeFrom(NetworkSpec spec, long least) {
        return Arrays.stream(new PlannedStages(spec).multiple())
                .map(multiple -> (least + multiple - 1) / multiple * multiple)
                .toArray();
    }

    @Override
    public long outputChannels(NetworkSpec spec) {
        return spec.outPlanes();
    }

    @Override
    public void check(NetworkSpec spec) {
        PlannedStages.check(spec);
    }
}
