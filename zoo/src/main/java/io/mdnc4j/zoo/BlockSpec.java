package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;

/**
 * A single block, checked.
 *
 * @param dims number of spatial dimensions
 * @param kind kind of block
 * @param values of all options that blocks have, see {@link SpecOption}; sizes with one number an axis
 */
public record BlockSpec(SpatialDims dims, BlockKind kind, SpecValues values) implements GraphSpec {
    /**
     * Checks every value, and fills in those that are not given.
     *
     * @param dims number of spatial dimensions
     * @param kind kind of block
     * @param values values of options
     * @throws ArgumentException if one is missing, out of range, none of a block's, or does not go with the others
     */
    public BlockSpec(SpatialDims dims, BlockKind kind, SpecValues values) {
        this.dims = dims;
        this.kind = kind;
        Family family = Family.of(kind);
        this.values = values.checked(new SpecOption.Subject(name(family, kind, dims), family, null, dims, values));
        try {
            StateDict.shapesOf(this).values().stream()
                    .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                    .reduce(0, Math::addExact);
        } catch (ArithmeticException e) {
            throw new ArgumentException(
                    SpecOption.KERNEL_SIZE.name(),
                    Arrays.toString(geometry().kernelSize()) + " with " + inPlanes() + " and " + outPlanes()
                            + " channels",
                    "use less, since the block would have more parameters than can be counted",
                    e);
        }
    }

    /**
     * The block of that geometry and style.
     *
     * @param dims number of spatial dimensions
     * @param kind kind of block
     * @param inPlanes channels of the input, at least 1
     * @param outPlanes channels of the output, at least 1
     * @param geometry kernel and scaling
     * @param style what the units consist of
     */
    public BlockSpec(
            SpatialDims dims, BlockKind kind, long inPlanes, long outPlanes, Geometry geometry, BlockStyle style) {
        this(dims, kind, values(inPlanes, outPlanes, geometry, style));
    }

    private static SpecValues values(long inPlanes, long outPlanes, Geometry geometry, BlockStyle style) {
        SpecValues values = SpecValues.NONE
                .with(SpecOption.IN_PLANES, inPlanes)
                .with(SpecOption.OUT_PLANES, outPlanes)
                .withRead(SpecOption.KERNEL_SIZE, geometry.kernelSize())
                .withRead(SpecOption.STRIDE, geometry.stride())
                .withRead(SpecOption.PADDING, geometry.padding())
                .with(SpecOption.SCALER, geometry.scaler())
                .with(SpecOption.NORMALIZER, style.normalizer())
                .with(SpecOption.ACTIVATOR, style.activator())
                .with(SpecOption.LAYER_ORDER, style.order());
        return geometry.outputSize() == null ? values : values.withRead(SpecOption.OUTPUT_SIZE, geometry.outputSize());
    }

    /** The block's name: {@code resnet.BlockPlain2d}. */
    static String name(Family family, BlockKind kind, SpatialDims dims) {
        return family.code() + "." + kind.typeName() + dims.suffix();
    }

    /**
     * {@return channels of the input}
     */
    public long inPlanes() {
        return value(SpecOption.IN_PLANES);
    }

    /**
     * {@return channels of the output}
     */
    public long outPlanes() {
        return value(SpecOption.OUT_PLANES);
    }

    /**
     * {@return kernel and scaling}
     */
    public Geometry geometry() {
        List<Long> outputSize = values.get(SpecOption.OUTPUT_SIZE);
        return new Geometry(
                value(SpecOption.KERNEL_SIZE).stream().mapToInt(n -> n).toArray(),
                value(SpecOption.STRIDE).stream().mapToDouble(n -> n).toArray(),
                value(SpecOption.PADDING).stream().mapToInt(n -> n).toArray(),
                value(SpecOption.SCALER),
                outputSize == null
                        ? null
                        : outputSize.stream().mapToLong(n -> n).toArray());
    }

    /** {@inheritDoc} It is {@code null}. */
    @Override
    public @Nullable Integer depth() {
        return null;
    }

    @Override
    public InputType inputType(long... size) {
        return GraphSpec.inputType(dims, inPlanes(), size);
    }

    /** {@inheritDoc} Its vertices have no common prefix, as the keys of a block's own state_dict. */
    @Override
    public String assemble(BlockGraph graph, String input) {
        return kind.add(graph, "", input, inPlanes(), outPlanes(), geometry());
    }
}
