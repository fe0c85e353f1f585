package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Resampling;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.predict.bioimageio.ModelPackage;
import io.mdnc4j.training.predict.bioimageio.PackageText;
import io.mdnc4j.training.predict.bioimageio.PackageText.Author;
import io.mdnc4j.training.predict.bioimageio.PackageText.Citation;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.nnunet.Processing;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a package of bioimage.io has besides the network. */
final class PackageOptions {
    /** More than any text has. */
    private static final long MOST_OF_TEXT = 10_000_000;

    @Option(names = "--name", paramLabel = "TEXT", description = "bioimageio: name of the model, 5 characters at least")
    private String name;

    @Option(names = "--description", paramLabel = "TEXT", description = "bioimageio: what the model does")
    private String description;

    @Option(
            names = "--license",
            paramLabel = "ID",
            description = "bioimageio: licence, as spdx.org calls it, such as MIT")
    private String license;

    @Option(
            names = "--author",
            paramLabel = "TEXT",
            description =
                    "bioimageio: 'NAME; affiliation=..; orcid=..; email=..; github_user=..', all but the name left out or"
                            + " not; once for each")
    private List<String> author = List.of();

    @Option(
            names = "--cite",
            paramLabel = "TEXT",
            description = "bioimageio: 'TEXT; doi=10..' or 'TEXT; url=https://..'; once for each")
    private List<String> cite = List.of();

    @Option(names = "--tags", split = ",", paramLabel = "WORD", description = "bioimageio: words to find it by")
    private List<String> tags = List.of();

    @Option(
            names = "--documentation",
            paramLabel = "FILE",
            description = "bioimageio: Markdown (default: what the model says of itself)")
    private Path documentation;

    @Option(
            names = "--cover",
            paramLabel = "FILE",
            description =
                    "bioimageio: picture, twice as wide as high, 500 kB at most (default: an input with its output)")
    private Path cover;

    @Option(
            names = "--sample",
            paramLabel = "FILE",
            description = "bioimageio: file of an input, whose middle others test with (default: made up)")
    private Path sample;

    @Spec
    private CommandSpec mixin;

    /**
     * Requires that none is given.
     *
     * @param format that has no place for them
     */
    void requireNone(String format) {
        for (OptionSpec option : mixin.options()) {
            Object value = option.getValue();
            boolean given = value instanceof List<?> list ? !list.isEmpty() : value != null;
            ArgumentException.require(
                    !given,
                    option.longestName().substring(2),
                    "given for " + format,
                    "leave it out, or write bioimageio");
        }
    }

    /**
     * The package that they describe.
     *
     * @throws IOException if a file cannot be read
     * @throws ArgumentException if one is missing or not allowed
     * @throws DataException if the sample cannot be read
     */
    ModelPackage of(ComputationGraph network, ModelDescription known, Processing processing, long... fixedSize)
            throws IOException {
        ArgumentException.require(
                known != null, "model", "has no description", "give one that train or a RunListener has written");
        PackageText text = new PackageText(
                name,
                description,
                license,
                author.stream().map(Author::parse).toList(),
                cite.stream().map(Citation::parse).toList(),
                tags.stream().map(String::strip).toList(),
                documentation == null ? null : text(documentation));
        ModelPackage.Builder builder = ModelPackage.builder(network, known, text)
                .processing(processing)
                .fixedSize(fixedSize);
        if (cover != null) {
            builder.cover(cover);
        }
        if (sample != null) {
            builder.sample(sample(known));
        }
        return builder.build();
    }

    /** The sample on the network's grid. */
    private INDArray sample(ModelDescription known) {
        StoredArray array = ArrayFiles.read(sample);
        int axes = Math.max(1, known.inputShape().size() - 1);
        try {
            INDArray values = array.with(Predictor.channels(known)).withDimensions(axes);
            Grid own = array.grid().withAxes(axes);
            Grid wanted = new Grid(
                            known.samplingRate(), known.spacing(), Objects.requireNonNullElse(known.orientation(), ""))
                    .withAxes(axes);
            if (!own.isKnown() || !wanted.isKnown()) {
                return values;
            }
            long[] shape = values.shape();
            return Regridding.between(own, wanted, Arrays.copyOfRange(shape, 1, shape.length))
                    .apply(values, Resampling.CUBIC.antiAliased());
        } catch (DataException | ArgumentException e) {
            throw new DataException(sample + ": " + e.getMessage(), e);
        }
    }

    private static String text(Path file) throws IOException {
        ArgumentException.require(
                Files.isRegularFile(file) && Files.size(file) <= MOST_OF_TEXT,
                "documentation",
                file + " is no file of at most " + MOST_OF_TEXT + " bytes",
                "give a text in Markdown");
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new ArgumentException("documentation", file + " is no text in UTF-8", "give one in Markdown", e);
        }
    }
}
