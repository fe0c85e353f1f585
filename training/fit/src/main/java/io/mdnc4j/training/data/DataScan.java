package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Levels;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.NiftiFormat;
import io.mdnc4j.training.files.OutOfMemory;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Example;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
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

    /** More values than this are not looked at, whatever classes they stand for. */
    private static final int MAX_MAPPED = 1 << 16;

    private static final int PIECE = 1 << 16;

    /** Values of targets with a channel for each label, of which several may apply at once. */
    private static final Set<String> LABELS = Set.of("0", "1", String.valueOf(Example.UNLABELLED));

    /**
     * An example.
     *
     * @param entry the example; a whole number in a file is its label and its number, other numbers are its numbers
     * @param inputShape {@code [C, size...]}
     * @param targetShape {@code [C', size...]}; {@code null} where the label or numbers of the entry are the target
     * @param sums sum and sum of squares of the input, for each channel
     * @param classes how often the target has each class that its values stand for; {@code null} if they are too many, or no
     *     whole numbers
     * @param content SHA-256 of the input
     * @param digest SHA-256 of name, input and target
     * @param grid where the input's elements lie
     * @param remarks what one should know of the file of the input
     * @param facts what else is worth knowing
     */
    public record Found(
            DataEntry entry,
            long[] inputShape,
            long @Nullable [] targetShape,
            double[][] sums,
            @Nullable Map<String, Long> classes,
            String content,
            String digest,
            Grid grid,
            List<String> remarks,
            Facts facts) {}

    /**
     * What does not decide what is done with an example, but whether it is likely to be right.
     *
     * @param levels of the input, for each channel
     * @param integers whether the target's values are whole numbers in the file
     * @param palette whether the target is a picture with a palette
     * @param colours how many colours the target has, if it is a picture of red, green and blue; 0 if not, or too many
     * @param opacity whether the input is a picture whose opacity is left out
     * @param grids how the grids of input and target differ; empty if they do not
     * @param present at how many positions each channel of the target is 1, for targets of 0, 1 and -1; empty for others
     */
    public record Facts(
            List<Levels> levels,
            boolean integers,
            boolean palette,
            int colours,
            boolean opacity,
            String grids,
            List<Long> present) {}

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
        return of(entries, new Reading(dimensions), strict);
    }

    /**
     * Reads all examples once.
     *
     * @param entries the examples, at least one
     * @param reading what becomes of the arrays in files
     * @param strict whether an example that cannot be used ends it
     * @return what was found, in the order of the entries
     * @throws DataException if it is strict, or no example can be used
     */
    public static DataScan of(List<DataEntry> entries, Reading reading, boolean strict) {
        Object[] results = IntStream.range(0, entries.size())
                .parallel()
                .mapToObj(i -> result(entries.get(i), reading, strict))
                .toArray();
        for (int i = 0; i < results.length; i++) {
            if (results[i] instanceof OutOfMemoryError) {
                // again, alone: perhaps it was another one that took the memory
                results[i] = result(entries.get(i), reading, strict);
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
    private static Object result(DataEntry entry, Reading reading, boolean strict) {
        try {
            return found(entry, reading);
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

    private static Found found(DataEntry entry, Reading reading) {
        StoredArray stored = entry.input().read();
        StoredArray input = reading.input(stored, entry);
        INDArray values = reading.dimensioned(input, entry);
        double[][] sums = sums(values, entry.name());
        List<Levels> levels = IntStream.range(0, sums.length)
                .mapToObj(c -> Levels.of(values.slice(c)))
                .toList();
        String content = new Fingerprint().add(bytes(values)).hex();
        Fingerprint all = new Fingerprint().add(entry.name().getBytes(StandardCharsets.UTF_8));
        all.add(bytes(values));
        long[] shape = values.shape();
        Release.of(stored.values(), values);
        boolean opacity = stored.hasOpacity() && reading.channels() != Channels.ALL;
        if (entry.target() == null) {
            all.add(entry.label().getBytes(StandardCharsets.UTF_8));
            if (entry.labels() != null) {
                all.add(entry.labels().toString().getBytes(StandardCharsets.UTF_8));
            }
            if (!entry.numbers().isEmpty()) {
                all.add(entry.numbers().toString().getBytes(StandardCharsets.UTF_8));
            }
            Facts facts = new Facts(levels, true, false, 0, opacity, "", List.of());
            return found(entry, shape, null, sums, null, content, all, input, facts);
        }
        StoredArray raw = entry.target().read();
        StoredArray target = reading.target(raw, entry);
        boolean integers = target.type().isInteger();
        Map<String, Long> classes = classes(target, entry, reading);
        long[] targetShape = null;
        List<Long> present = List.of();
        DataEntry labelled = entry;
        if (!entry.isInputAlone() && isOfWhole(target.values(), entry, shape)) {
            Map<String, Double> numbers = numbers(target.values(), entry);
            String label = numbers.size() == 1 && integers && classes != null
                    ? classes.keySet().iterator().next()
                    : "";
            labelled = new DataEntry(entry.name(), entry.input(), null, label, numbers, entry.part(), entry.group());
            all.add(bytes(target.values()));
        } else {
            INDArray targets = reading.dimensioned(target, entry);
            double[][] targetSums = sums(targets, entry.name() + ", target");
            present = classes != null && LABELS.containsAll(classes.keySet()) ? present(targetSums) : List.of();
            targetShape = targets.shape();
            all.add(bytes(targets));
            requireSameSize(entry, shape, targetShape);
        }
        Facts facts = new Facts(
                levels,
                integers,
                raw.hasPalette(),
                colours(target),
                opacity,
                NiftiFormat.difference(stored, raw),
                present);
        Release.of(raw.values(), target.values());
        return found(labelled, shape, targetShape, sums, classes, content, all, input, facts);
    }

    private static Found found(
            DataEntry entry,
            long[] shape,
            long @Nullable [] targetShape,
            double[][] sums,
            @Nullable Map<String, Long> classes,
            String content,
            Fingerprint all,
            StoredArray input,
            Facts facts) {
        return new Found(
                entry, shape, targetShape, sums, classes, content, all.hex(), input.grid(), input.remarks(), facts);
    }

    /** How often each channel is 1: 1 and its square add up to 2, 0 and -1 to nothing. */
    private static List<Long> present(double[][] sums) {
        return Arrays.stream(sums)
                .map(channel -> Math.round((channel[0] + channel[1]) / 2))
                .toList();
    }

    /**
     * Whether a target is a number, or as many as an axis has where inputs have several axes, or, in an array of the targets of
     * all examples, another number of elements, so that it is of no positions.
     */
    private static boolean isOfWhole(INDArray target, DataEntry entry, long... shape) {
        boolean row = entry.target().index() >= 0;
        return target.length() == 1
                || target.rank() == 1 && (shape.length > 2 || row && target.length() != shape[shape.length - 1]);
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

    /** How often each class occurs; {@code null} if the values are no classes, or too many. */
    private static @Nullable Map<String, Long> classes(StoredArray target, DataEntry entry, Reading reading) {
        boolean colours = reading.targets() == Reading.Targets.COLOURS;
        Map<Double, Long> counts = counts(target.values(), reading.mapping().isEmpty() ? MAX_CLASSES : MAX_MAPPED);
        if (counts == null || reading.targets() == Reading.Targets.VALUES) {
            return null;
        }
        Map<String, Long> classes = new TreeMap<>();
        for (Map.Entry<Double, Long> count : counts.entrySet()) {
            String name = reading.mapping().name(count.getKey(), colours);
            if (name == null && reading.mapping().isEmpty()) {
                return null;
            }
            if (name == null) {
                throw new DataException(entry.name() + ": its target has the value " + count.getKey() + ", to which "
                        + reading.mapping() + " gives no class; give it one, or * to all others");
            }
            classes.merge(name, count.getValue(), Long::sum);
        }
        return classes;
    }

    /** How many colours a picture has; 0 if it has none, or too many for classes. */
    private static int colours(StoredArray target) {
        if (!target.isColoured()) {
            return 0;
        }
        Map<Double, Long> counts = counts(target.colourNumbers().values(), MAX_CLASSES);
        return counts == null ? 0 : counts.size();
    }

    private static @Nullable Map<Double, Long> counts(INDArray array, int most) {
        Map<Double, Long> counts = new TreeMap<>();
        for (double[] piece : pieces(array)) {
            int start = 0;
            for (int i = 1; i <= piece.length; i++) {
                if (i == piece.length || piece[i] != piece[start]) {
                    counts.merge(piece[start], (long) i - start, Long::sum);
                    start = i;
                }
            }
            if (counts.size() > most) {
                return null;
            }
        }
        return counts;
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
        return with(one -> one.entry.withNumbers(one.entry.numbers()));
    }

    private DataScan with(Function<Found, DataEntry> entries) {
        return new DataScan(
                found.stream()
                        .map(one -> new Found(
                                entries.apply(one),
                                one.inputShape,
                                one.targetShape,
                                one.sums,
                                one.classes,
                                one.content,
                                one.digest,
                                one.grid,
                                one.remarks,
                                one.facts))
                        .toList(),
                skipped);
    }

    /**
     * The same with labels as targets, of which several may apply at once.
     *
     * @param names of the labels, in their order; of examples that name their own labels they are all that there may be, of others
     *     what their numbers are called
     * @return the same examples, with a number for each label: 1, 0, or -1 where it is not known whether they have it
     * @throws DataException if an example has another label, or other numbers
     */
    public DataScan ofLabels(List<String> names) {
        return with(one -> {
            DataEntry entry = one.entry;
            Map<String, Double> labels = new LinkedHashMap<>();
            if (entry.labels() != null) {
                for (String label : entry.labels()) {
                    if (!names.contains(label)) {
                        throw new DataException(
                                entry.name() + ": the label " + label + " is none of " + names + "; correct it");
                    }
                }
                names.forEach(name -> labels.put(name, entry.labels().contains(name) ? 1.0 : 0.0));
                return entry.withLabels(labels);
            }
            List<Double> values = List.copyOf(entry.numbers().values());
            if (values.size() != names.size()) {
                throw new DataException(entry.name() + ": has " + values.size() + " numbers for " + names.size()
                        + " labels, " + names + "; give one for each");
            }
            for (int i = 0; i < values.size(); i++) {
                labels.put(names.get(i), values.get(i));
            }
            return entry.withLabels(labels);
        });
    }

    /** {@return the SHA-256 of the digests of all examples in their order, in hexadecimal} */
    public String fingerprint() {
        Fingerprint all = new Fingerprint();
        found.forEach(one -> all.add(one.digest.getBytes(StandardCharsets.US_ASCII)));
        return all.hex();
    }
}
