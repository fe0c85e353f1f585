package io.mdnc4j.zoo.weights;

import io.mdnc4j.zoo.files.SafeZip;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;

/**
 * What {@code torch.save} writes: a zip with the pickle {@code NAME/data.pkl}, whose storages are the entries
 * {@code NAME/data/KEY}, uncompressed.
 */
final class TorchZipFormat {
    private static final String PICKLE = "data.pkl";
    private static final String BYTE_ORDER = "byteorder";
    private static final String LITTLE = "little";

    /** Bytes that the pickle may take; a tensor takes a few hundred. */
    private static final int MAX_PICKLE = 64 << 20;

    private TorchZipFormat() {}

    /** Whether a file that begins with these bytes is one. */
    static boolean begins(ByteBuffer start) {
        return start.remaining() > 1 && start.get(0) == 'P' && start.get(1) == 'K';
    }

    static Contents read(Path file) throws IOException {
        try (SafeZip zip = new SafeZip(file)) {
            String folder = folder(zip);
            String order = folder + BYTE_ORDER;
            if (zip.names().contains(order) && !LITTLE.equals(text(zip.read(order, 16)))) {
                throw new WeightsException("its byte order is not \"" + LITTLE + "\", no other is read");
            }
            TorchStorages storages = new TorchStorages(storage -> place(zip, folder + "data/", storage));
            Object root = PickleReader.read(zip.read(folder + PICKLE, MAX_PICKLE), storages);
            return new Contents(TorchClasses.root(root), Map.of());
        }
    }

    /** The folder that all is in; it is named after the file. */
    private static String folder(SafeZip zip) throws WeightsException {
        List<String> found = zip.names().stream()
                .filter(name -> name.matches("([^/]*/)?" + PICKLE))
                .toList();
        if (found.size() != 1) {
            throw new WeightsException(
                    "a zip file, but not one of torch.save's: it has " + found.size() + " entries \"" + PICKLE + "\"");
        }
        return found.get(0).substring(0, found.get(0).length() - PICKLE.length());
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes).toString();
    }

    private static void place(SafeZip zip, String folder, Storage storage) throws WeightsException {
        try {
            String name = folder + storage.name();
            if (storage.bytes() != zip.size(name)) {
                throw new WeightsException("storage \"" + storage.name() + "\" has " + zip.size(name)
                        + " bytes, its tensors expect " + storage.bytes());
            }
            storage.at(zip.position(name), storage.bytes()).withCrc(zip.crc(name));
        } catch (ZipException e) {
            throw new WeightsException(e.getMessage(), e);
        }
    }
}
