package io.mdnc4j.zoo.weights;

import java.util.LinkedHashMap;
import java.util.Map;

/** The storages that a {@code torch.save} file names, each once. */
final class TorchStorages implements PickleReader.Storages {
    /** Says where in the file a storage is. */
    @FunctionalInterface
    interface Places {
        void place(Storage storage) throws WeightsException;
    }

    private final Map<String, Storage> byKey = new LinkedHashMap<>();
    private final Places places;

    /** @param places called for each new storage */
    TorchStorages(Places places) {
        this.places = places;
    }

    /** {@inheritDoc} The id is {@code ("storage", class, key, device, elements[, view])}. */
    @Override
    public Storage resolve(Object id) throws WeightsException {
        if (!(id instanceof Object[] parts)
                || parts.length < 5
                || !"storage".equals(parts[0])
                || !(parts[1] instanceof TorchClasses.StorageName name)
                || !(parts[2] instanceof String key)) {
            throw new WeightsException("the pickle refers to something that is no storage of PyTorch's real numbers");
        }
        if (parts.length > 5 && parts[5] != null) {
            throw new WeightsException("storage \"" + key
                    + "\" is a view of another, as PyTorch before 0.4 wrote it; save it again with a newer one");
        }
        long elements = TorchClasses.number(parts[4]);
        Storage known = byKey.get(key);
        if (known == null) {
            known = new Storage(key, name.type(), elements);
            places.place(known);
            byKey.put(key, known);
        } else if (known.type() != name.type() || known.elements() != elements) {
            throw new WeightsException("storage \"" + key + "\" is there with two types or sizes");
        }
        return known;
    }

    /** The storage of that key, {@code null} if no tensor has named it. */
    Storage get(String key) {
        return byKey.get(key);
    }

    /** Requires that all are found in the file. */
    void requirePlaced() throws WeightsException {
        for (Storage storage : byKey.values()) {
            if (!storage.placed()) {
                throw new WeightsException("storage \"" + storage.name() + "\" is not in the file");
            }
        }
    }
}
