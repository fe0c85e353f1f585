package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.options.SpecOptions;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.nnunet.ModelFolder;
import io.mdnc4j.zoo.weights.Match;
import io.mdnc4j.zoo.weights.Weights;
import io.mdnc4j.zoo.weights.WeightsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a model file of weights from PyTorch, or of a model of nnU-Net. */
@Command(
        name = "import",
        description = "Make a model file of a PyTorch checkpoint or safetensors file, or of a model folder of nnU-Net.",
        footer =
                "Without MODEL, or with a model but no geometry, the geometry is found from the shapes of the weights. In the"
                        + " place of MODEL and --weights, the folder of a model that nnU-Net has trained will do, with plans.json,"
                        + " dataset.json and fold_N/checkpoint_final.pth.")
final class ImportCommand implements Callable<Integer> {
    /** Size of the inputs that a network is described with unless another is given; it takes any other as well. */
    private static final long SIZE = 64;

    @Mixin
    CommonOptions common;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            description = "such as resnet.ae1d or conv.unet29-3d; or a model folder of nnU-Net")
    String model;

    @Mixin
    SpecOptions options;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "file of torch.save (.pth, .pt) or safetensors; not with a folder")
    Path weights;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "model file to write, model.zip")
    Path output;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "key of the state_dict in the file (default: found if there is one)")
    String key;

    @Option(names = "--partial", description = "load what fits, even if not everything does")
    boolean partial;

    @Option(
            names = "--input",
            split = ",",
            paramLabel = "N",
            description = "channels and sizes of the inputs it is meant for (default: 64 an axis)")
    long[] input;

    @Option(
            names = "--folds",
            split = ",",
            paramLabel = "N",
            description = "folds of a folder (default: all that are there)")
    List<String> folds;

    @Option(
            names = "--configuration",
            paramLabel = "NAME",
            description = "configuration of a folder's plans, such as 3d_fullres (default: the one that was trained)")
    String configuration;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() throws IOException {
        CommonOptions.requireFolderOf(output);
        if (weights == null) {
            return importFolder();
        }
        ArgumentException.require(folds == null, "folds", folds, "give it with a folder, not with --weights");
        ArgumentException.require(
                configuration == null, "configuration", configuration, "give it with a folder, not with --weights");
        ModelName name = model == null ? null : ModelName.parse(model);
        Weights file = Weights.load(weights, key);
        NetworkSpec spec = spec(name, file);
        common.apply();
        long[] size = input == null ? spec.sizeFrom(SIZE) : SummaryCommand.size(spec, input);
        NetworkModel described = NetworkModel.builder(spec, size).build();
        Match match = file.match(StateDict.shapesOf(spec));
        ComputationGraph network = (partial ? file.partial() : file).network(described);
        String title = name == null ? spec.modelName() : name.name();
        ModelDescription description = description(title, spec, size, file);
        try {
            ModelFiles.write(network, description, output);
        } catch (IOException e) {
            throw AtomicFile.unwritable(output, e);
        }
        PrintWriter out = command.commandLine().getOut();
        out.println(title + ": " + match.loaded().size() + " tensors, " + network.numParams() + " values -> " + output);
        out.flush();
        if (!match.complete()) {
            Errors.print(command.commandLine(), "not loaded: " + match);
        }
        return 0;
    }

    private Integer importFolder() throws IOException {
        Path folder = model == null ? null : Path.of(model);
        ArgumentException.require(
                folder != null && Files.isDirectory(folder),
                "weights",
                "not given" + (model == null ? "" : ", and " + model + " is no folder"),
                "give a file of weights, or a model folder of nnU-Net in the place of MODEL");
        ArgumentException.require(
                options.values().given().isEmpty() && input == null && key == null && !partial,
                "model",
                "a folder, but options of other weights",
                "give a folder alone, with folds and configuration");
        ModelFolder read = ModelFolder.read(folder, configuration, folds == null ? List.of() : folds);
        common.apply();
        ComputationGraph network = read.write(output);
        PrintWriter out = command.commandLine().getOut();
        out.println(read.spec().modelName() + " (" + read.processing().configuration() + ", folds "
                + String.join(" ", read.processing().folds()) + "): "
                + StateDict.shapesOf(read.spec()).size() + " tensors, " + network.numParams() + " values each -> "
                + output);
        out.flush();
        return 0;
    }

    private NetworkSpec spec(ModelName name, Weights file) throws IOException {
        boolean open = options.leaveGeometryOpen() && (name == null || name.preset() == null);
        if (!open && name != null) {
            return options.network(name);
        }
        ArgumentException.require(open, "model", "not given, but options of its geometry", "give both or neither");
        ArgumentException.require(
                !partial,
                "partial",
                "the geometry cannot be found from weights that fit in part",
                "give MODEL and its options");
        NetworkSpec found = file.spec(options.values());
        ArgumentException.require(
                name == null || name.name().equals(found.modelName()),
                "model",
                model + ", but the weights are of " + found.modelName(),
                "leave MODEL out");
        return found;
    }

    /** What the file tells of the model, or else what follows from the network. */
    private ModelDescription description(String title, NetworkSpec spec, long[] size, Weights file) throws IOException {
        if (file.metadata().containsKey(ModelDescription.NOTE)) {
            try {
                return ModelDescription.fromJson(file.metadata().get(ModelDescription.NOTE));
            } catch (IOException e) {
                throw new WeightsException(weights + ": " + e.getMessage(), e);
            }
        }
        List<Long> shape = input == null || spec.network() == Network.DECODER
                ? List.of()
                : java.util.Arrays.stream(input).boxed().toList();
        return new ModelDescription(
                title,
                null,
                shape,
                null,
                null,
                null,
                null,
                null,
                Map.of("weights", weights.getFileName().toString()));
    }
}
