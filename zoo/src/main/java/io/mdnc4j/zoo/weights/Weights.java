package io.mdnc4j.zoo.weights;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.SpecValues;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.files.ArrayElements;
import io.mdnc4j.zoo.files.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The tensors of a PyTorch checkpoint ({@code .pth}, {@code .pt}; both forms of {@code torch.save}) or of a safetensors
 * file.
 *
 * <pre>{@code
 * Weights.load(Path.of("weights.pth")).into(network);
 * ComputationGraph other = Weights.load(Path.of("other.safetensors")).network();
 * }</pre>
 *
 * <p>Files are not trusted: nothing in them is ever called or created besides tensors and collections, and all sizes are
 * held against the file before memory is taken. Values are read when asked for, from the file, a block at a time.
 *
 * <p>Elements may be of any {@link TensorType}; tensors may be transposed, sliced, expanded, empty or scalar.
 */
public final class Weights {
    /** Bytes that tell the formats apart. */
    private static final int START = 16;

    /** How often stored elements may count, since networks may share weights. */
    private static final long MAX_SHARING = 4;

    /** Elements that tensors may have even if far fewer are stored. */
    private static final long MAX_REPEATED = 1 << 20;

    private final Path file;
    private final Map<String, String> metadata;
    private final Map<String, Object> values;
    private final Map<String, StoredTensor> tensors;
    private final boolean partial;

    private Weights(
            Path file,
            Map<String, String> metadata,
            Map<String, Object> values,
            Map<String, StoredTensor> tensors,
            boolean partial) {
        this.file = file;
        this.metadata = metadata;
        this.values = values;
        this.tensors = tensors;
        this.partial = partial;
    }

    /**
     * Reads what tensors a file has, not their values. Of nested dictionaries that one is taken which holds tensors only. Of
     * tensors that nnU-Net's networks have under several names, {@code conv} and {@code all_modules.0}, {@code encoder} and
     * {@code decoder.encoder}, there is one, under the first of these names, whichever the file has.
     *
     * @param file the file
     * @return the tensors
     * @throws WeightsException if the file cannot be read, is damaged, holds anything but tensors, texts, numbers and
     *     collections, has several dictionaries of tensors, or has two different tensors for one
     */
    public static Weights load(Path file) throws WeightsException {
        return load(file, null);
    }

    /**
     * {@link #load(Path)} of the state_dict under a key.
     *
     * @param file the file
     * @param key such as {@code model}; joined by dots where dictionaries are nested deeper; empty for the top;
     *     {@code null} to find it
     * @return the tensors
     * @throws WeightsException as {@link #load(Path)} does
     */
    public static Weights load(Path file, String key) throws WeightsException {
        return inFile(file, () -> {
            Contents contents = contents(file);
            StateFinder states = new StateFinder(contents.root());
            Twins twins = Twins.of(key == null ? states.only() : states.under(key));
            Weights weights = new Weights(
                    file,
                    contents.metadata(),
                    PlainValues.of(contents.root()),
                    Collections.unmodifiableMap(twins.tensors()),
                    false);
            weights.requireEqual(twins.pairs());
            return weights;
        });
    }

    private void requireEqual(List<Twins.Pair> pairs) throws WeightsException {
        for (Twins.Pair pair : pairs) {
            Map<String, StoredTensor> both = Map.of("first", pair.first(), "second", pair.second());
            requireStored(both);
            Map<String, INDArray> read = new HashMap<>();
            both.keySet()
                    .forEach(which -> read.put(
                            which,
                            Nd4j.createUninitialized(
                                    DataType.DOUBLE, pair.first().shape(), 'c')));
            copy(read, both);
            if (!Arrays.equals(
                    read.get("first").data().asDouble(),
                    read.get("second").data().asDouble())) {
                throw Twins.differ(pair.name(), pair.twin());
            }
        }
    }

