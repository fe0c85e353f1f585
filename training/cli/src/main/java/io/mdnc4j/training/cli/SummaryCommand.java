package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.training.options.SpecOptions;
import io.mdnc4j.zoo.GraphSpec;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.summary.LayerTable;
import io.mdnc4j.zoo.summary.LayerTableFormat;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.inputs.InputType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the layer table of a model, preset or block. */
@Command(name = "summary", description = "Print the layer table of a model, preset or block, with work and memory.")
final class SummaryCommand implements Callable<Integer> {
    private static final String INPUT = "input";

    @Mixin
    CommonOptions common;

    @Parameters(paramLabel = "MODEL", description = "such as resnet.ae1d, conv.unet29-3d or resnet.BlockPlain2d")
    String model;

    @Mixin
    SpecOptions options;

    @Option(
            names = "--input",
            split = ",",
            paramLabel = "N",
            description = "channels and sizes of the input, such as 3,128; not needed by decoders")
    long[] input;

    @Option(names = "--batch", defaultValue = "1", paramLabel = "N", description = "samples (default: 1)")
    long batch;

    @Option(names = "--format", defaultValue = "text", description = "text, csv or json (default: text)")
    LayerTableFormat format;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() {
        ModelName name = ModelName.parse(model);
        GraphSpec spec = options.spec(name);
        ArgumentException.require(batch >= 1, "batch", batch, "use at least 1");
        LayerTable table = LayerTable.of(name.name(), spec, size(spec, input));
        command.commandLine().getOut().print(format.format(table, batch));
        command.commandLine().getOut().flush();
        return 0;
    }

    /**
     * The spatial size of that input shape, which must fit the model.
     *
     * @param input channels and sizes; {@code null} will do for decoders
     * @throws ArgumentException if it does not fit
     */
    static long[] size(GraphSpec spec, long[] input) {
        boolean own = spec instanceof NetworkSpec network && network.network() == Network.DECODER;
        int axes = spec.dims().count();
        ArgumentException.require(
                input != null || own,
                INPUT,
                "not given",
                "give channels and " + axes + " sizes, such as 3" + ",64".repeat(axes));
        if (input == null) {
            return spec.dims().perAxis(INPUT, 1L);
        }
        ArgumentException.require(
                Arrays.stream(input).allMatch(length -> length >= 1), INPUT, input, "use numbers of at least 1");
        ArgumentException.require(
                own || input.length == axes + 1, INPUT, input, "give channels and " + axes + " sizes");
        long[] size = Arrays.copyOfRange(input, 1, input.length);
        InputType type = own ? spec.inputType() : spec.inputType(size);
        ArgumentException.require(
                Arrays.equals(type.getShape(false), input),
                INPUT,
                Arrays.toString(input) + " does not fit the model, whose input is "
                        + LayerTable.shape(type.getShape(false)) + " of " + SpatialDims.channels(type) + " channels",
                "change it or the model's options");
        return size;
    }
}
