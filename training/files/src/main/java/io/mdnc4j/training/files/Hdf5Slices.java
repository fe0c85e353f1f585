package io.mdnc4j.training.files;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sets of arrays in HDF5 files: the first axis counts them, and one at a time is read. A few files are kept open, since opening
 * takes longer than reading.
 */
public final class Hdf5Slices {
    private static final int OPEN = 4;

    /** By path, the least recently used first; also the lock of all reading. */
    private static final Map<Path, HdfFile> FILES = new LinkedHashMap<>(OPEN, 1, true);

    private Hdf5Slices() {}

    /**
     * Shapes of the datasets in a file by name.
     *
     * @throws DataException if it cannot be read
     */
    public static Map<String, long[]> shapes(Path file) {
        synchronized (FILES) {
            close(FILES.remove(file));
            try {
                Map<String, long[]> shapes = new LinkedHashMap<>();
                for (Map.Entry<String, Dataset> dataset :
                        Hdf5Format.datasets(open(file)).entrySet()) {
                    shapes.put(dataset.getKey(), Hdf5Format.shape(dataset.getValue(), ArrayFiles.size(file)));
                }
                return shapes;
            } catch (IOException | RuntimeException e) {
                throw broken(file, e);
            }
        }
    }

    /**
     * Reads one array of a set.
     *
     * @param name of the dataset
     * @param index from 0
     * @throws DataException if it cannot be read
     */
    public static StoredArray read(Path file, String name, int index) {
        synchronized (FILES) {
            try {
                Dataset dataset = open(file).getDatasetByPath(name);
                long[] shape = Hdf5Format.shape(dataset, ArrayFiles.size(file));
                long[] start = new long[shape.length];
                start[0] = index;
                int[] size = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
                size[0] = 1;
                long[] one = shape.length == 1 ? new long[] {1} : Arrays.copyOfRange(shape, 1, shape.length);
                ElementType type = Hdf5Format.type(dataset);
                return new StoredArray(Hdf5Format.array(dataset.getData(start, size), type, one), false, type);
            } catch (IOException | RuntimeException e) {
                throw broken(file, e);
            }
        }
    }

    private static HdfFile open(Path file) {
        HdfFile open = FILES.get(file);
        if (open == null) {
            if (FILES.size() == OPEN) {
                close(FILES.remove(FILES.keySet().iterator().next()));
            }
            open = new HdfFile(file);
            FILES.put(file, open);
        }
        return open;
    }

    private static void close(HdfFile file) {
        if (file != null) {
            file.close();
        }
    }

    private static DataException broken(Path file, Exception e) {
        if (OutOfMemory.is(e)) {
            throw OutOfMemory.error(e);
        }
        return new DataException(file + ": " + e.getMessage() + "; check that the file is whole", e);
    }
}
