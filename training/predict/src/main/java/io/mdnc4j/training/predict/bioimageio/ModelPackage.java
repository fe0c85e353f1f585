package io.mdnc4j.training.predict.bioimageio;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.WindowAnswer;
import io.mdnc4j.training.predict.bioimageio.PackageText.Author;
import io.mdnc4j.training.predict.bioimageio.PackageText.Citation;
import io.mdnc4j.training.predict.bioimageio.ResourceDescription.Part;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.export.OnnxExport;
import io.mdnc4j.zoo.nnunet.Processing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * A model as a package of bioimage.io: a zip file with {@code rdf.yaml}, the network as ONNX with all that belongs around it, an
 * input and the output to it, a picture and a text.
 *
 * <pre>{@code
 * ModelPackage.builder(network, description, text).build().write(Path.of("package.zip"));
 * }</pre>
 */
public final class ModelPackage {
    private static final String WEIGHTS = "weights.onnx";
    private static final String TEST_INPUT = "test_input.npy";
    private static final String TEST_OUTPUT = "test_output.npy";
    private static final String DOCUMENTATION = "README.md";

    /** Of pictures, by the specification. */
    private static final long MOST_OF_COVER = 500_000;

    private static final List<String> COVERS = List.of("gif", "jpeg", "jpg", "png", "svg", "tif", "tiff");

    /** Of the operators in the graph. */
    private static final int OPSET = 17;

    /** By which outputs on other machines may differ, relative to the value and to the largest one. */
    private static final double TOLERANCE = 1e-3;

    private final Builder settings;
    private final OnnxExport export;
    private final INDArray input;
    private final INDArray output;
    private final ResourceDescription resource;

    private ModelPackage(Builder builder, OnnxExport export, INDArray input, Task task) {
        this.settings = builder;
        this.export = export;
        this.input = input;
        output = WindowAnswer.of(builder.network, builder.description, builder.processing, input)
                .castTo(DataType.FLOAT)
                .dup('c');
        boolean fixed = builder.fixedSize.length > 0 || task.perExample();
        resource = new ResourceDescription(
                builder.description,
                task,
                input.shape(),
                output.shape(),
                fixed,
                builder.processing == null ? List.of() : builder.processing.channels());
    }

    /**
     * A package of a network.
     *
     * @param network initialised, with one input and one output
     * @param description of its data, with task and input shape
     * @param text what is said of it
     * @return a builder
     */
    public static Builder builder(ComputationGraph network, ModelDescription description, PackageText text) {
        return new Builder(network, description, text);
    }

    /** {@return what predictions do that is not in the package, one sentence each} */
    public List<String> leftOut() {
        return export.leftOut();
    }

