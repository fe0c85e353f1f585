package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.predict.bioimageio.ModelPackage;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ModelFolds;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.export.ExportFormat;
import io.mdnc4j.zoo.export.OnnxExport;
import io.mdnc4j.zoo.nnunet.Processing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
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
        description =
                "Write a model for PyTorch (safetensors, pth: its weights), ONNX runtimes (the whole network), or programs"
                        + " that open packages of bioimage.io.")
final class ExportCommand implements Callable<Integer> {
    @Mixin
    CommonOptions common;

    @Parameters(
            paramLabel = "MODEL",
            description = "model file, model.zip; or the name of a network that comes along, such as brain-mask")
    Path model;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "safetensors, pth, onnx, or bioimageio (default: by the output's name)")
    String format;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "file to write, model.onnx")
    Path output;

    @Option(
            names = "--self-contained",
            description =
                    "ONNX with normalisation, padding and the way back to values of the data in the graph, which takes"
                            + " inputs as files have them")
    boolean selfContained;

    @Option(
            names = "--fixed-size",
            split = ",",
            paramLabel = "N",
            description =
                    "ONNX for programs that need fixed sizes: that of inputs, one number or one for each axis, of one at a"
                            + " time (default: any)")
    long[] fixedSize;

    @Spec
    CommandSpec command;

    @Mixin
    PackageOptions packaging;

    /** What is written. */
    private enum Target implements Coded {
        SAFETENSORS(ExportFormat.SAFETENSORS),
        PTH(ExportFormat.PTH),
        ONNX(ExportFormat.ONNX),
        /** A package of bioimage.io. */
        BIOIMAGEIO(null);

        private final ExportFormat format;

        Target(ExportFormat format) {
            this.format = format;
        }

        @Override
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Target of(ExportFormat format) {
            return Arrays.stream(values())
                    .filter(target -> target.format == format)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public Integer call() throws IOException {
        Target target =
                format == null ? Target.of(ExportFormat.of(output)) : Coded.parse(Target.class, "format", format);
        CommonOptions.requireFolderOf(output);
        ArgumentException.require(
                target == Target.ONNX || !selfContained,
                "selfContained",
                "asked for in " + target.code(),
                target == Target.BIOIMAGEIO ? "leave it out: packages always are" : "export onnx, or leave it out");
        ArgumentException.require(
                target == Target.ONNX || target == Target.BIOIMAGEIO || fixedSize == null,
                "fixedSize",
                "given for " + target.code(),
                "export onnx or bioimageio, or leave it out");
        if (target != Target.BIOIMAGEIO) {
            packaging.requireNone(target.code());
        }
        if (Files.exists(model) || !Pretrained.names().contains(model.toString())) {
            return export(model, target);
        }
        return Pretrained.named(model.toString()).read(file -> export(file, target));
    }

    private int export(Path file, Target target) throws IOException {
        boolean same = Files.exists(output) && Files.exists(file) && Files.isSameFile(output, file);
        ArgumentException.require(!same, "output", output + " is the model itself", "name another file");
        common.apply();
        ModelDescription description = ModelFiles.description(file).orElse(null);
        ComputationGraph network = ModelFiles.read(file);
        Processing processing = Processing.in(file).orElse(null);
        long[] size = fixedSize == null ? new long[0] : fixedSize;
        Writing writing;
        if (target == Target.BIOIMAGEIO) {
            ModelPackage built = packaging.of(network, description, processing, size);
            say(built.leftOut());
            writing = built::write;
        } else if (target == Target.ONNX) {
            OnnxExport.Builder export = OnnxExport.builder(network, description)
                    .processing(processing)
                    .selfContained(selfContained);
            OnnxExport built = (fixedSize == null ? export : export.fixedSize(size)).build();
            say(built.leftOut());
            writing = built::write;
        } else {
            List<String> others = processing == null
                    ? IntStream.range(0, ModelFolds.others(file).size())
                            .mapToObj(number -> "" + (number + 2)) // the first is this one
                            .toList()
                    : processing.folds().subList(1, processing.folds().size());
            if (!others.isEmpty()) {
                say(List.of("the networks of folds " + String.join(", ", others)));
            }
            writing = path -> target.format.write(network, description, path);
        }
        try {
            writing.write(output);
        } catch (IOException e) {
            throw AtomicFile.unwritable(output, e);
        }
        PrintWriter out = command.commandLine().getOut();
        out.println(network.numParams() + " values -> " + output + ", " + Files.size(output) + " bytes");
        out.flush();
        return 0;
    }

    /** Writes a file. */
    @FunctionalInterface
    private interface Writing {
        void write(Path file) throws IOException;
    }

    /** What a program that runs the network has to do itself. */
    private void say(List<String> leftOut) {
        leftOut.forEach(what -> Errors.print(command.commandLine(), "not in the file: " + what));
    }
}
