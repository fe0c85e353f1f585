package io.mdnc4j.zoo;

import io.mdnc4j.blocks.io.AtomicFile;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import io.mdnc4j.zoo.files.SafeZip;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads and writes DL4J model files, the zips of {@link ModelSerializer}; they may hold notes in JSON besides.
 *
 * <p>{@link ModelSerializer} must not be given files from strangers: it deserialises Java objects
 * ({@code preprocessor.bin}, normalisers) and creates objects of the classes that the configuration names, so that a file
 * can run code (deeplearning4j issue 10428), and it takes whatever memory a file asks for. Here only numbers and text are
 * read, only DL4J's classes and ours are created, besides those of one's own that are allowed by name ({@link #allow}), and
 * sizes must match before memory is taken. Files must be regular ones, no pipes or devices.
 */
public final class ModelFiles {
    private static final String JSON = ".json";

    /** The entries that are read as numbers or text; from others DL4J would deserialise objects. */
    private static final Set<String> SAFE = Set.of(
            ModelSerializer.CONFIGURATION_JSON,
            ModelSerializer.COEFFICIENTS_BIN,
            ModelSerializer.UPDATER_BIN,
            ModelSerializer.NO_PARAMS_MARKER);

    /** Begins the names of entries with further parameters of the network. */
    private static final String SET = "parameters-";

    private static final String BIN = ".bin";

    /** Bytes of a configuration; those of the largest networks here are less than 1 MB. */
    private static final int MAX_CONFIGURATION = 8 << 20;

    /** Bytes of a note. */
    private static final int MAX_NOTE = 32 << 20;

    /** Trained parameters hardly compress; only small files may be compressed by more than {@link #MAX_RATIO}. */
    private static final long MAX_PACKED = 64 << 20;

    private static final double MAX_RATIO = 20;

    /** Gives parameters of a network by name. */
    @FunctionalInterface
    public interface Parameters {
        /**
         * {@return parameters, a vector like {@link ComputationGraph#params()}; it may be the one that was returned before}
         *
         * @param name their name
         * @throws IOException if they cannot be read
         */
        INDArray of(String name) throws IOException;
    }

    private ModelFiles() {}

    /**
     * Lets model files name classes of one's own: layers, vertices, losses, updaters ... Of others that are neither DL4J's nor
     * this project's, files are refused before the class is loaded. It holds for the whole program, from now on, for exactly
     * these classes.
     *
     * <pre>{@code
     * ModelFiles.allow(MyLayer.class, MyLoss.class);
     * ComputationGraph network = ModelFiles.read(file);
     * }</pre>
     *
     * @param types the classes that the configuration of the network names, not their super types
     * @throws io.mdnc4j.blocks.ArgumentException if one is an interface or abstract
     */
    public static void allow(Class<?>... types) {
        for (Class<?> type : types) {
            StoredClasses.allow(type);
        }
    }

    /**
     * Reads a network with its updater state.
     *
     * @param file the file
     * @return what was read
     * @throws ModelFileException if the file cannot be read, is no model file, is damaged, needs Java deserialisation or
     *     classes that are neither DL4J's nor ours nor allowed ({@link #allow}), or states sizes that do not match
     */
    public static ComputationGraph read(Path file) throws ModelFileException {
        return inFile(file, () -> {
            try (SafeZip zip = new SafeZip(file)) {
                for (String name : zip.names()) {
                    if (!SAFE.contains(name) && !name.endsWith(JSON) && !isSet(name)) {
                        throw new IOException("entry \"" + name
                                + "\" is not read, since it may hold Java objects; save the model without it");
                    }
                }
                return network(zip);
            }
        });
    }

    private static ComputationGraph network(SafeZip zip) throws IOException {
        ComputationGraphConfiguration configuration =
                StoredConfiguration.read(text(zip, ModelSerializer.CONFIGURATION_JSON, MAX_CONFIGURATION));
        ComputationGraph network = new InPlaceComputationGraph(configuration);
        long count = StoredConfiguration.parameters(configuration);
        if (count == 0) {
            network.init();
            return network;
        }
        Nd4jBinary stored = new Nd4jBinary();
        DataType type = stored.type(zip, ModelSerializer.COEFFICIENTS_BIN);
        configuration.setDataType(type);
        requireRoom(zip, ModelSerializer.COEFFICIENTS_BIN, count, type);
        INDArray parameters = Nd4j.createUninitialized(type, 1, count);
        stored.read(zip, ModelSerializer.COEFFICIENTS_BIN, parameters);
        network.init(parameters, false);
        if (zip.names().contains(ModelSerializer.UPDATER_BIN)) {
            INDArray state = network.getUpdater().getStateViewArray();
            if (state == null) {
                throw new IOException("has the state of an updater, but its configuration an updater without");
            }
            stored.read(zip, ModelSerializer.UPDATER_BIN, state);
        }
        return network;
    }

    private static boolean isSet(String entry) {
        return entry.startsWith(SET) && entry.endsWith(BIN);
    }

    /**
     * Reads further parameters of the network, beside those that it was saved with.
     *
     * @param file the file
     * @param name what they are called
     * @param network the file's network
     * @return as many numbers as {@link ComputationGraph#params()}, in the same order; empty if the file has none of that name
     * @throws ModelFileException if the file cannot be read, or they do not fit the network
     */
    public static Optional<INDArray> parameters(Path file, String name, ComputationGraph network)
            throws ModelFileException {
        return inFile(file, () -> {
            try (SafeZip zip = new SafeZip(file)) {
                String entry = SET + name + BIN;
                if (!zip.names().contains(entry)) {
                    return Optional.empty();
                }
                INDArray like = network.params();
                requireRoom(zip, entry, like.length(), like.dataType());
                INDArray parameters = Nd4j.createUninitialized(like.dataType(), like.shape());
                new Nd4jBinary().read(zip, entry, parameters);
                return Optional.of(parameters);
            }
        });
    }

    /** Requires that the entry has bytes for that many elements, before memory is taken for them. */
    private static void requireRoom(SafeZip zip, String entry, long count, DataType type) throws IOException {
        long size = zip.size(entry);
        if (count > size / type.width()) {
            throw new IOException(
                    "entry \"" + entry + "\" has " + size + " bytes, its configuration " + count + " parameters");
        }
        if (size > MAX_PACKED && zip.ratio(entry) > MAX_RATIO) {
            throw new IOException("entry \"" + entry + "\" unpacks to " + size + " bytes, " + (long) zip.ratio(entry)
                    + " times what it has, which trained parameters never do");
        }
    }

    private static String text(SafeZip zip, String entry, int limit) throws IOException {
        return StandardCharsets.UTF_8.decode(zip.read(entry, limit)).toString();
    }

    /**
     * Reads a note.
     *
     * @param file the file
     * @param name its name, without {@code .json}
     * @return its text
     * @throws ModelFileException if the file cannot be read or has no such note
     */
    public static String readNote(Path file, String name) throws ModelFileException {
        return inFile(file, () -> {
            try (SafeZip zip = new SafeZip(file)) {
                return text(zip, name + JSON, MAX_NOTE);
            }
        });
    }

    /**
     * {@return the text of a note; empty if the file has none of that name}
     *
     * @param file the file
     * @param name its name, without {@code .json}
     * @throws ModelFileException if the file cannot be read
     */
    public static Optional<String> note(Path file, String name) throws ModelFileException {
        return inFile(file, () -> {
            try (SafeZip zip = new SafeZip(file)) {
                return zip.names().contains(name + JSON)
                        ? Optional.of(text(zip, name + JSON, MAX_NOTE))
                        : Optional.empty();
            }
        });
    }

    /**
     * {@return what a model file says of its network; empty if nothing}
     *
     * @param file the file
     * @throws ModelFileException if the file cannot be read or the description is not valid
     */
    public static Optional<ModelDescription> description(Path file) throws ModelFileException {
        return inFile(file, () -> {
            try (SafeZip zip = new SafeZip(file)) {
                String entry = ModelDescription.NOTE + JSON;
                return zip.names().contains(entry)
                        ? Optional.of(ModelDescription.fromJson(text(zip, entry, MAX_NOTE)))
                        : Optional.empty();
            }
        });
    }

    /** Something that reads from a file. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    /** Names the file in whatever goes wrong. */
    private static <T> T inFile(Path file, Reading<T> reading) throws ModelFileException {
        try {
            return reading.read();
        } catch (NoSuchFileException e) {
            boolean itself = file.toString().equals(e.getFile());
            throw new ModelFileException(
                    file, itself ? "no such file" : "cannot be read, since " + e.getFile() + " is missing", e);
        } catch (EOFException e) {
            throw new ModelFileException(file, "an array in it ends too early", e);
        } catch (IOException e) {
            throw new ModelFileException(file, e.getMessage() == null ? e.toString() : e.getMessage(), e);
        } catch (RuntimeException | StackOverflowError e) {
            // DL4J's reader and builders have no exception of their own for bad configurations
            boolean lacking = e.getMessage() == null
                    || e instanceof NullPointerException
                    || e instanceof IndexOutOfBoundsException;
            throw new ModelFileException(
                    file,
                    "not a model file: " + (lacking ? "its configuration lacks what a network needs" : e.getMessage()),
                    e);
        } catch (LinkageError e) {
            throw new LinkageError(
                    "a library is missing or of another version than needed (" + e + "), so that " + file
                            + " could not be read; import io.mdnc4j:mdnc4j-bom, and see mvn dependency:tree",
                    e);
        }
    }

    /**
     * Writes a network, with its updater state if it has been trained, atomically.
     *
     * @param network the network
     * @param file the file
     * @throws IOException if it cannot be read or written
     */
    public static void write(ComputationGraph network, Path file) throws IOException {
        write(network, file, Map.of());
    }

    /**
     * Writes a network, with its updater state if it has been trained, and its description, atomically.
     *
     * @param network the network
     * @param description goes with it; {@code null} if there is none
     * @param file the file
     * @throws IOException if it cannot be read or written
     */
    public static void write(ComputationGraph network, ModelDescription description, Path file) throws IOException {
        write(network, file, Map.of(ModelDescription.NOTE, description.toJson()));
    }

    /**
     * Writes a network, with its updater state if it has been trained, and notes, atomically. Arrays are not compressed,
     * since parameters hardly are.
     *
     * @param network the network
     * @param file the file
     * @param notes JSON texts by name, without {@code .json}
     * @throws IOException if it cannot be read or written
     */
    public static void write(ComputationGraph network, Path file, Map<String, String> notes) throws IOException {
        write(network, file, notes, Map.of());
    }

    /**
     * {@link #write(ComputationGraph, Path, Map)} with further parameters of the same network.
     *
     * @param network the network
     * @param file the file
     * @param notes JSON texts by name, without {@code .json}
     * @param parameters vectors like {@link ComputationGraph#params()} by name, read by {@link #parameters}
     * @throws IOException if it cannot be read or written
     */
    public static void write(
            ComputationGraph network, Path file, Map<String, String> notes, Map<String, INDArray> parameters)
            throws IOException {
        write(network, file, notes, parameters.keySet(), parameters::get);
    }

    /**
     * {@link #write(ComputationGraph, Path, Map, Map)} of parameters that are not all in memory at the same time.
     *
     * @param network the network
     * @param file the file
     * @param notes JSON texts by name, without {@code .json}
     * @param names names of further parameters
     * @param parameters gives them, one after the other; those before are no longer used then
     * @throws IOException if it cannot be read or written, or parameters not be had
     */
    public static void write(
            ComputationGraph network, Path file, Map<String, String> notes, Set<String> names, Parameters parameters)
            throws IOException {
        AtomicFile.write(file.toAbsolutePath(), temporary -> {
            try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(temporary)) {
                writeText(
                        zip,
                        ModelSerializer.CONFIGURATION_JSON,
                        network.getConfiguration().toJson());
                if (network.numParams() > 0) {
                    writeArrays(zip, network);
                } else {
                    writeText(zip, ModelSerializer.NO_PARAMS_MARKER, "");
                }
                // in one order, so that equal models are equal files
                for (Map.Entry<String, String> note : new TreeMap<>(notes).entrySet()) {
                    writeText(zip, note.getKey() + JSON, note.getValue());
                }
                for (String name : new TreeSet<>(names)) {
                    writeArray(zip, SET + name + BIN, parameters.of(name), new Nd4jBinary());
                }
            }
        });
    }

    private static void writeArrays(ZipArchiveOutputStream zip, ComputationGraph network) throws IOException {
        Nd4jBinary stored = new Nd4jBinary();
        writeArray(zip, ModelSerializer.COEFFICIENTS_BIN, network.params(), stored);
        INDArray state = network.getUpdater(false) == null
                ? null
                : network.getUpdater(false).getStateViewArray();
        if (state != null) {
            writeArray(zip, ModelSerializer.UPDATER_BIN, state, stored);
        }
    }

    private static void writeText(ZipArchiveOutputStream zip, String name, String text) throws IOException {
        begin(zip, name, ZipArchiveEntry.DEFLATED);
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeArchiveEntry();
    }

    private static void writeArray(ZipArchiveOutputStream zip, String name, INDArray array, Nd4jBinary stored)
            throws IOException {
        begin(zip, name, ZipArchiveEntry.STORED);
        stored.write(array, zip);
        zip.closeArchiveEntry();
    }

    private static void begin(ZipArchiveOutputStream zip, String name, int method) throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        entry.setMethod(method);
        // not the time, so that equal models are equal files
        entry.setTime(0);
        zip.putArchiveEntry(entry);
    }
}
