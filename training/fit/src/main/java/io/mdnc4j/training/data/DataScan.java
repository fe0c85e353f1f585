package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.OutOfMemory;
import io.mdnc4j.training.files.StoredArray;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What is found out by reading every example of a data set once, a few at a time: whether it can be read, its shape, level and
 * scale, the values of its target, and a digest.
 *
 * @param found what was found, for each example that can be used
 * @param skipped why the others cannot, one message each
 */
public record DataScan(List<Found> found, List<String> skipped) {
    /** More values of targets than this are no classes. */
    public static final int MAX_CLASSES = 64;

    private static final int PIECE = 1 << 16;

    /**
     * An example.
     *
     * @param entry the example; a whole number in a file is its label and its number, other numbers are its numbers
     * @param inputShape {@code [C, size...]}
     * @param targetShape {@code [C', size...]}; {@code null} where the label or numbers of the entry are the target
     * @param sums sum and sum of squares of the input, for each channel
     * @param values the target's values if they are whole numbers, and not too many; {@code null} otherwise
     * @param content SHA-256 of the input
     * @param digest SHA-256 of name, input and target
     * @param grid where the input's elements lie
     * @param remarks what one should know of the file of the input
     */
    public record Found(
            DataEntry entry,
            long[] inputShape,
            long @Nullable [] targetShape,
            double[][] sums,
            @Nullable TreeSet<Double> values,
            String content,
            String digest,
            Grid grid,
            List<String> remarks) {}

    /**
     * Reads all examples once.
     *
     * @param entries the examples, at least one
     * @param dimensions axes of the inputs after that of the channels
     * @param strict whether an example that cannot be used ends it
     * @return what was found, in the order of the entries
     * @throws DataException if it is strict, or no example can be used
     */
    public static DataScan of(List<DataEntry> entries, int dimensions, boolean strict) {
        Object[] results = IntStream.range(0, entries.size())
                .parallel()
                .mapToObj(i -> result(entries.get(i), dimensions, strict))
                .toArray();
        for (int i = 0; i < results.length; i++) {
            if (results[i] instanceof OutOfMemoryError) {
                // again, alone: perhaps it was another one that took the memory
                results[i] = result(entries.get(i), dimensions, strict);
            }
            if (results[i] instanceof OutOfMemoryError error) {
                DataException tooLarge = new DataException(
                        entries.get(i).name() + ": takes more memory than there is (" + error.getMessage()
                                + "); raise the JVM's limits, or leave it out",
                        error);
                if (strict) {
                    throw tooLarge;
                }
                results[i] = tooLarge.getMessage();
            }
        }
        List<Found> found = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (Object result : results) {
            if (result instanceof Found one) {
                found.add(one);
            } else {
                skipped.add((String) result);
            }
        }
        if (found.isEmpty()) {
            throw new DataException("data: none of " + entries.size() + " examples can be used: " + skipped.get(0));
        }
        return new DataScan(found, skipped);
    }

    /**
     * Tells from the first example that can be read how many axes inputs have after that of the channels.
     *
     * @param entries the examples, at least one
     * @return the number of axes
     * @throws ArgumentException if its file does not say whether its first axis is that of the channels
     * @throws DataException if none can be read
     */
    public static int dimensions(List<DataEntry> entries) {
        DataException unreadable = null;
        for (DataEntry entry : entries) {
            try {
                StoredArray input = entry.input().read();
                long[] shape = input.values().shape();
                Release.of(input.values());
                int known = input.grid().spacing().size();
                if (known > 0 && !input.channels()) {
                    return known;
                }
                return input.channels() ? shape.length - 1 : dimensions(entry, shape);
            } catch (DataException e) {
                unreadable = unreadable == null ? e : unreadable;
            } catch (OutOfMemoryError e) {
                unreadable = new DataException(entry.name() + ": takes more memory than there is", e);
            }
        }
        throw new DataException("data: none of " + entries.size() + " examples can be read", unreadable);
    }

    private static int dimensions(DataEntry entry, long... shape) {
        ArgumentException.require(
                shape.length == 1,
                "dimensions",
                "cannot be told from " + entry.name() + " of shape " + Arrays.toString(shape),
                "give " + (shape.length - 1) + " if its first axis is that of the channels, " + shape.length
                        + " if it has none");
        return 1;
    }

    /** What was found, a message why the example cannot be used, or the error that tells that memory is short. */
    private static Object result(DataEntry entry, int dimensions, boolean strict) {
        try {
            return found(entry, dimensions);
        } catch (DataException e) {
            if (strict) {
                throw e;
            }
            return e.getMessage();
        } catch (OutOfMemoryError e) {
            return e;
        } catch (RuntimeException e) {
            if (OutOfMemory.is(e)) {
                return new OutOfMemoryError(e.getMessage());
            }
            throw e;
        }
    }

