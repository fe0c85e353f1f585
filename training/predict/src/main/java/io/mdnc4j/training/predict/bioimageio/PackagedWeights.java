package io.mdnc4j.training.predict.bioimageio;

import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.ModelDescription.Output;
import io.mdnc4j.zoo.ModelDescription.Windows;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.files.SafeZip;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A package of bioimage.io whose weights are a state_dict of PyTorch: the weights, and what the package says of normalisation,
 * axes and outputs as a description of this library.
 *
 * <p>Packages are not trusted: the description has at most 1 MiB, 64 levels, no references and no tags; weights unpack to no more
 * than the archive states, beyond 64 MiB at most twentyfold, and are written to a temporary file, which {@link #close} deletes. Nothing in a package is run.
 */
public final class PackagedWeights implements AutoCloseable {
    private static final List<String> DESCRIPTIONS = List.of("rdf.yaml", "bioimageio.yaml");
    private static final int MOST_OF_DESCRIPTION = 1 << 20;
    private static final int DEEPEST = 64;

    /** Weights of so many bytes may be packed as much as can be; larger ones so many times, which no trained ones are. */
    private static final long ANY_PACKED = 64L << 20;

    private static final double MOST_PACKED = 20;

    /** What is said of a size that may be smaller than useful. */
    private static final long LEAST_SIZE = 64;

    /** What distances are in millimetres. */
    private static final Map<String, Double> MILLIMETRES =
            Map.of("millimeter", 1.0, "micrometer", 1e-3, "nanometer", 1e-6, "centimeter", 10.0, "meter", 1e3);

    private static final Map<String, Double> SECONDS =
            Map.of("second", 1.0, "millisecond", 1e-3, "microsecond", 1e-6, "minute", 60.0);

    private static final String CHANNEL = "channel";
    private static final String ENSURE = "ensure_dtype";

    private final Path weights;
    private final ModelDescription description;
    private final boolean sigmoid;
    private final int inputs;
    private final int outputs;
    private final List<String> notes;

    private PackagedWeights(Path weights, Reading reading) {
        this.weights = weights;
        description = reading.description;
        sigmoid = reading.sigmoid;
        inputs = reading.inputs;
        outputs = reading.outputs;
        notes = List.copyOf(reading.notes);
    }

    /**
     * Opens a package.
     *
     * @param file the zip file
     * @return the weights, in a temporary file, and what is known of them
     * @throws PackageException if it cannot be read, is damaged, has no such weights, or says of inputs or outputs what a description
     *     of this library cannot hold
     */
    public static PackagedWeights open(Path file) throws PackageException {
        try (SafeZip zip = new SafeZip(file)) {
            String name = DESCRIPTIONS.stream()
                    .filter(zip.names()::contains)
                    .findFirst()
                    .orElseThrow(() -> new PackageException(
                            "has no rdf.yaml, which packages of bioimage.io have; give weights alone as such"));
            Reading reading = new Reading(parsed(zip.read(name, MOST_OF_DESCRIPTION)));
            return new PackagedWeights(unpacked(zip, reading), reading);
        } catch (NoSuchFileException e) {
            throw new PackageException(file + ": no such file", e);
        } catch (PackageException e) {
            throw new PackageException(file + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            throw new PackageException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Entry parsed(ByteBuffer bytes) throws PackageException {
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(MOST_OF_DESCRIPTION)
                .setMaxAliasesForCollections(0)
                .setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false)
                .build();
        try {
            int depth = 0;
            // by itself, since what is deep would take the stack
            for (Event event : new Parse(settings).parseString(text)) {
                depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
                if (depth > DEEPEST) {
                    throw new PackageException("its description is more than " + DEEPEST + " levels deep");
                }
            }
            return new Entry("", new Load(settings).loadFromString(text));
        } catch (YamlEngineException e) {
            throw new PackageException("its description is no YAML to be read: " + e.getMessage(), e);
        }
    }

    private static Path unpacked(SafeZip zip, Reading reading) throws IOException {
        String source = reading.source;
        if (!zip.names().contains(source)) {
            throw new PackageException("its weights " + source + " are not in it");
        }
        long size = zip.size(source);
        if (size > ANY_PACKED && zip.ratio(source) > MOST_PACKED) {
            throw new PackageException("its weights unpack to " + size + " bytes, " + Math.round(zip.ratio(source))
                    + " times what they are packed to; pack them again without compression");
        }
        Path folder = Files.createTempDirectory("bioimageio");
        Path weights = folder.resolve("weights.pth");
        try (InputStream in = zip.open(source);
                OutputStream out = Files.newOutputStream(weights);
                DigestOutputStream digest = new DigestOutputStream(out, MessageDigest.getInstance("SHA-256"))) {
            byte[] block = new byte[1 << 16];
            long left = size;
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                left -= n;
                if (left < 0) {
                    throw new PackageException("its weights unpack to more than the " + size + " bytes stated");
                }
                digest.write(block, 0, n);
            }
            String found = HexFormat.of().formatHex(digest.getMessageDigest().digest());
            if (left != 0 || reading.sha256 != null && !found.equalsIgnoreCase(reading.sha256)) {
                throw new PackageException("its weights are not those that it states: their SHA-256 is " + found);
            }
            return weights;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(weights);
            Files.deleteIfExists(folder);
            throw e;
        }
    }

    /** {@return the file of weights, until this is closed} */
    public Path weights() {
        return weights;
    }

    /**
     * {@return what the package says, without the network's name} Sizes are those of its inputs, or at least 64 where others are
     * allowed.
     */
    public ModelDescription description() {
        return description;
    }

    /** {@return whether outputs are to pass a sigmoid, after which they are values} */
    public boolean sigmoid() {
        return sigmoid;
    }

    /** {@return what of the package is not in the description, a sentence each} */
    public List<String> notes() {
        return notes;
    }

    /**
     * Requires that weights are of a network as the package says.
     *
     * @param axes of its inputs, without samples and channels
     * @param inputChannels of its inputs
     * @param outputChannels of its outputs
     * @throws PackageException if they are not
     */
    public void requireLike(int axes, long inputChannels, long outputChannels) throws PackageException {
        int own = description.inputShape().size() - 1;
        if (axes != own || inputChannels != inputs || outputChannels != outputs) {
            throw new PackageException("its weights are of a network of " + axes + " axes, " + inputChannels
                    + " channels of inputs and " + outputChannels + " of outputs, but its description says " + own
                    + ", "
                    + inputs + " and " + outputs);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(weights);
        Files.deleteIfExists(weights.getParent());
    }

    /** What stands in a description. */
    private static final class Reading {
        private final List<String> notes = new ArrayList<>();
        private final String source;
        private final @Nullable String sha256;
        private final int inputs;
        private final int outputs;
        private final ModelDescription description;
        private boolean sigmoid;
        private boolean softmax;

        Reading(Entry rdf) throws PackageException {
            if (!rdf.get("type").text().equals("model")) {
                throw rdf.get("type").wrong("is no model");
            }
            if (!rdf.get("format_version").text().startsWith("0.5.")) {
                throw rdf.get("format_version").wrong("is not read here, but 0.5: convert it with bioimageio.spec");
            }
            Entry weights = rdf.get("weights");
            Entry state = weights.get("pytorch_state_dict");
            if (state.isMissing()) {
                throw new PackageException("it has weights as " + String.join(", ", weights.keys())
                        + "; only those as pytorch_state_dict can be imported");
            }
            source = state.get("source").text().replaceFirst("^\\./", "");
            sha256 = state.get("sha256").optionalText().orElse(null);
            Entry input = only(rdf.get("inputs"));
            Entry output = only(rdf.get("outputs"));
            List<Entry> inputAxes = axes(input);
            List<Entry> outputAxes = axes(output);
            List<String> inputNames = channels(inputAxes.get(1));
            List<String> outputNames = channels(outputAxes.get(1));
            inputs = inputNames.size();
            outputs = outputNames.size();
            Normalization read = normalization(input, inputAxes);
            Normalization normalization = postprocessing(output, read);
            boolean whole = outputAxes.size() == 2;
            Task task = softmax
                    ? whole ? Task.CLASSIFICATION : Task.SEGMENTATION
                    : whole ? Task.ESTIMATION : Task.REGRESSION;
            if (!softmax && !sigmoid) {
                notes.add("no softmax or sigmoid is stated, so outputs are taken as values");
            }
            List<Long> shape = new ArrayList<>(List.of((long) inputs));
            for (Entry axis : inputAxes.subList(2, inputAxes.size())) {
                shape.add(size(axis));
            }
            description = new ModelDescription(
                            null,
                            task.code(),
                            shape,
                            normalization,
                            softmax ? outputNames : null,
                            unit(input),
                            null,
                            null,
                            properties(rdf))
                    .withOutput(task == Task.ESTIMATION ? new Output(false, outputNames, null, null) : Output.PLAIN)
                    .withWindows(whole ? null : windows(outputAxes, shape))
                    .withGrid(rate(inputAxes), spacing(inputAxes), null);
        }

        /** Samples a second of a signal; {@code null} where it is not said. */
        private static @Nullable Double rate(List<Entry> axes) throws PackageException {
            List<Double> distance = distances(axes, "time", SECONDS);
            return distance.size() == 1 ? 1 / distance.get(0) : null;
        }

        private static List<Double> spacing(List<Entry> axes) throws PackageException {
            return distances(axes, "space", MILLIMETRES);
        }

        /** Of elements on all axes of that type; empty unless all are said in units that are known. */
        private static List<Double> distances(List<Entry> axes, String type, Map<String, Double> units)
                throws PackageException {
            List<Double> distances = new ArrayList<>();
            for (Entry axis : axes.subList(2, axes.size())) {
                Double unit = units.get(axis.get("unit").optionalText().orElse(""));
                if (unit == null || !axis.get("type").text().equals(type)) {
                    return List.of();
                }
                double distance = axis.get("scale").number(1) * unit;
                if (!(distance > 0) || Double.isInfinite(1 / distance)) {
                    throw axis.get("scale").wrong("is not positive");
                }
                distances.add(distance);
            }
            return distances;
        }

        /** The only tensor. */
        private static Entry only(Entry tensors) throws PackageException {
            List<Entry> all = tensors.list();
            if (all.size() != 1) {
                throw tensors.wrong("has " + all.size() + " tensors; networks here have one");
            }
            return all.get(0);
        }

        /** Those of samples, channels and space, in this order. */
        private static List<Entry> axes(Entry tensor) throws PackageException {
            List<Entry> axes = tensor.get("axes").list();
            for (int i = 0; i < axes.size(); i++) {
                String type = axes.get(i).get("type").text();
                boolean right = i == 0
                        ? type.equals("batch")
                        : i == 1 ? type.equals(CHANNEL) : type.equals("space") || type.equals("time");
                if (!right) {
                    throw axes.get(i)
                            .get("type")
                            .wrong("stands where networks here have another axis: batch, channel, space");
                }
            }
            if (axes.size() < 2 || axes.size() > 5) {
                throw tensor.get("axes")
                        .wrong("has " + axes.size() + " axes; networks here have batch, channel and up to 3");
            }
            return axes;
        }

        private static List<String> channels(Entry axis) throws PackageException {
            List<String> names = new ArrayList<>();
            for (Entry name : axis.get("channel_names").list()) {
                names.add(name.text());
            }
            if (names.isEmpty()) {
                throw axis.get("channel_names").wrong("is missing");
            }
            return names;
        }

        private static String id(Entry axis) throws PackageException {
            String type = axis.get("type").text();
            return axis.get("id").optionalText().orElse(type.equals("space") ? "x" : type);
        }

        /** A size that the package allows. */
        private long size(Entry axis) throws PackageException {
            Entry size = axis.get("size");
            if (size.isWhole()) {
                return size.size();
            }
            if (size.get("min").isMissing()) {
                throw size.wrong("is no size that is read here, but a number, or min and step");
            }
            long least = size.get("min").size();
            long step = size.get("step").size();
            return least >= LEAST_SIZE ? least : least + (LEAST_SIZE - least + step - 1) / step * step;
        }

        private Normalization normalization(Entry input, List<Entry> axes) throws PackageException {
            Normalization found = Normalization.NONE;
            for (Entry step : input.get("preprocessing").list()) {
                String id = step.get("id").text();
                if (id.equals(ENSURE)) {
                    requireFloat(step);
                    continue;
                }
                if (found.by() != Normalization.By.NONE) {
                    throw step.get("id").wrong("is a second normalisation; a description here has one");
                }
                Entry kwargs = step.get("kwargs");
                found = switch (id) {
                    case "zero_mean_unit_variance" -> ofSamples(kwargs, axes);
                    case "fixed_zero_mean_unit_variance" -> {
                        requireChannels(kwargs);
                        yield ofSet(
                                kwargs.get("mean").numbers(inputs),
                                kwargs.get("std"),
                                kwargs.get("std").numbers(inputs));
                    }
                    case "scale_linear" -> ofLine(kwargs);
                    default ->
                        throw step.get("id")
                                .wrong(
                                        "cannot be in a description here; import the weights alone, and do it before the network");
                };
            }
            return found;
        }

        private static void requireFloat(Entry step) throws PackageException {
            Entry type = step.get("kwargs").get("dtype");
            if (!type.text().startsWith("float")) {
                throw type.wrong("would round values; networks here take floats");
            }
        }

        private static void requireChannels(Entry kwargs) throws PackageException {
            Entry axis = kwargs.get("axis");
            if (!axis.isMissing() && !axis.text().equals(CHANNEL)) {
                throw axis.wrong("is an axis along which nothing is normalised here, but channel");
            }
        }

        private Normalization ofSamples(Entry kwargs, List<Entry> axes) throws PackageException {
            notes.add("normalisation adds eps (" + kwargs.get("eps").number(1e-6)
                    + ") to deviations there, and nothing here");
            Entry stated = kwargs.get("axes");
            Set<String> own = new HashSet<>();
            for (Entry axis : axes.subList(1, axes.size())) {
                own.add(id(axis));
            }
            if (stated.isMissing()) {
                return new Normalization(Normalization.By.SAMPLE, null, null, false);
            }
            Set<String> reduced = new HashSet<>();
            for (Entry axis : stated.list()) {
                reduced.add(axis.text());
            }
            reduced.remove("batch");
            if (reduced.equals(own)) {
                return new Normalization(Normalization.By.SAMPLE, null, null, false);
            }
            own.remove(id(axes.get(1)));
            if (reduced.equals(own)) {
                return new Normalization(Normalization.By.CHANNEL, null, null, false);
            }
            throw stated.wrong("are neither all axes nor all of space; a description here has no other");
        }

        private static Normalization ofSet(List<Double> means, Entry place, List<Double> deviations)
                throws PackageException {
            if (!deviations.stream().allMatch(d -> d > 0)) {
                throw place.wrong("is not positive");
            }
            return new Normalization(Normalization.By.SET, means, deviations, false);
        }

        /** {@code gain x + offset}. */
        private Normalization ofLine(Entry kwargs) throws PackageException {
            requireChannels(kwargs);
            Entry gain = kwargs.get("gain");
            List<Double> gains = gain.isMissing() ? new Entry("", 1.0).numbers(inputs) : gain.numbers(inputs);
            List<Double> offsets = kwargs.get("offset").isMissing()
                    ? new Entry("", 0.0).numbers(inputs)
                    : kwargs.get("offset").numbers(inputs);
            List<Double> means = new ArrayList<>();
            for (int c = 0; c < inputs; c++) {
                means.add(-offsets.get(c) / gains.get(c));
            }
            Normalization found =
                    ofSet(means, gain, gains.stream().map(g -> 1 / g).toList());
            if (!Stream.concat(found.mean().stream(), found.deviation().stream())
                    .allMatch(Double::isFinite)) {
                throw gain.wrong("cannot be divided by");
            }
            return found;
        }

        /** What is done to outputs; the normalisation, which it may undo. */
        private Normalization postprocessing(Entry output, Normalization normalization) throws PackageException {
            Normalization result = normalization;
            for (Entry step : output.get("postprocessing").list()) {
                String id = step.get("id").text().toLowerCase(Locale.ROOT);
                switch (id) {
                    case ENSURE -> requireFloat(step);
                    case "softmax" -> {
                        Entry axis = step.get("kwargs").get("axis");
                        if (!axis.isMissing() && !axis.text().equals(CHANNEL)) {
                            throw axis.wrong("is an axis over which there is no softmax here, but channel");
                        }
                        requireFirst(step);
                        softmax = true;
                    }
                    case "sigmoid" -> {
                        requireFirst(step);
                        sigmoid = true;
                    }
                    case "scale_linear" -> {
                        requireFirst(step);
                        result = restored(step, normalization);
                    }
                    default ->
                        throw step.get("id")
                                .wrong(
                                        "cannot be in a description here; import the weights alone, and do it after the network");
                }
            }
            return result;
        }

        private void requireFirst(Entry step) throws PackageException {
            if (softmax || sigmoid) {
                throw step.get("id").wrong("follows a softmax or sigmoid");
            }
        }

        /** Only what undoes the normalisation has a place in a description. */
        private Normalization restored(Entry step, Normalization how) throws PackageException {
            Entry kwargs = step.get("kwargs");
            requireChannels(kwargs);
            boolean undone = how.by() == Normalization.By.SET && outputs == inputs && !how.restored();
            if (undone) {
                List<Double> gains = kwargs.get("gain").isMissing()
                        ? new Entry("", 1.0).numbers(outputs)
                        : kwargs.get("gain").numbers(outputs);
                List<Double> offsets = kwargs.get("offset").isMissing()
                        ? new Entry("", 0.0).numbers(outputs)
                        : kwargs.get("offset").numbers(outputs);
                undone = close(gains, how.deviation(), how.deviation()) && close(offsets, how.mean(), how.deviation());
            }
            if (!undone) {
                throw step.get("id").wrong("does something else than undo the normalisation; import the weights alone");
            }
            return new Normalization(how.by(), how.mean(), how.deviation(), true);
        }

        private static boolean close(List<Double> found, List<Double> wanted, List<Double> scale) {
            boolean close = true;
            for (int c = 0; c < found.size(); c++) {
                close &= Math.abs(found.get(c) - wanted.get(c)) <= 1e-6 * scale.get(c);
            }
            return close;
        }

        private @Nullable String unit(Entry input) throws PackageException {
            Entry data = input.get("data");
            if (data.value() instanceof List) {
                return null;
            }
            String unit = data.get("unit").optionalText().orElse("arbitrary unit");
            return unit.equals("arbitrary unit") ? null : unit;
        }

        /** As far apart as the halo of the outputs has them. */
        private static @Nullable Windows windows(List<Entry> axes, List<Long> shape) throws PackageException {
            double overlap = -1;
            for (int i = 2; i < axes.size() && axes.size() == shape.size() + 1; i++) {
                Entry halo = axes.get(i).get("halo");
                if (!halo.isMissing()) {
                    overlap = Math.max(overlap, 2.0 * halo.size() / shape.get(i - 1));
                }
            }
            Windows usual = Windows.DEFAULT;
            return overlap < 0
                    ? null
                    : new Windows(Math.min(overlap, 0.9), usual.blend(), usual.padding(), usual.flip());
        }

        private static Map<String, String> properties(Entry rdf) throws PackageException {
            Map<String, String> properties = new LinkedHashMap<>();
            for (String key : List.of("name", "description", "license", "id", "version")) {
                Entry entry = rdf.get(key);
                if (entry.value() instanceof String text && !text.isBlank()) {
                    properties.put(key, text);
                }
            }
            List<String> authors = new ArrayList<>();
            for (Entry author : rdf.get("authors").list()) {
                authors.add(author.get("name").text());
            }
            if (!authors.isEmpty()) {
                properties.put("authors", String.join(", ", authors));
            }
            return properties;
        }
    }
}
