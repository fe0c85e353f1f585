package io.mdnc4j.training.files;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Tables of numbers separated by commas, semicolons or tabs, plain or gzipped: a line an element, a column a channel. A first
 * line that is not of numbers names the columns. Where the separator is no comma, decimal commas are read as well. What is written
 * like a file that was read has its names, separator and decimal sign.
 */
public final class TableFormat implements ArrayFormat {
    private static final String TABS = ".tsv";

    private static final char COMMA = ',';
    private static final char TAB = '\t';
    private static final char POINT = '.';

    /** Lines that there is memory for at first, unless there are many columns. */
    private static final int START = 1 << 12;

    /**
     * What is in such a file.
     *
     * @param header names of the columns, empty without any
     * @param columns values of each column
     */
    public record Table(List<String> header, double[][] columns) {}

    /** How a table is written, for results like it. */
    private record Style(List<String> header, char separator, boolean decimalComma) {}

    /** What was read, and how it was written. */
    private record Read(Table table, Style style) {}

    /** A format without settings. */
    public TableFormat() {}

    /** Characters of a table, of which the parser reads a whole line, or what stands in quotes, before it tells of it. */
    private static final class Lines extends FilterReader {
        private final long most;
        private long length;

        Lines(Reader in, long most) {
            super(in);
            this.most = most;
        }

        /** Says that a line was read. */
        void next() {
            length = 0;
        }

        @Override
        public int read() throws IOException {
            char[] one = new char[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(char[] target, int offset, int count) throws IOException {
            int read = super.read(target, offset, count);
            length += Math.max(read, 0);
            if (length > most) {
                throw new IOException("a line has more than " + most
                        + " characters; check that lines end and quotes are closed, or raise the limit with the system"
                        + " property " + ArrayFiles.MAX_ARRAY);
            }
            return read;
        }
    }

    @Override
    public StoredArray read(Path file, String part) throws IOException {
        Read read = readStyled(file);
        INDArray values = Nd4j.createFromArray(read.table.columns);
        return new StoredArray(values, true, ElementType.FLOAT64, Grid.UNKNOWN, List.of(), read.style);
    }

    /**
     * Reads a table.
     *
     * @param file a regular file, plain or gzipped; one whose name contains {@code .tsv} has tabs
     * @return what is in it
     * @throws DataException if it has no values, lines differ in length, or a value is no finite number; names the line
     * @throws IOException if it cannot be read, is no regular file, or a line is too long
     */
    public static Table read(Path file) throws IOException {
        return readStyled(file).table;
    }

    private static Read readStyled(Path file) throws IOException {
        long bytes = ArrayFiles.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString(), bytes);
        }
    }

    /**
     * Reads a table.
     *
     * @param in plain or gzipped; it is closed
     * @param name of the file, for messages; one that contains {@code .tsv} has tabs
     * @return what is in it
     * @throws DataException if it has no values, lines differ in length, or a value is no finite number; names the line
     * @throws IOException if it cannot be read, or a line is too long
     */
    public static Table read(InputStream in, String name) throws IOException {
        return read(in, name, 0).table;
    }