    private static Found found(DataEntry entry, int dimensions) {
        StoredArray input = entry.input().read();
        INDArray values = FileExamples.dimensioned(input, entry, dimensions);
        double[][] sums = sums(values, entry.name());
        String content = new Fingerprint().add(bytes(values)).hex();
        Fingerprint all = new Fingerprint().add(entry.name().getBytes(StandardCharsets.UTF_8));
        all.add(bytes(values));
        long[] shape = values.shape();
        Release.of(input.values(), values);
        DataEntry labelled = entry;
        long[] targetShape = null;
        TreeSet<Double> classes = null;
        if (entry.target() == null) {
            all.add(entry.label().getBytes(StandardCharsets.UTF_8));
            if (!entry.numbers().isEmpty()) {
                all.add(entry.numbers().toString().getBytes(StandardCharsets.UTF_8));
            }
        } else {
            StoredArray target = entry.target().read();
            classes = target.type().isInteger() ? values(target.values()) : null;
            if (isOfWhole(target.values(), dimensions)) {
                Map<String, Double> numbers = numbers(target.values(), entry);
                String label = numbers.size() == 1 && target.type().isInteger()
                        ? String.valueOf(target.values().getLong(0))
                        : "";
                labelled =
                        new DataEntry(entry.name(), entry.input(), null, label, numbers, entry.part(), entry.group());
                all.add(bytes(target.values()));
            } else {
                INDArray targets = FileExamples.dimensioned(target, entry, dimensions);
                sums(targets, entry.name() + ", target");
                targetShape = targets.shape();
                all.add(bytes(targets));
                requireSameSize(entry, shape, targetShape);
            }
            Release.of(target.values());
        }
        return new Found(
                labelled, shape, targetShape, sums, classes, content, all.hex(), input.grid(), input.remarks());
    }

    /** Whether a target is a number, or as many as an axis has where inputs have several axes, so that it is of no positions. */
    private static boolean isOfWhole(INDArray target, int dimensions) {
        return target.length() == 1 || target.rank() == 1 && dimensions > 1;
    }

    /** By the name of the dataset, if it has one, and their places if there are several. */
    private static Map<String, Double> numbers(INDArray target, DataEntry entry) {
        double[] values = OnHeap.doubles(target);
        String path = entry.target() == null ? "" : entry.target().dataset();
        String name = path.isEmpty() ? "target" : path.substring(path.lastIndexOf('/') + 1);
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new DataException(entry.name() + ": its target has " + values[i]
                        + ", which is not finite; correct it, or leave the example out");
            }
            numbers.put(values.length == 1 ? name : name + "[" + i + "]", values[i]);
        }
        return numbers;
    }

    private static void requireSameSize(DataEntry entry, long[] shape, long... targetShape) {
        if (!Arrays.equals(shape, 1, shape.length, targetShape, 1, targetShape.length)) {
            throw new DataException(entry.name() + ": the input has shape " + Arrays.toString(shape) + ", its target "
                    + Arrays.toString(targetShape) + "; give targets of the same size");
        }
    }

    private static double[][] sums(INDArray values, String name) {
        double[][] sums = new double[(int) values.size(0)][2];
        for (int c = 0; c < sums.length; c++) {
            INDArray channel = values.slice(c);
            // in pieces and doubles: a float loses count of millions of values
            for (double[] piece : pieces(channel)) {
                for (double value : piece) {
                    sums[c][0] += value;
                    sums[c][1] += value * value;
                }
            }
            if (!Double.isFinite(sums[c][1])) {
                throw new DataException(name + ": holds values that are not finite; remove or interpolate them");
            }
        }
        return sums;
    }

    private static Iterable<double[]> pieces(INDArray array) {
        // what a file's array becomes is in that order already, and not copied
        INDArray vector = array.reshape('c', new long[] {array.length()});
        return () -> IntStream.range(0, (int) ((vector.length() + PIECE - 1) / PIECE))
                .mapToObj(i -> vector.get(
                                NDArrayIndex.interval((long) i * PIECE, Math.min((i + 1L) * PIECE, vector.length())))
                        .dup()
                        .data()
                        .asDouble())
                .iterator();
    }

    private static @Nullable TreeSet<Double> values(INDArray array) {
        TreeSet<Double> values = new TreeSet<>();
        double last = Double.NaN;
        for (double[] piece : pieces(array)) {
            for (double value : piece) {
                if (value != last) {
                    values.add(value);
                    last = value;
                }
            }
            if (values.size() > MAX_CLASSES) {
                return null;
            }
        }
        return values;
    }

    private static byte[] bytes(INDArray array) {
        ByteBuffer shape = ByteBuffer.allocate(Long.BYTES * array.rank());
        shape.asLongBuffer().put(array.shape());
        Fingerprint digest = new Fingerprint().add(shape.array());
        for (double[] piece : pieces(array)) {
            ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * piece.length);
            bytes.asDoubleBuffer().put(piece);
            digest.add(bytes.array());
        }
        return digest.hex().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Mean and deviation of each channel over all elements of some examples.
     *
     * @param examples at least one, all with {@code C} channels
     * @return {@code [C][2]}: mean and standard deviation, 1 instead of a deviation of 0
     */
    public static double[][] statistics(List<Found> examples) {
        int channels = examples.get(0).sums.length;
        double[][] statistics = new double[channels][2];
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double squares = 0;
            double count = 0;
            for (Found example : examples) {
                sum += example.sums[c][0];
                squares += example.sums[c][1];
                count += (double) Arrays.stream(example.inputShape).skip(1).reduce(1, (a, b) -> a * b);
            }
            double mean = sum / count;
            double variance = Math.max(squares / count - mean * mean, 0);
            statistics[c] = new double[] {mean, variance > 0 ? Math.sqrt(variance) : 1};
        }
        return statistics;
    }

    /** {@return the same where whole numbers are numbers, not classes} */
    public DataScan ofNumbers() {
        return new DataScan(
                found.stream()
                        .map(one -> new Found(
                                one.entry.withNumbers(one.entry.numbers()),
                                one.inputShape,
                                one.targetShape,
                                one.sums,
                                one.values,
                                one.content,
                                one.digest,
                                one.grid,
                                one.remarks))
                        .toList(),
                skipped);
    }

    /** {@return the SHA-256 of the digests of all examples in their order, in hexadecimal} */
    public String fingerprint() {
        Fingerprint all = new Fingerprint();
        found.forEach(one -> all.add(one.digest.getBytes(StandardCharsets.US_ASCII)));
        return all.hex();
    }
}