    private static Contents contents(Path file) throws IOException {
        RegularFile.require(file);
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer start = FileParts.read(channel, 0, (int) Math.min(START, channel.size()));
            if (SafetensorsFormat.begins(start)) {
                return SafetensorsFormat.read(channel);
            }
            if (TorchLegacyFormat.begins(start)) {
                return TorchLegacyFormat.read(channel);
            }
            if (TorchZipFormat.begins(start)) {
                return TorchZipFormat.read(file);
            }
            throw new WeightsException("neither a file of torch.save nor safetensors");
        }
    }

    /** Something that reads from a file. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    /** Names the file in whatever goes wrong. */
    private static <T> T inFile(Path file, Reading<T> reading) throws WeightsException {
        try {
            return reading.read();
        } catch (NoSuchFileException e) {
            throw new WeightsException(file + ": no such file", e);
        } catch (WeightsException e) {
            throw new WeightsException(file + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            throw new WeightsException(file + ": cannot be read: " + e, e);
        }
    }

    /**
     * {@return the same, but loading what fits a network where not everything does}
     */
    public Weights partial() {
        return new Weights(file, metadata, values, tensors, true);
    }

    /**
     * {@return the tensors by key}
     */
    public Map<String, TensorInfo> tensors() {
        Map<String, TensorInfo> infos = new LinkedHashMap<>();
        tensors.forEach((key, tensor) -> infos.put(key, info(key, tensor)));
        return Collections.unmodifiableMap(infos);
    }

    private static TensorInfo info(String key, StoredTensor tensor) {
        return new TensorInfo(key, tensor.storage().type(), tensor.shape());
    }

    /**
     * {@return texts about the file, {@code __metadata__} of safetensors; empty for others}
     */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * {@return texts, numbers, truth values and lists of these that the file has beside its tensors, by their keys, joined by a dot
     * where they are in a dictionary of the file's own; empty for safetensors}
     */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * Copies a tensor's values.
     *
     * @param key the tensor's key, as in {@link #tensors}
     * @param target of the tensor's shape, float or double
     * @throws ArgumentException if there is no such tensor, or the target has another shape or type
     * @throws WeightsException if the file cannot be read or is damaged
     */
    public void copy(String key, INDArray target) throws WeightsException {
        StoredTensor tensor = tensor(key);
        if (!Arrays.equals(tensor.shape(), target.shape())) {
            throw new ArgumentException(
                    "target",
                    "has shape " + Arrays.toString(target.shape()),
                    "use that of tensor \"" + key + "\", " + Arrays.toString(tensor.shape()));
        }
        copy(Map.of(key, target), Map.of(key, tensor));
    }

    /**
     * {@return a tensor's values in a new array}
     *
     * @param key the tensor's key, as in {@link #tensors}
     * @param type float or double
     * @throws ArgumentException if there is no such tensor
     * @throws WeightsException if the file cannot be read or is damaged, or the tensor repeats few values very often
     */
    public INDArray read(String key, DataType type) throws WeightsException {
        StoredTensor tensor = tensor(key);
        requireStored(Map.of(key, tensor));
        INDArray array = Nd4j.createUninitialized(type, tensor.shape(), 'c');
        copy(Map.of(key, array), Map.of(key, tensor));
        return array;
    }

    /** Requires that tensors have hardly more elements than the file has for them, before memory is taken. */
    private void requireStored(Map<String, StoredTensor> sources) throws WeightsException {
        Set<Storage> storages =
                sources.values().stream().map(StoredTensor::storage).collect(Collectors.toSet());
        // as doubles, since handmade sizes may add up to more than a long holds
        double stored = storages.stream().mapToDouble(Storage::elements).sum();
        double wanted =
                sources.values().stream().mapToDouble(StoredTensor::elements).sum();
        if (wanted > MAX_SHARING * stored + MAX_REPEATED) {
            Map.Entry<String, StoredTensor> largest = Collections.max(
                    sources.entrySet(),
                    Comparator.comparingLong(entry -> entry.getValue().elements()));
            throw new WeightsException(file
                    + String.format(
                            Locale.ROOT,
                            ": its tensors have %.0f elements, but repeat the %.0f that are stored (\"%s\" has shape %s);"
                                    + " make them contiguous before saving",
                            wanted,
                            stored,
                            largest.getKey(),
                            Arrays.toString(largest.getValue().shape())));
        }
    }

    private StoredTensor tensor(String key) {
        StoredTensor tensor = tensors.get(key);
        if (tensor == null) {
            throw new ArgumentException("key", key, "use a key of tensors(), since " + file + " has no such tensor");
        }
        return tensor;
    }

    /**
     * Loads the tensors into a network, whose parameters have their keys ({@link StateDict}). A prefix that all keys have
     * besides, such as {@code module.}, is passed over, and so are PyTorch's counts of batches.
     *
     * @param network the network
     * @return what was loaded and what was not
     * @throws WeightsException if tensors are missing, unexpected or misshapen, with a list of all, repeat few values very
     *     often, or the file is damaged; the network is as it was, unless the file changes meanwhile
     */
    public Match into(ComputationGraph network) throws WeightsException {
        Map<String, INDArray> parameters = StateDict.of(network);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        parameters.forEach((key, parameter) -> shapes.put(key, parameter.shape()));
        Match match = fitting(shapes);
        copy(parameters, sources(match));
        return match;
    }

    /** What a network with parameters of those shapes gets; nothing is read. */
    private Match fitting(Map<String, long[]> shapes) throws WeightsException {
        Match match = match(shapes);
        if (!match.complete() && !partial) {
            throw new WeightsException(file + ": does not fit the network: " + match);
        }
        if (match.loaded().isEmpty()) {
            throw new WeightsException(file + ": nothing fits the network: " + match);
        }
        requireStored(sources(match));
        return match;
    }

    /** The tensors by the keys of the parameters that they are for. */
    private Map<String, StoredTensor> sources(Match match) {
        Map<String, StoredTensor> sources = new LinkedHashMap<>();
        match.loaded().forEach((key, stored) -> sources.put(key, tensors.get(stored)));
        return sources;
    }

    /**
     * {@return the geometry of the network that the tensors are of, found from their keys and shapes}
     *
     * @param outSize spatial size of a decoder's output, which no weights tell; leave it out otherwise
     * @throws WeightsException if they are of none of the networks, or fit several
     */
    public NetworkSpec spec(long... outSize) throws WeightsException {
        return spec(outSize.length == 0 ? SpecValues.NONE : SpecValues.NONE.withRead(SpecOption.OUT_SIZE, outSize));
    }

    /**
     * {@return the same, where something is known of the geometry} What cannot be told from weights: the size of a decoder's output,
     * and, with {@link io.mdnc4j.blocks.LayerOrder#OLD} or without normalisation, whether the activation is a rectifier
     * or none.
     *
     * @param known what is known
     * @throws WeightsException if they are of none of the networks with these values, or fit several
     */
    public NetworkSpec spec(SpecValues known) throws WeightsException {
        return inFile(file, () -> GeometryInference.infer(tensors(), known));
    }

    /**
     * {@return a new network of the geometry found ({@link #spec(long...)}) with these weights}
     *
     * @param outSize spatial size of a decoder's output; leave it out otherwise
     * @throws WeightsException as {@link #spec(long...)} and {@link #into} do
     */
    public ComputationGraph network(long... outSize) throws WeightsException {
        return network(spec(outSize));
    }

    /**
     * {@return a new network of that geometry with these weights}
     *
     * @param spec what is described
     * @throws WeightsException as {@link #into} does
     */
    public ComputationGraph network(NetworkSpec spec) throws WeightsException {
        return network(NetworkModel.builder(spec, spec.sizeFrom(64)).build());
    }

    /**
     * {@return a new network of that model with these weights} It is made only once they fit.
     *
     * @param model the model
     * @throws WeightsException as {@link #into} does
     */
    public ComputationGraph network(NetworkModel model) throws WeightsException {
        fitting(StateDict.shapesOf(model.spec()));
        ComputationGraph network = partial ? model.init() : model.initUnset();
        into(network);
        return network;
    }

    /**
     * {@return which tensors a network with parameters of those shapes would get; nothing is read}
     *
     * @param shapes shapes by key
     */
    public Match match(Map<String, long[]> shapes) {
        return Match.of(tensors(), shapes);
    }

    /** One tensor's values and where they go. */
    private record Copy(StoredTensor source, ArrayElements target) {}

    private void copy(Map<String, INDArray> targets, Map<String, StoredTensor> sources) throws WeightsException {
        // a list, since one tensor may be there under several keys
        List<Copy> copies = sources.entrySet().stream()
                .filter(source -> source.getValue().elements() > 0)
                .map(source -> new Copy(source.getValue(), new ArrayElements(targets.get(source.getKey()))))
                .toList();
        Set<Storage> storages =
                copies.stream().map(copy -> copy.source.storage()).collect(Collectors.toSet());
        long largest = storages.stream().mapToLong(Storage::elements).max().orElse(0);
        inFile(file, () -> {
            try (FileChannel channel = FileChannel.open(file)) {
                TensorReader reader = new TensorReader(channel, largest);
                for (Storage storage : storages) {
                    if (!reader.intact(storage)) {
                        throw new WeightsException("storage \"" + storage.name() + "\" is damaged: wrong CRC-32");
                    }
                }
                for (Copy copy : copies) {
                    reader.copy(copy.source, copy.target);
                }
                return null;
            }
        });
    }
}
