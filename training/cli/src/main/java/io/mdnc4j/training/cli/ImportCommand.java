package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.options.SpecOptions;
import io.mdnc4j.training.predict.bioimageio.PackageException;
import io.mdnc4j.training.predict.bioimageio.PackagedWeights;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.Task;
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
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a model file of weights from PyTorch, or of a model of nnU-Net. */
@Command(
        name = "import",
        description =
                "Make a model file of a PyTorch checkpoint or safetensors file, of a model folder of nnU-Net, or of a package of"
                        + " bioimage.io with weights of PyTorch.",
        footer =
                "Without MODEL, or with a model but no geometry, the geometry is found from the shapes of the weights. In the"
                        + " place of MODEL and --weights, the folder of a model that nnU-Net has trained will do, with plans.json,"
                        + " dataset.json and fold_N/checkpoint_final.pth; or a package of bioimage.io, a zip file with rdf.yaml.")
final class ImportCommand implements Callable<Integer> {
    /** Size of the inputs that a network is described with unless another is given; it takes any other as well. */
    private static final long SIZE = 64;

    @Mixin
    CommonOptions common;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            description = "such as resnet.ae1d or conv.unet29-3d; a model folder of nnU-Net, or a package")
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
            Path given = model == null ? null : Path.of(model);
            return given != null && Files.isRegularFile(given) ? importPackage(given) : importFolder();
        }
        ArgumentException.require(folds == null, "folds", folds, "give it with a folder, not with --weights");
        ArgumentException.require(
                configuration == null, "configuration", configuration, "give it with a folder, not with --weights");
        return importWeights(model == null ? null : ModelName.parse(model), null);
    }

    /** @param known what a package says of the weights; {@code null} of weights alone */
    private Integer importWeights(ModelName name, PackagedWeights known) throws IOException {
        Weights file = Weights.load(weights, key);
        NetworkSpec spec = spec(name, file);
        common.apply();
        long[] size = input == null ? spec.sizeFrom(SIZE) : SummaryCommand.size(spec, input);
        NetworkModel.Builder<? extends NetworkModel> builder = NetworkModel.builder(spec, size);
        if (known != null) {
            known.requireLike(spec.dims().count(), spec.inPlanes(), spec.outputChannels());
            builder.task(Task.parse(known.description().task()));
            if (known.sigmoid()) {
                builder.outputActivation(new ActivationSigmoid());
            }
        }
        Match match = file.match(StateDict.shapesOf(spec));
        ComputationGraph network = (partial ? file.partial() : file).network(builder.build());
        String title = name == null ? spec.modelName() : name.name();
        ModelDescription description = known == null
                ? description(title, spec, size, file)
                : known.description().withModel(title);
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

    private Integer importPackage(Path file) throws IOException {
        ArgumentException.require(
                folds == null && configuration == null && input == null,
                "model",
                "a package, but options of a folder or of weights alone",
                "leave out folds, configuration and input");
        try (PackagedWeights known = PackagedWeights.open(file)) {
            weights = known.weights();
            int code;
            try {
                code = importWeights(null, known);
            } catch (WeightsException | PackageException e) {
                // the temporary file is of no interest
                throw new PackageException(file + ": " + e.getMessage().replace(weights + ": ", ""), e);
            }
            known.notes().forEach(note -> Errors.print(command.commandLine(), note));
            return code;
        }
    }

    private Integer importFolder() throws IOException {
        Path folder = model == null ? null : Path.of(model);
        ArgumentException.require(
                folder != null && Files.isDirectory(folder),
                "weights",
                "not given" + (model == null ? "" : ", and " + model + " is no folder and no package"),
                "give a file of weights, or a model folder of nnU-Net or a package in the place of MODEL");
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
