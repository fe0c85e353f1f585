package io.mdnc4j.zoo;

import io.mdnc4j.blocks.BlockStyle;
import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockGraph;
import io.mdnc4j.blocks.graph.BlockKind;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * A single block.
 *
 * @param dims number of spatial dimensions
 * @param kind kind of block
 * @param inPlanes channels of the input
 * @param outPlanes channels of the output
 * @param geometry kernel and scaling
 * @param style what its units consist of
 */
public record BlockSpec(
        SpatialDims dims, BlockKind kind, long inPlanes, long outPlanes, Geometry geometry, BlockStyle style)
        implements GraphSpec {
    @Override
    public Integer depth() {
        return null;
    }

    @Override
    public InputType inputType(long... size) {
        return dims.inputType(inPlanes, size);
    }

    /** {@inheritDoc} Its vertices have no common prefix, as the keys of a block's own state_dict. */
    @Override
    public String assemble(BlockGraph graph, String input) {
        return kind.add(graph, "", input, inPlanes, outPlanes, geometry);
    }
}
