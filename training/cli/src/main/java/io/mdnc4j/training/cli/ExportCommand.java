package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelFolds;
import io.mdnc4j.zoo.export.ExportFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a model file's network in a format of others. */
@Command(
        name = "export",
        description = "Write a model for PyTorch (safetensors, pth: its weights) or ONNX runtimes (the whole network).")
final class ExportCommand implements Callable<Integer> {
    @Mixin
    CommonOptions common;

    @Parameters(paramLabel = "FILE", description = "model file, model.zip")
    Path model;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "safetensors, pth or onnx (default: by the output's name)")
    String format;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "file to write, model.onnx")
    Path output;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() throws IOException {
        ExportFormat target =
                format == null ? ExportFormat.of(output) : Coded.parse(ExportFormat.class, "format", format);
        CommonOptions.requireFolderOf(output);
        boolean same = Files.exists(output) && Files.exists(model) && Files.isSameFile(output, model);
        ArgumentException.require(!same, "output", output + " is the model itself", "name another file");
        common.apply();
        ModelDescription description = ModelFiles.description(model).orElse(null);
        ComputationGraph network = ModelFiles.read(model);
        int others = ModelFolds.others(model).size();
        if (others > 0) {
            Errors.print(
                    command.commandLine(),
                    model + " has the networks of " + (others + 1)
                            + " folds, whose answers predict averages; that of the" + " first alone is written");
        }
        if (description != null && !description.postprocessing().isEmpty()) {
            Errors.print(
                    command.commandLine(),
                    "the postprocessing that predict applies (" + description.postprocessing() + ") is not part of the"
                            + " network, and left to whoever uses it");
        }
        try {
            target.write(network, description, output);
        } catch (IOException e) {
            throw AtomicFile.unwritable(output, e);
        }
        PrintWriter out = command.commandLine().getOut();
        out.println(network.numParams() + " values -> " + output + ", " + Files.size(output) + " bytes");
        out.flush();
        return 0;
    }
}
