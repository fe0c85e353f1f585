package io.mdnc4j.training.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads CSV files with a single column, plain or gzipped, with or without a header line. */
final class SignalReader {
    private static final int GZIP_MAGIC = 0x1f8b;

    /** The values of a column and its header, empty without one. */
    record Column(String header, double[] values) {}

    private SignalReader() {}

    static Column read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    static Column read(InputStream in, String name) {
        try (Reader reader = new InputStreamReader(unzipped(in), StandardCharsets.UTF_8);
                CSVParser parser =
                        CSVFormat.DEFAULT.builder().setTrim(true).get().parse(reader)) {
            return column(parser, name);
        } catch (UncheckedIOException e) {
            throw unreadable(name, e.getCause());
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static Column column(CSVParser parser, String name) {
        String header = "";
        DoubleStream.Builder values = DoubleStream.builder();
        boolean first = true;
        boolean empty = true;
        for (CSVRecord line : parser) {
            if (line.size() != 1) {
                throw invalid(name, parser, "has " + line.size() + " columns; keep one column");
            }
            if (first && !isNumber(line.get(0))) {
                header = line.get(0);
            } else {
                values.add(number(line.get(0), name, parser));
                empty = false;
            }
            first = false;
        }
        if (empty) {
            throw new DataException(name + ": holds no values; give a CSV file with one number a line");
        }
        return new Column(header, values.build().toArray());
    }

    private static double number(String text, String name, CSVParser parser) {
        if (!isNumber(text)) {
            throw invalid(name, parser, "\"" + text + "\" is not a number; remove or correct it");
        }
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw invalid(name, parser, text + " is not finite; remove or interpolate it");
        }
        return value;
    }

    private static boolean isNumber(String text) {
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static InputStream unzipped(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in);
        buffered.mark(2);
        int magic = buffered.read() << 8 | buffered.read();
        buffered.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(buffered) : buffered;
    }

    private static DataException invalid(String name, CSVParser parser, String problem) {
        return new DataException(name + ", line " + parser.getCurrentLineNumber() + ": " + problem);
    }

    private static DataException unreadable(String name, IOException e) {
        String reason = e.getMessage() == null || e.getMessage().equals(name)
                ? e.getClass().getSimpleName()
                : e.getMessage();
        return new DataException(name + ": cannot be read (" + reason + "); check that it is a CSV file", e);
    }
}
