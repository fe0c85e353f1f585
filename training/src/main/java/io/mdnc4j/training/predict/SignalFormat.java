package io.mdnc4j.training.predict;

import io.mdnc4j.training.data.Signal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Signals in CSV files: a sample a line, with one column for each channel of the output. */
final class SignalFormat implements FileFormat {
    @Override
    public INDArray read(Path file) {
        double[] samples = Signal.read(file, Signal.ECG_RATE).samples();
        return Nd4j.createFromArray(samples).castTo(DataType.FLOAT).reshape('c', 1, samples.length);
    }

    @Override
    public void write(Path file, INDArray values, Path like) throws IOException {
        String header = Signal.read(like, Signal.ECG_RATE).unit();
        boolean zipped = like.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".gz");
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream whole = zipped ? new GZIPOutputStream(out) : out;
                Writer writer = new OutputStreamWriter(whole, StandardCharsets.UTF_8);
                CSVPrinter printer = CSVFormat.DEFAULT
                        .builder()
                        .setRecordSeparator('\n')
                        .get()
                        .print(writer)) {
            for (long channel = 0; channel < values.size(0); channel++) {
                printer.print(values.size(0) == 1 ? header : header + " " + channel);
            }
            printer.println();
            for (long i = 0; i < values.size(1); i++) {
                for (long channel = 0; channel < values.size(0); channel++) {
                    printer.print(values.getFloat(channel, i));
                }
                printer.println();
            }
        }
    }
}
