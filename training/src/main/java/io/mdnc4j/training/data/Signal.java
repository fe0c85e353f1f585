package io.mdnc4j.training.data;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
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

    /** @throws IllegalArgumentException if the rate is not positive */
    public Signal {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException(
                    "sampling rate: " + rate + " Hz is not positive and finite; give it in hertz, such as 360");
        }
    }

    /** Five minutes of electrocardiogram in millivolt at 360 Hz: MIT-BIH Arrhythmia Database, record 208, lead MLII. */
    public static Signal ecg() {
        InputStream in = new ByteArrayInputStream(Resources.read(ECG_FILE));
        return new Signal(ECG, SignalReader.read(in, ECG_FILE).values(), ECG_RATE, "mV");
    }

    /**
     * A signal from a CSV file with one column, plain or gzipped; a first line that is no number names the unit.
     *
     * @param rate samples a second, in hertz
     * @throws DataException if the file cannot be read, is empty, or a value is no finite number
     */
    public static Signal read(Path file, double rate) {
        SignalReader.Column column = SignalReader.read(file);
        String name = file.getFileName().toString().replaceFirst("(\\.csv)?(\\.gz)?$", "");
        return new Signal(name, column.values(), rate, column.header().isEmpty() ? "signal" : column.header());
    }
}
