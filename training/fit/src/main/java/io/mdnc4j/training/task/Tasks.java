package io.mdnc4j.training.task;

import io.mdnc4j.training.data.DataListing;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The tasks by the names of their data. */
public final class Tasks {
    /** Those whose data come with the library. */
    private static final Map<String, Supplier<TrainingTask>> SHIPPED = new LinkedHashMap<>();

    static {
        SHIPPED.put(Signal.ECG, () -> Denoising.of(Signal.ecg()));
        SHIPPED.put(Digits.NAME, Digits::task);
        SHIPPED.put(Brain.NAME, Brain::task);
    }

    private static final String TABLE = ".csv";

    private Tasks() {}

    /** Whether that is a set of examples in files: a folder, an HDF5 file or a list; no signal, and nothing that comes along. */
    public static boolean isSet(String data) {
        Path path = Path.of(data);
        return !SHIPPED.containsKey(data.toLowerCase(Locale.ROOT))
                && Files.exists(path)
                && (Files.isDirectory(path)
                        || DataListing.isList(path)
                        || !ArrayFiles.suffix(path).orElse("").startsWith(TABLE));
    }

    /**
     * The task of data that come along, or of one signal.
     *
     * @param data name of data that come along, or the path of a CSV file with a signal
     * @param samplingRate samples a second of a file, in hertz
     * @throws DataException if it is neither, or the file cannot be used
     */
    public static TrainingTask named(String data, double samplingRate) {
        Supplier<TrainingTask> shipped = SHIPPED.get(data.toLowerCase(Locale.ROOT));
        if (shipped != null) {
            return shipped.get();
        }
        Path file = Path.of(data);
        if (!Files.exists(file)) {
            throw new DataException("data: \"" + data + "\" is neither one of " + String.join(", ", SHIPPED.keySet())
                    + " nor a file or folder; check the path");
        }
        return Denoising.of(Signal.read(file, samplingRate));
    }
}
