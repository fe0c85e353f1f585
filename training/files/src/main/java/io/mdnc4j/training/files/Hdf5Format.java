package io.mdnc4j.training.files;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.storage.HdfBackingStorage;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** HDF5 files with one dataset, or of which one is named. Links to other files are not followed. */
final class Hdf5Format implements ArrayFormat {
    private static final String DEFAULT_NAME = "data";

    /** Heap that the library may take besides. */
    private static final long MARGIN = 32 << 20;

    private static final int COPIES = 4;

    @Override
    public StoredArray read(Path file, String part) throws IOException {
        try (HdfFile hdf = open(file)) {
            long bytes = ArrayFiles.size(file);
            Map<String, Dataset> datasets = bounded(bytes, () -> datasets(hdf));
            String name = part.isEmpty() && datasets.size() == 1
                    ? datasets.keySet().iterator().next()
                    : part.replaceFirst("^/", "");
            Dataset dataset = datasets.get(name);
            if (dataset == null) {
                throw new IOException("it holds the datasets " + Limits.shown(datasets.keySet())
                        + (part.isEmpty() ? "" : ", not " + part) + "; name one of them, or keep one a file");
            }
            long[] shape = shape(dataset, bytes);
            return bounded(bytes + heap(shape), () -> {
                if (!dataset.isScalar()) {
                    Hdf5Chunks.requireSound(dataset, new long[shape.length], dataset.getDimensions(), bytes);
                }
                Object values = dataset.isScalar()
                        ? new double[] {((Number) dataset.getData()).doubleValue()}
                        : dataset.getDataFlat();
                return new StoredArray(array(values, type(dataset), shape), false, type(dataset));
            });
        }
    }