    /**
     * Writes the package, atomically.
     *
     * @param file the file, whose name should end in {@code .zip}
     * @throws ArgumentException if something cannot be in a graph
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        Path folder = Files.createTempDirectory("bioimageio");
        Map<String, Path> parts = new LinkedHashMap<>();
        try {
            export.write(part(folder, parts, WEIGHTS));
            writeTensor(part(folder, parts, TEST_INPUT), input);
            writeTensor(part(folder, parts, TEST_OUTPUT), output);
            Path cover = part(folder, parts, coverName());
            if (settings.cover == null) {
                Files.write(cover, Cover.png(input, output, resource.task()));
            } else {
                Files.copy(settings.cover, cover);
            }
            Files.writeString(part(folder, parts, DOCUMENTATION), documentation());
            String rdf = yaml(parts);
            AtomicFile.write(file.toAbsolutePath(), temporary -> {
                try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(temporary))) {
                    zip.putNextEntry(new ZipEntry("rdf.yaml"));
                    zip.write(rdf.getBytes(StandardCharsets.UTF_8));
                    for (Map.Entry<String, Path> part : parts.entrySet()) {
                        zip.putNextEntry(new ZipEntry(part.getKey()));
                        Files.copy(part.getValue(), zip);
                    }
                }
            });
        } finally {
            for (Path part : parts.values()) {
                Files.deleteIfExists(part);
            }
            Files.deleteIfExists(folder);
        }
    }

    private static Path part(Path folder, Map<String, Path> parts, String name) {
        Path part = folder.resolve(name);
        parts.put(name, part);
        return part;
    }

    private static void writeTensor(Path file, INDArray array) {
        long[] shape = LongStream.concat(LongStream.of(1), Arrays.stream(array.shape()))
                .toArray();
        ArrayFiles.write(file, new StoredArray(array.reshape('c', shape), false, ElementType.FLOAT32));
    }

    private String coverName() {
        return settings.cover == null ? "cover.png" : "cover." + suffix(settings.cover);
    }

    private static String suffix(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private String yaml(Map<String, Path> parts) throws IOException {
        PackageText text = settings.text;
        Map<String, Object> rdf = new LinkedHashMap<>();
        rdf.put("format_version", ResourceDescription.VERSION);
        rdf.put("type", "model");
        rdf.put("name", text.name());
        rdf.put("description", text.description());
        rdf.put("license", text.licence());
        rdf.put("authors", text.authors().stream().map(Author::asMap).toList());
        if (!text.cite().isEmpty()) {
            rdf.put("cite", text.cite().stream().map(Citation::asMap).toList());
        }
        if (!text.tags().isEmpty()) {
            rdf.put("tags", text.tags());
        }
        rdf.put("timestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        rdf.put("covers", List.of(coverName()));
        rdf.put("documentation", DOCUMENTATION);
        rdf.put("inputs", List.of(resource.inputEntry(described(parts, TEST_INPUT))));
        rdf.put("outputs", List.of(resource.outputEntry(described(parts, TEST_OUTPUT))));
        Map<String, Object> onnx = described(parts, WEIGHTS).asMap();
        onnx.put("opset_version", OPSET);
        rdf.put("weights", Map.of("onnx", onnx));
        rdf.put("config", config());
        DumpSettings block = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSplitLines(false)
                .build();
        return new Dump(block).dumpToString(rdf);
    }

    private Map<String, Object> config() {
        Map<String, Object> tolerance = new LinkedHashMap<>();
        tolerance.put("relative_tolerance", TOLERANCE);
        tolerance.put(
                "absolute_tolerance", TOLERANCE * Math.abs(output.ameanNumber().doubleValue()));
        tolerance.put("output_ids", List.of(ResourceDescription.OUTPUT));
        tolerance.put("weights_formats", List.of("onnx"));
        Map<String, Object> bioimageio = new LinkedHashMap<>();
        bioimageio.put("reproducibility_tolerance", List.of(tolerance));
        bioimageio.put("model_parameter_count", settings.network.numParams());
        // JDLL asks for this name, or for one that the model has at bioimage.io
        bioimageio.put(
                "nickname",
                settings.text.name().strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("bioimageio", bioimageio);
        // JSON is YAML
        config.put(
                ModelDescription.NOTE,
                new Load(LoadSettings.builder().build())
                        .loadFromString(
                                Objects.requireNonNull(export.description()).toJson()));
        return config;
    }

    private static Part described(Map<String, Path> parts, String name) throws IOException {
        try (InputStream in = Files.newInputStream(parts.get(name));
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return new Part(
                    name, HexFormat.of().formatHex(digest.getMessageDigest().digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String documentation() {
        PackageText text = settings.text;
        if (text.documentation() != null) {
            return text.documentation();
        }
        String size = resource.sizesInWords();
        StringBuilder page = new StringBuilder("# " + text.name() + "\n\n" + text.description() + "\n\n## Use\n\n"
                + "Values go in as files have them; normalisation is in the network's graph. "
                + (size.isEmpty() ? "" : "It was trained on inputs of " + size + ". ")
                + "Outputs are "
                + (resource.task().hasClasses()
                        ? (resource.task().isMultiLabel()
                                        ? "probabilities of these labels, of which several may apply at once: "
                                        : "probabilities of these classes: ")
                                + String.join(", ", settings.description.classes())
                        : "values in the units of the data")
                + ".\n");
        List<String> left = leftOut();
        if (!left.isEmpty()) {
            page.append("\nNot in the graph:\n\n");
            left.forEach(line -> page.append("- ").append(line).append('\n'));
        }
        Map<String, String> known = settings.description.properties();
        page.append("\n## Validation\n\nThe file `" + TEST_OUTPUT + "` is the output for `" + TEST_INPUT
                + "`. Compare outputs for images of your own with what is known of them before you rely on them.\n");
        if (!known.isEmpty()) {
            page.append("\nWhat its training recorded:\n\n");
            known.forEach((key, value) ->
                    page.append("- ").append(key).append(": ").append(value).append('\n'));
        }
        return page.toString();
    }

    /** What goes into the package. */
    public static final class Builder {
        private final ComputationGraph network;
        private final ModelDescription description;
        private final PackageText text;
        private @Nullable Processing processing;
        private @Nullable INDArray sample;
        private @Nullable Path cover;
        private long[] fixedSize = {};

