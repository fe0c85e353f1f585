package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.export.ExportFormat;
import io.mdnc4j.zoo.export.OnnxExport;
import io.mdnc4j.zoo.nnunet.Processing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    @Parameters(paramLabel = "MODEL", description = "model file, model.zip; or the name of a network that comes along, such as brain-mask")
    Path model;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "safetensors, pth or onnx (default: by the output's name)")
    String format;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "file to write, model.onnx")
    Path output;

    @Option(
            names = "--self-contained",
            description = "ONNX with normalisation, padding and the way back to values of the data in the graph, which takes"
                    + " inputs as files have them")
    boolean selfContained;

    @Option(
            names = "--fixed-size",
            split = ",",
            paramLabel = "N",
            description = "ONNX for programs that need fixed sizes: that of inputs, one number or one for each axis, of one at a"
                    + " time (default: any)")
    long[] fixedSize;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() throws IOException {
        ExportFormat target =
                format == null ? ExportFormat.of(output) : Coded.parse(ExportFormat.class, "format", format);
        CommonOptions.requireFolderOf(output);
        boolean onnx = target == ExportFormat.ONNX;
        ArgumentException.require(
                onnx || !selfContained, "selfContained", "asked for in " + target.code(), "export onnx, or leave it out");
        ArgumentException.require(
                onnx || fixedSize == null, "fixedSize", "given for " + target.code(), "export onnx, or leave it out");
        if (Files.exists(model) || !Pretrained.names().contains(model.toString())) {
            return export(model, target);
        }
        return Pretrained.named(model.toString()).read(file -> export(file, target));
    }

    private int export(Path file, ExportFormat target) throws IOException {
        boolean same = Files.exists(output) && Files.exists(file) && Files.isSameFile(output, file);
        ArgumentException.require(!same, "output", output + " is the model itself", "name another file");
        common.apply();
        ModelDescription description = ModelFiles.description(file).orElse(null);
        ComputationGraph network = ModelFiles.read(file);
        Processing processing = Processing.in(file).orElse(null);
        try {
            if (target == ExportFormat.ONNX) {
                OnnxExport.Builder export = OnnxExport.builder(network, description)
                        .processing(processing)
                        .selfContained(selfContained);
                if (fixedSize != null) {
                    export.fixedSize(fixedSize);
                }
                OnnxExport built = export.build();
                built.write(output);
                say(built.leftOut());
            } else {
                target.write(network, description, output);
            }
        } catch (IOException e) {
            throw AtomicFile.unwritable(output, e);
        }
        if (processing != null && processing.folds().size() > 1) {
            say(List.of("the networks of all folds but " + processing.folds().get(0) + " of " + processing.folds()));
        }
        PrintWriter out = command.commandLine().getOut();
        out.println(network.numParams() + " values -> " + output + ", " + Files.size(output) + " bytes");
        out.flush();
        return 0;
    }

    /** What a program that runs the network has to do itself. */
    private void say(List<String> leftOut) {
        leftOut.forEach(what -> Errors.print(command.commandLine(), "not in the file: " + what));
    }
}
