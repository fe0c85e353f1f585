package io.mdnc4j.zoo.weights;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;

/**
 * What {@code torch.save} wrote before PyTorch 1.6: pickles of a magic number, a version, facts on the machine, the object
 * and the keys of its storages, then for each of these the number of its elements and the elements.
 */
final class TorchLegacyFormat {
    /** First byte of every pickle since protocol 2. */
    private static final byte PICKLE = (byte) 0x80;

    private static final Object MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final Object VERSION = 1001;

    /** Bytes that the pickles may take; a tensor takes a few hundred. */
    private static final int MAX_PICKLES = 64 << 20;

    private TorchLegacyFormat() {}

    /** Whether a file that begins with these bytes is one. */
    static boolean begins(ByteBuffer start) {
        return start.hasRemaining() && start.get(start.position()) == PICKLE;
    }

    static Contents read(FileChannel file) throws IOException {
        ByteBuffer pickles = file.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(file.size(), MAX_PICKLES));
        PickleReader.Storages none = id -> {
            throw new WeightsException("a storage is named where none can be");
        };
        if (!MAGIC.equals(PickleReader.read(pickles, none)) || !VERSION.equals(PickleReader.read(pickles, none))) {
            throw new WeightsException("a pickle, but not one of torch.save's");
        }
        boolean little = PickleReader.read(pickles, none) instanceof Map<?, ?> machine
                && Boolean.TRUE.equals(machine.get("little_endian"));
        if (!little) {
            throw new WeightsException("written on a big endian machine, which is not read; save it again on another");
        }
        TorchStorages storages = new TorchStorages(storage -> {});
        Object root = PickleReader.read(pickles, storages);
        List<Object> keys = TorchClasses.list(PickleReader.read(pickles, none));
        place(file, pickles.position(), keys, storages);
        return new Contents(TorchClasses.root(root), Map.of());
    }

    private static void place(FileChannel file, long start, List<Object> keys, TorchStorages storages)
            throws IOException {
        long position = start;
        for (Object key : keys) {
            Storage storage = key instanceof String name ? storages.get(name) : null;
            if (storage == null || storage.placed()) {
                throw new WeightsException("a storage is in the file twice, or no tensor names it");
            }
            long elements = FileParts.read(file, position, Long.BYTES).getLong();
            if (elements != storage.elements()) {
                throw new WeightsException("storage \"" + storage.name() + "\" has " + elements
                        + " elements, its tensors expect " + storage.elements());
            }
            position += Long.BYTES;
            storage.at(position, file.size() - position);
            position += storage.bytes();
        }
        storages.requirePlaced();
        if (position != file.size()) {
            throw new WeightsException((file.size() - position) + " bytes follow the last storage");
        }
    }
}
