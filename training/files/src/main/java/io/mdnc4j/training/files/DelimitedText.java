package io.mdnc4j.training.files;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Text of tables as spreadsheets and other programs write it: in UTF-8, in UTF-16 with a byte-order mark, or else in
 * Windows-1252; separated by commas, semicolons or tabs, of which the first line tells.
 *
 * <pre>{@code
 * try (BufferedReader text = DelimitedText.reader(Files.newInputStream(file))) {
 *     char separator = DelimitedText.separator(text);
 *     CSVParser table = CSVFormat.DEFAULT.builder().setDelimiter(separator).build().parse(text);
 * }
 * }</pre>
 */
public final class DelimitedText {
    /** How far the beginning is looked at, in bytes and characters. */
    private static final int AHEAD = 1 << 14;

    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final char MARK = '\ufeff';
    private static final char QUOTE = '"';

    /** From the likeliest separator where all occur as often. */
    private static final String SEPARATORS = ",;\t";

    /** The line with which spreadsheets are told the separator, which follows. */
    private static final String TOLD = "sep=";

    private static final String DECIMAL_COMMA = "\\s*[-+]?\\d*,?\\d*([eE][-+]?\\d+)?\\s*";

    private DelimitedText() {}

    /**
     * The text of a file.
     *
     * @param in plain or gzipped; closed with the reader
     * @return a reader at the first character after a byte-order mark
     * @throws IOException if it cannot be read
     */
    public static BufferedReader reader(InputStream in) throws IOException {
        BufferedInputStream bytes = new BufferedInputStream(RawNumbers.unzipped(in), AHEAD);
        bytes.mark(AHEAD);
        byte[] start = bytes.readNBytes(AHEAD);
        bytes.reset();
        BufferedReader reader = new BufferedReader(new InputStreamReader(bytes, charset(start)), AHEAD);
        reader.mark(1);
        if (reader.read() != MARK) {
            reader.reset();
        }
        return reader;
    }

    private static Charset charset(byte... start) {
        int first = start.length < 2 ? 0 : (start[0] & 0xff) << Byte.SIZE | start[1] & 0xff;
        if (first == 0xfffe) {
            return StandardCharsets.UTF_16LE;
        }
        if (first == MARK) {
            return StandardCharsets.UTF_16BE;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        // what is cut off at the end is no fault
        CoderResult result = decoder.decode(ByteBuffer.wrap(start), CharBuffer.allocate(start.length + 1), false);
        return result.isError() ? WINDOWS : StandardCharsets.UTF_8;
    }

    /**
     * What separates the columns: the one of comma, semicolon and tab that the first line has most of outside of quotes. Commas
     * do not count where they are decimal ones: between semicolons or tabs are numbers then, each with one comma at most. A line
     * without any of them is that of a table of one column, in which commas can only be decimal ones; it has semicolons.
     *
     * @param reader at the beginning of a table; it is left there, or after a line {@code sep=;} that tells
     * @return the separator
     * @throws IOException if it cannot be read
     */
    public static char separator(BufferedReader reader) throws IOException {
        reader.mark(AHEAD + 1);
        char[] start = new char[AHEAD];
        int length = 0;
        for (int read = 0; read >= 0 && length < AHEAD; read = reader.read(start, length, AHEAD - length)) {
            length += read;
        }
        reader.reset();
        String line = new String(start, 0, length).lines().findFirst().orElse("");
        if (line.toLowerCase(Locale.ROOT).startsWith(TOLD) && line.length() == TOLD.length() + 1) {
            reader.readLine();
            return line.charAt(TOLD.length());
        }
        int[] counts = new int[SEPARATORS.length()];
        boolean quoted = false;
        for (char c : line.toCharArray()) {
            quoted ^= c == QUOTE;
            int which = SEPARATORS.indexOf(c);
            if (which >= 0 && !quoted) {
                counts[which]++;
            }
        }
        boolean decimal = Arrays.stream(line.split("[;\t]", -1)).allMatch(cell -> cell.matches(DECIMAL_COMMA));
        counts[0] = decimal && counts[1] + counts[2] > 0 ? 0 : counts[0];
        if (Arrays.stream(counts).sum() == 0) {
            return SEPARATORS.charAt(1);
        }
        int most = 0;
        for (int i = 1; i < counts.length; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        return SEPARATORS.charAt(most);
    }
}