    /**
     * Opens a file, mapped into memory as a whole where that can be: the library makes room for as many bytes as a file states
     * before it reads them, but not beyond such a map.
     */
    static HdfFile open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                return new HdfFile(file);
            }
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            HdfFile hdf = HdfFile.fromByteBuffer(bytes.duplicate());
            HdfBackingStorage storage = hdf.getHdfBackingStorage();
            Hdf5Indexes.requireBounded(bytes, storage.getSizeOfOffsets(), storage.getSizeOfLengths());
            return hdf;
        }
    }

    /** Calls the library. */
    interface Reading<T> {
        T read() throws IOException;
    }

    /**
     * Calls the library, which makes room for as many entries of its indexes as a file states.
     *
     * @param heap what it may take; if that much is free and not enough, the file is to blame
     */
    static <T> T bounded(long heap, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (OutOfMemoryError e) {
            Runtime runtime = Runtime.getRuntime();
            if (runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory() < heap + MARGIN) {
                throw e;
            }
            // not as its cause, which would tell of a shortage
            IOException problem = new IOException("it asks for more memory than it accounts for");
            problem.addSuppressed(e);
            throw problem;
        }
    }

    /** Heap that an array may take on its way: as bytes, unpacked, and as numbers of any type. */
    static long heap(long... shape) {
        return COPIES * Double.BYTES * Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** The datasets of numbers in a file by their paths without the leading slash. */
    static Map<String, Dataset> datasets(HdfFile file) {
        return datasets(file, Hdf5Format::isNumeric);
    }

    /** Those that are wanted. */
    static Map<String, Dataset> datasets(HdfFile file, Predicate<Dataset> wanted) {
        Map<String, Dataset> all = new LinkedHashMap<>();
        collect(file, new HashSet<>(Set.of(file.getAddress())), all);
        all.values().removeIf(wanted.negate());
        return all;
    }

    /** @param seen where groups lie that were looked into: hard links may lead back to them */
    private static void collect(Group group, Set<Long> seen, Map<String, Dataset> all) {
        for (Node node : group) {
            if (node.isLink()) {
                continue;
            }
            if (node instanceof Group inner) {
                if (seen.add(inner.getAddress())) {
                    collect(inner, seen, all);
                }
            } else if (node instanceof Dataset dataset) {
                all.put(dataset.getPath().replaceFirst("^/+", ""), dataset);
            }
        }
    }

    private static boolean isNumeric(Dataset dataset) {
        Class<?> type = dataset.getJavaType();
        return !dataset.isCompound() && !dataset.isVariableLength() && type.isPrimitive() && type != boolean.class;
    }

    /** Whether it is one text, or the name of one value of an enumeration, after the other. */
    static boolean isTexts(Dataset dataset) {
        return dataset.getJavaType() == String.class
                && !dataset.isScalar()
                && !dataset.isEmpty()
                && dataset.getDimensions().length == 1;
    }

    /** Elements of a dataset that the file can hold at most. */
    static long capacity(Dataset dataset, long fileBytes) {
        return fileBytes * Limits.MAX_COMPRESSED / dataset.getDataType().getSize();
    }

    /** The shape of a dataset that may be read as a whole. */
    private static long[] shape(Dataset dataset, long fileBytes) throws IOException {
        long[] shape = dataset.isScalar() ? new long[] {1} : dataset.getDimensionsAsLong();
        Limits.elements(capacity(dataset, fileBytes), fileBytes, RawNumbers.arrayType(type(dataset)), shape);
        return shape;
    }

    static ElementType type(Dataset dataset) {
        Class<?> type = dataset.getJavaType();
        if (type == float.class) {
            return ElementType.FLOAT32;
        }
        if (type == double.class) {
            return ElementType.FLOAT64;
        }
        // unsigned numbers come in the next larger type of Java
        boolean unsigned = dataset.getDataType().getSize() < javaBytes(type);
        return switch (dataset.getDataType().getSize()) {
            case 1 -> unsigned ? ElementType.UINT8 : ElementType.INT8;
            case 2 -> unsigned ? ElementType.UINT16 : ElementType.INT16;
            case 4 -> unsigned ? ElementType.UINT32 : ElementType.INT32;
            default -> ElementType.INT64;
        };
    }

    private static int javaBytes(Class<?> type) {
        return type == byte.class
                ? Byte.BYTES
                : type == short.class ? Short.BYTES : type == int.class ? Integer.BYTES : Long.BYTES;
    }

    /** Numbers of a Java array, however deeply nested. */
    static INDArray array(Object values, ElementType type, long... shape) {
        DataType arrayType = RawNumbers.arrayType(type);
        long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        INDArray vector = Nd4j.createUninitialized(arrayType, new long[] {count}, 'c');
        if (fill(vector, 0, values) != count) {
            throw new IllegalStateException("it holds fewer numbers than its header says");
        }
        return vector.reshape('c', shape);
    }

    private static long fill(INDArray vector, long start, Object values) {
        if (values instanceof Object[] parts) {
            long next = start;
            for (Object part : parts) {
                next = fill(vector, next, part);
            }
            return next;
        }
        double[] numbers = doubles(values);
        RawNumbers.put(vector, start, numbers);
        return start + numbers.length;
    }

    private static double[] doubles(Object values) {
        if (values instanceof double[] numbers) {
            return numbers;
        }
        double[] numbers = new double[Array.getLength(values)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Array.getDouble(values, i);
        }
        return numbers;
    }

    @Override
    public void write(Path file, String name, StoredArray array) {
        INDArray values = array.values().castTo(array.type() == ElementType.FLOAT64 ? DataType.DOUBLE : DataType.FLOAT);
        long[] shape = values.shape();
        Class<?> element = array.type() == ElementType.FLOAT64 ? double.class : float.class;
        Object nested = nested(values, element, 0, shape);
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putDataset(DEFAULT_NAME, nested);
        }
    }

    /** The values as arrays of arrays, which is how the library takes more than one axis. */
    private static Object nested(INDArray values, Class<?> element, int axis, long... shape) {
        if (axis == shape.length - 1) {
            INDArray row = values.dup('c');
            return element == double.class ? row.data().asDouble() : row.data().asFloat();
        }
        Object[] parts = (Object[]) Array.newInstance(
                element,
                Arrays.stream(shape, axis, shape.length)
                        .mapToInt(size -> (int) size)
                        .toArray());
        for (int i = 0; i < parts.length; i++) {
            parts[i] = nested(values.slice(i), element, axis + 1, shape);
        }
        return parts;
    }
}
