package io.mdnc4j.training.options;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.mdnc4j.blocks.Activator;
import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.LayerOrder;
import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.BlockSpec;
import io.mdnc4j.zoo.GraphSpec;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.NetworkSpec;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/**
 * The geometry of a network or block as options: of the command line, and by the same names with underscores in JSON.
 * What is not given keeps the default of the model or preset.
 */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public final class SpecOptions {
    @Option(names = "--channel", paramLabel = "N", description = "channels of the outermost stages (default: 64)")
    Integer channel;

    @Option(names = "--layers", split = ",", paramLabel = "N", description = "blocks of each stage, such as 2,2,2,2,3")
    int[] layers;

    @Option(names = "--block", paramLabel = "KIND", description = "plain or bottleneck (resnet; default: bottleneck)")
    String block;

    @Option(
            names = "--kernel-size",
            split = ",",
            paramLabel = "K",
            description = "odd kernel size, one number or one an axis (default: 3)")
    int[] kernelSize;

    @Option(names = "--in-planes", paramLabel = "N", description = "channels of the input (default: 1)")
    Long inPlanes;

    @Option(names = "--out-planes", paramLabel = "N", description = "channels of the output (default: 1)")
    Long outPlanes;

    @Option(
            names = "--out-length",
            paramLabel = "N",
            converter = NoneOrNumber.class,
            description = "length of an encoder's vector, or none (default: 2)")
    Integer outLength;

    @Option(
            names = "--in-length",
            paramLabel = "N",
            converter = NoneOrNumber.class,
            description = "length of a decoder's vector, or none (default: 2)")
    Integer inLength;

    @Option(
            names = "--out-size",
            split = ",",
            paramLabel = "L",
            description = "spatial size of a decoder's output, one number or one an axis")
    long[] outSize;

    @Option(names = "--stride", split = ",", paramLabel = "S", description = "blocks: scale (default: 1)")
    double[] stride;

    @Option(names = "--padding", split = ",", paramLabel = "P", description = "blocks: padding (default: 1)")
    int[] padding;

    @Option(
            names = "--output-size",
            split = ",",
            paramLabel = "L",
            description = "blocks: size to upsample to, with --scaler up")
    long[] outputSize;

    @Option(
            names = "--normalizer",
            paramLabel = "NORM",
            description = "blocks: batch, inst, pinst or null (default: pinst)")
    String normalizer;

    @Option(names = "--activator", paramLabel = "ACT", description = "blocks: prelu, relu or null (default: prelu)")
    String activator;

    @Option(names = "--layer-order", paramLabel = "ORDER", description = "blocks: new or old (default: new)")
    String layerOrder;

    @Option(names = "--scaler", paramLabel = "SCALER", description = "blocks: down or up (default: down)")
    String scaler;

    /** A number, or 0 for {@code none} and {@code null}. */
    static final class NoneOrNumber implements picocli.CommandLine.ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return value.equalsIgnoreCase("none") || value.equalsIgnoreCase("null") ? 0 : Integer.valueOf(value);
        }
    }

    /**
     * The described network or block.
     *
     * @throws IllegalArgumentException if an option is out of range or does not apply to it
     */
    public GraphSpec spec(ModelName model) {
        return model.block() == null ? network(model) : block(model);
    }

    /** Sets what was not given of a model; a preset keeps its own. */
    public void defaults(ModelName model, int channel, BlockKind block, int kernel, int... layers) {
        if (model.preset() == null) {
            this.block = this.block == null ? block.code() : this.block;
            this.kernelSize = this.kernelSize == null ? new int[] {kernel} : this.kernelSize;
            this.channel = this.channel == null ? Integer.valueOf(channel) : this.channel;
            this.layers = this.layers == null ? layers : this.layers;
        }
    }

    /** The spatial size of a decoder's output, {@code null} if not given. */
    public long[] outSize() {
        return outSize;
    }

    /** Whether nothing is given but, perhaps, the size of a decoder's output, which no weights tell. */
    public boolean leaveGeometryOpen() {
        return Stream.of(channel, layers, block, kernelSize, inPlanes, outPlanes, outLength, inLength, stride, padding)
                        .allMatch(Objects::isNull)
                && Stream.of(outputSize, normalizer, activator, layerOrder, scaler)
                        .allMatch(Objects::isNull);
    }

    /**
     * Sets the channels of the input and the output to those of data.
     *
     * @param vector whether the output is a vector
     * @throws IllegalArgumentException if others were given
     */
    public void fit(long in, long out, boolean vector) {
        inPlanes = same("in-planes", inPlanes, in);
        if (vector) {
            outLength = (int) same("out-length", outLength == null ? null : Long.valueOf(outLength), out);
        } else {
            outPlanes = same("out-planes", outPlanes, out);
        }
    }

    private static long same(String name, Long given, long wanted) {
        if (given != null && given != wanted) {
            throw new IllegalArgumentException(
                    name + ": " + given + " does not suit the data, which need " + wanted + "; leave it out");
        }
        return wanted;
    }

    /** {@link #spec} of a network only. */
    public NetworkSpec network(ModelName model) {
        NetworkSpec.Builder spec = model.spec();
        refuse(
                model,
                "stride",
                stride,
                "padding",
                padding,
                "output-size",
                outputSize,
                "normalizer",
                normalizer,
                "activator",
                activator,
                "layer-order",
                layerOrder,
                "scaler",
                scaler);
        if (channel != null) {
            spec.channel(channel);
        }
        if (layers != null) {
            spec.layers(layers);
        }
        if (block != null) {
            spec.block(Coded.parse(BlockKind.class, "block", block));
        }
        if (kernelSize != null) {
            spec.kernelSize(kernelSize);
        }
        return spec.inPlanes(inPlanes)
                .outPlanes(outPlanes)
                .outLength(outLength)
                .inLength(inLength)
                .outSize(outSize)
                .build();
    }

    private BlockSpec block(ModelName model) {
        refuse(
                model,
                "channel",
                channel,
                "layers",
                layers,
                "block",
                block,
                "out-length",
                outLength,
                "in-length",
                inLength,
                "out-size",
                outSize);
        if (inPlanes == null || outPlanes == null) {
            throw new IllegalArgumentException("in-planes, out-planes: not given; a block needs both");
        }
        SpatialDims dims = model.dims();
        double[] strides = stride == null ? new double[] {1} : stride;
        Geometry geometry = new Geometry(
                dims.perAxis("kernel size", kernelSize == null ? new int[] {3} : kernelSize),
                strides.length == 1
                        ? Arrays.stream(new double[dims.count()])
                                .map(s -> strides[0])
                                .toArray()
                        : strides,
                dims.perAxis("padding", padding == null ? new int[] {1} : padding),
                scaler == null ? Scaler.DOWN : Coded.parse(Scaler.class, "scaler", scaler),
                outputSize == null ? null : dims.perAxis("output size", outputSize));
        BlockStyle style = new BlockStyle(
                normalizer == null
                        ? BlockStyle.DEFAULT.normalizer()
                        : Coded.parse(Normalizer.class, "normalizer", normalizer),
                activator == null
                        ? BlockStyle.DEFAULT.activator()
                        : Coded.parse(Activator.class, "activator", activator),
                layerOrder == null
                        ? BlockStyle.DEFAULT.order()
                        : Coded.parse(LayerOrder.class, "layer-order", layerOrder));
        return new BlockSpec(dims, model.block(), inPlanes, outPlanes, geometry, style);
    }

    private static void refuse(ModelName model, Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                throw new IllegalArgumentException(
                        namesAndValues[i] + ": does not apply to " + model.name() + "; leave it out");
            }
        }
    }
}
