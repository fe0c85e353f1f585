package io.mdnc4j.training.cli;

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
        if (batch < 1) {
            throw new IllegalArgumentException("batch: " + batch + "; use at least 1");
        }
        LayerTable table = LayerTable.of(name.name(), spec, size(spec, input));
        command.commandLine().getOut().print(format.format(table, batch));
        command.commandLine().getOut().flush();
        return 0;
    }

    /** The spatial size of that input shape, which must fit the model. */
    static long[] size(GraphSpec spec, long[] input) {
        boolean own = spec instanceof NetworkSpec network && network.network() == Network.DECODER;
        if (input == null && !own) {
            throw new IllegalArgumentException(
                    "input: not given; give channels and " + spec.dims().count() + " sizes, such as 3"
                            + ",64".repeat(spec.dims().count()));
        }
        if (input == null) {
            return spec.dims().perAxis("input", 1L);
        }
        if (Arrays.stream(input).anyMatch(length -> length < 1)) {
            throw new IllegalArgumentException("input: " + Arrays.toString(input) + "; use numbers of at least 1");
        }
        long[] size = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
        InputType type = own ? spec.inputType() : spec.inputType(spec.dims().perAxis("input", size));
        if (!own && size.length != spec.dims().count()) {
            throw new IllegalArgumentException("input: " + Arrays.toString(input) + "; give channels and "
                    + spec.dims().count() + " sizes");
        }
        if (!Arrays.equals(type.getShape(false), input)) {
            throw new IllegalArgumentException(
                    "input: " + Arrays.toString(input) + " does not fit the model, whose input is "
                            + LayerTable.shape(type.getShape(false)) + " of " + SpatialDims.channels(type)
                            + " channels; change --input or the model's options");
        }
        return size;
    }
}
