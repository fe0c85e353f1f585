package io.mdnc4j.training.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads what a network takes from files, and writes what it makes of them in the same format. */
public interface FileFormat {
    /** The formats by the ends of their files' names. */
    Map<String, FileFormat> BY_SUFFIX = table();

    private static Map<String, FileFormat> table() {
        Map<String, FileFormat> table = new LinkedHashMap<>();
        table.put(".csv", new SignalFormat());
        table.put(".csv.gz", new SignalFormat());
        return table;
    }

    /**
     * The format of a file.
     *
     * @throws IllegalArgumentException if its name has no known end
     */
    static FileFormat of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return BY_SUFFIX.entrySet().stream()
                .filter(entry -> name.endsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        file + ": has no known format; use one of " + String.join(", ", BY_SUFFIX.keySet())));
    }

    /**
     * Reads an input.
     *
     * @return float {@code [C, size...]}
     * @throws io.mdnc4j.training.data.DataException if it cannot be read
     */
    INDArray read(Path file);

    /**
     * Writes an output of the same size.
     *
     * @param values {@code [C', size...]}
     * @param like the input's file, whose header and compression the new one takes over
     */
    void write(Path file, INDArray values, Path like) throws IOException;
}