    private static Read read(InputStream in, String name, long bytes) throws IOException {
        try (BufferedReader reader = DelimitedText.reader(in);
                Lines lines = new Lines(reader, Limits.lineLength(bytes))) {
            char separator = usual(name) == TAB ? TAB : DelimitedText.separator(reader);
            try (CSVParser parser =
                    format(separator).builder().setTrim(true).build().parse(lines)) {
                return table(parser, lines, name, separator, Limits.tableNumbers(bytes));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The separator in files of that name. */
    private static char usual(String name) {
        return name.toLowerCase(Locale.ROOT).contains(TABS) ? TAB : COMMA;
    }

    private static CSVFormat format(char separator) {
        return separator == TAB
                ? CSVFormat.TDF
                : CSVFormat.DEFAULT.builder().setDelimiter(separator).build();
    }

    /** @param most numbers that there may be */
    private static Read table(CSVParser parser, Lines lines, String name, char separator, long most) {
        List<String> header = List.of();
        boolean decimalComma = false;
        double[] @Nullable [] columns = null;
        int count = 0;
        for (CSVRecord line : parser) {
            lines.next();
            if (columns == null) {
                columns = new double[line.size()][Math.max(1, START / line.size())];
                if (line.stream().noneMatch(cell -> isNumber(decimal(cell, separator)))) {
                    header = line.toList();
                    continue;
                }
            }
            if (line.size() != columns.length) {
                throw invalid(
                        name,
                        parser,
                        "has " + line.size() + " columns, the first line " + columns.length
                                + "; give every line as many");
            }
            if (count == columns[0].length) {
                int next = (int) Math.min(2L * count, Math.min(most / columns.length, Integer.MAX_VALUE - Long.BYTES));
                if (next <= count) {
                    throw invalid(
                            name,
                            parser,
                            "is beyond " + most
                                    + " numbers; split the file, or raise the limit with the system property "
                                    + ArrayFiles.MAX_ARRAY);
                }
                for (int c = 0; c < columns.length; c++) {
                    columns[c] = Arrays.copyOf(columns[c], next);
                }
            }
            for (int c = 0; c < columns.length; c++) {
                String cell = decimal(line.get(c), separator);
                decimalComma |= separator != COMMA && line.get(c).indexOf(COMMA) >= 0;
                columns[c][count] = number(cell, name, parser);
            }
            count++;
        }
        if (columns == null || count == 0) {
            throw new DataException(name + ": holds no values; give a CSV file with numbers in every line");
        }
        for (int c = 0; c < columns.length; c++) {
            columns[c] = Arrays.copyOf(columns[c], count);
        }
        char other = columns.length == 1 && !decimalComma ? usual(name) : separator;
        return new Read(new Table(header, columns), new Style(header, other, decimalComma));
    }

    /** A number with a point where it has a decimal comma. */
    private static String decimal(String text, char separator) {
        return separator == COMMA || text.indexOf(POINT) >= 0 ? text : text.replace(COMMA, POINT);
    }

    private static double number(String text, String name, CSVParser parser) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw invalid(name, parser, "\"" + Limits.shown(text) + "\" is not a number; remove or correct it");
        }
        if (!Double.isFinite(value)) {
            throw invalid(name, parser, Limits.shown(text) + " is not finite; remove or interpolate it");
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

    private static DataException invalid(String name, CSVParser parser, String problem) {
        return new DataException(name + ", line " + parser.getCurrentLineNumber() + ": " + problem);
    }

    /** That of the file that was read, unless one of tabs becomes one of commas or the other way round. */
    private static Style style(StoredArray array, char usual) {
        if (array.header() instanceof Style kept) {
            return (kept.separator == TAB) == (usual == TAB) ? kept : new Style(kept.header, usual, false);
        }
        return new Style(List.of(), usual, false);
    }

    @Override
    public int mostAxes(String suffix) {
        return 1;
    }

    @Override
    public void write(Path file, String name, StoredArray array) throws IOException {
        INDArray values = array.values();
        if (values.rank() == 1) {
            values = values.reshape('c', 1, values.length());
        }
        if (values.rank() != 2) {
            throw new ArgumentException("array", values.shape(), "give a table [length] or [C, length]");
        }
        boolean single = values.dataType() == DataType.FLOAT;
        double[][] columns = new double[(int) values.size(0)][];
        for (int c = 0; c < columns.length; c++) {
            columns[c] = OnHeap.doubles(values.slice(c));
        }
        Style style = style(array, usual(name));
        boolean zipped = name.toLowerCase(Locale.ROOT).endsWith(".gz");
        try (OutputStream plain = new BufferedOutputStream(Files.newOutputStream(file));
                Writer writer =
                        new OutputStreamWriter(zipped ? new GZIPOutputStream(plain) : plain, StandardCharsets.UTF_8);
                CSVPrinter printer = format(style.separator)
                        .builder()
                        .setRecordSeparator('\n')
                        .build()
                        .print(writer)) {
            if (!style.header.isEmpty() && style.header.size() == columns.length) {
                printer.printRecord(style.header);
            }
            for (int i = 0; i < columns[0].length; i++) {
                List<Object> line = new ArrayList<>();
                for (double[] column : columns) {
                    // boxed apart: the conditional would turn a float into a double's longer digits
                    String number = single ? Float.toString((float) column[i]) : Double.toString(column[i]);
                    line.add(style.decimalComma ? number.replace(POINT, COMMA) : number);
                }
                printer.printRecord(line);
            }
        }
    }
}
