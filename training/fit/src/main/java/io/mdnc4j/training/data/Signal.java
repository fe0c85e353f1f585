package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.TableFormat;
import io.mdnc4j.training.files.TableFormat.Table;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A uniformly sampled signal with one channel.
 *
 * @param name short name, used in the names of runs
 * @param samples the values, in {@code unit}
 * @param rate samples a second, in hertz
 * @param unit unit of the values, such as {@code mV}
 */
public record Signal(String name, double[] samples, double rate, String unit) {
    /** The name of the electrocardiogram that comes with the library. */
    public static final String ECG = "ecg";

    /** Sampling rate of the electrocardiogram in hertz, and of files unless told. */
    public static final double ECG_RATE = 360;

    private static final String ECG_FILE = "ecg-mitbih-208-mlii.csv.gz";

    /**
     * Checks the rate; the samples are not copied.
     *
     * @param name short name, used in the names of runs
     * @param samples the values, in {@code unit}
     * @param rate samples a second, in hertz
     * @param unit unit of the values, such as {@code mV}
     * @throws ArgumentException if the rate is not positive and finite
     */
    public Signal {
        ArgumentException.require(
                rate > 0 && Double.isFinite(rate),
                "samplingRate",
                rate,
                "give it in hertz, positive and finite, such as 360");
    }

    /**
     * Five minutes of electrocardiogram in millivolt at 360 Hz: MIT-BIH Arrhythmia Database, record 208, lead MLII.
     *
     * @return the signal, called {@value #ECG}
     */
    public static Signal ecg() {
        try {
            Table table = TableFormat.read(new ByteArrayInputStream(Resources.read(ECG_FILE)), ECG_FILE);
            return new Signal(ECG, table.columns()[0], ECG_RATE, "mV");
        } catch (IOException e) {
            throw unreadable(ECG_FILE, e);
        }
    }

    /**
     * A signal from a CSV file with one column, plain or gzipped; a first line that is no number names the unit.
     *
     * @param file the file; its name without the suffix becomes the signal's
     * @param rate samples a second, in hertz
     * @return the signal; its unit is {@code signal} where the file names none
     * @throws ArgumentException if the rate is not positive and finite
     * @throws DataException if the file cannot be read, is empty, or a value is no finite number
     */
    public static Signal read(Path file, double rate) {
        Table table;
        try {
            table = TableFormat.read(file);
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
        if (table.columns().length != 1) {
            throw new DataException(file + ": has " + table.columns().length + " columns; keep one column");
        }
        String name = file.getFileName().toString().replaceFirst("(\\.[ct]sv)?(\\.gz)?$", "");
        return new Signal(
                name,
                table.columns()[0],
                rate,
                table.header().isEmpty() ? "signal" : table.header().get(0));
    }

    private static DataException unreadable(String name, IOException e) {
        return new DataException(name + ": cannot be read (" + e + "); check that it is a CSV file", e);
    }
}