        private Builder(ComputationGraph network, ModelDescription description, PackageText text) {
            this.network = network;
            this.description = description;
            this.text = text;
        }

        /**
         * How nnU-Net treats images before the network.
         *
         * @param other what a model file says, {@link Processing#in}; {@code null} if it is of no model of nnU-Net
         * @return this
         */
        public Builder processing(@Nullable Processing other) {
            processing = other;
            return this;
        }

        /**
         * The size of inputs, for programs that take no others; unless given, they have at least that of the training, or, for answers
         * about whole examples, exactly that.
         *
         * @param size one number an axis, or one for all
         * @return this
         */
        public Builder fixedSize(long... size) {
            fixedSize = size.clone();
            return this;
        }

        /**
         * A real input, of which the middle becomes the input to test with, and the picture; unless given, one is made up.
         *
         * @param values {@code [C, size...]}, in the units of the data, on the network's grid
         * @return this
         */
        public Builder sample(INDArray values) {
            sample = values;
            return this;
        }

        /**
         * A picture, twice as wide as high; unless given, the test input is drawn with its output.
         *
         * @param file a GIF, JPEG, PNG, SVG or TIFF of at most 500 kB
         * @return this
         * @throws ArgumentException if it is none, or larger
         * @throws IOException if it cannot be read
         */
        public Builder cover(Path file) throws IOException {
            ArgumentException.require(
                    Files.isRegularFile(file) && COVERS.contains(suffix(file)),
                    "cover",
                    file + " is no file of these: " + String.join(" ", COVERS),
                    "give a picture");
            ArgumentException.require(
                    Files.size(file) <= MOST_OF_COVER,
                    "cover",
                    file + " has " + Files.size(file) + " bytes",
                    "give a picture of at most " + MOST_OF_COVER);
            cover = file;
            return this;
        }

        /**
         * {@return the package, for which the network has answered once}
         *
         * @throws ArgumentException if the description does not tell enough, the sample does not fit, or the network needs what cannot
         *     be in a graph
         */
        public ModelPackage build() {
            ArgumentException.require(
                    description.task() != null,
                    "model",
                    "does not say what it is for",
                    "give one that train or a RunListener has written");
            ArgumentException.require(
                    !description.inputShape().isEmpty(),
                    "model",
                    "does not say what inputs it is for",
                    "give one with an input shape");
            Task task = Task.parse(description.task());
            OnnxExport.Builder onnx = OnnxExport.builder(network, description)
                    .processing(processing)
                    .selfContained(true);
            long[] shape =
                    description.inputShape().stream().mapToLong(Long::longValue).toArray();
            if (fixedSize.length > 0) {
                onnx.fixedSize(fixedSize);
                int axes = shape.length - 1;
                ArgumentException.require(
                        fixedSize.length == 1 || fixedSize.length == axes,
                        "fixedSize",
                        fixedSize,
                        "give one number, or " + axes);
                for (int axis = 0; axis < axes; axis++) {
                    shape[axis + 1] = fixedSize[fixedSize.length == 1 ? 0 : axis];
                }
            }
            OnnxExport export = onnx.build();
            export.requireTaken(Arrays.copyOfRange(shape, 1, shape.length));
            return new ModelPackage(this, export, sample == null ? TestInput.of(description, shape) : cut(shape), task);
        }

        /** The middle of the sample. */
        private INDArray cut(long... shape) {
            INDArray values = sample;
            long[] own = values.shape();
            boolean fits = own.length == shape.length && own[0] == shape[0];
            for (int axis = 1; fits && axis < shape.length; axis++) {
                fits = own[axis] >= shape[axis];
            }
            ArgumentException.require(
                    fits,
                    "sample",
                    Arrays.toString(own) + " (channels, size)",
                    "give one of at least " + Arrays.toString(shape) + ", with as many channels");
            INDArrayIndex[] middle = new INDArrayIndex[shape.length];
            for (int axis = 0; axis < shape.length; axis++) {
                long start = (own[axis] - shape[axis]) / 2;
                middle[axis] = NDArrayIndex.interval(start, start + shape[axis]);
            }
            return values.get(middle).castTo(DataType.FLOAT).dup('c');
        }
    }
}
