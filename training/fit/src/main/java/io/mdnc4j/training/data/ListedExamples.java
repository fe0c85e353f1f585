package io.mdnc4j.training.data;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.DataEntry.Part;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.DelimitedText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** A list of examples: a CSV file with a line for each, whose columns {@link DataListing} describes. */
final class ListedExamples {
    private static final String INPUT = "input";
    private static final String TARGET = "target";
    private static final String CLASS = "class";
    private static final String LABELS = "labels";

    /** Between the names of several labels. */
    private static final Pattern BETWEEN = Pattern.compile("[;|]");

    private static final String PART = "part";
    private static final String GROUP = "group";
    private static final Set<String> NO_TARGETS = Set.of(INPUT, PART, GROUP);

    private final Path file;

    /** Columns of numbers that are the target; empty where files, classes or labels are. */
    private final List<String> numbers;

    /** Whether a column names labels, which are the target. */
    private final boolean labels;

    /** Whether an example without a target is its own. */
    private final boolean inputsAlone;

    private ListedExamples(Path file, List<String> numbers, boolean labels, boolean inputsAlone) {
        this.file = file;
        this.numbers = numbers;
        this.labels = labels;
        this.inputsAlone = inputsAlone;
    }

    /** Whether the first line names a column of inputs; false if it cannot be read. */
    static boolean hasInputs(Path file) {
        return hasColumns(file, List.of(INPUT));
    }

    /** Whether the first line names those columns; false if it cannot be read. */
    static boolean hasColumns(Path file, List<String> columns) {
        try (BufferedReader reader = DelimitedText.reader(Files.newInputStream(file));
                CSVParser parser = parser(reader)) {
            return columns.stream().allMatch(column -> has(parser.getHeaderNames(), column));
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /**
     * Reads a list.
     *
     * @param columns of numbers that are the target, with commas between; {@code null} to tell it from the columns there are
     * @param inputsAlone whether an example without a target is its own target
     * @throws ArgumentException if a column that is asked for is not there
     * @throws DataException if a line has no input or no target
     */
    static List<DataEntry> read(Path file, @Nullable String columns, boolean inputsAlone) throws IOException {
        try (BufferedReader reader = DelimitedText.reader(Files.newInputStream(file));
                CSVParser parser = parser(reader)) {
            Map<Long, CSVRecord> lines = new LinkedHashMap<>();
            for (CSVRecord line : parser) {
                lines.put(parser.getCurrentLineNumber(), line);
            }
            List<String> numbers = inputsAlone && columns == null
                    ? List.of()
                    : numbers(file, parser.getHeaderNames(), lines.values(), columns);
            boolean labels = numbers.isEmpty() && !inputsAlone && has(parser.getHeaderNames(), LABELS);
            ListedExamples list = new ListedExamples(file, numbers, labels, inputsAlone);
            List<DataEntry> entries = new ArrayList<>();
            lines.forEach((number, line) -> entries.add(list.entry(line, file + ", line " + number)));
            return entries;
        }
    }

    private static CSVParser parser(BufferedReader reader) throws IOException {
        return CSVFormat.DEFAULT
                .builder()
                .setDelimiter(DelimitedText.separator(reader))
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreHeaderCase(true)
                .setTrim(true)
                .build()
                .parse(reader);
    }

    private static boolean has(List<String> header, String column) {
        return header.stream().anyMatch(column::equalsIgnoreCase);
    }

    private static List<String> numbers(
            Path file, List<String> header, Collection<CSVRecord> lines, @Nullable String columns) {
        List<String> others = header.stream()
                .filter(name -> !NO_TARGETS.contains(name.toLowerCase(Locale.ROOT)))
                .toList();
        for (String name : header) {
            if (header.stream().filter(name::equalsIgnoreCase).count() > 1) {
                throw new DataException(
                        "data: " + file + " has several columns \"" + name + "\"; give each a name of its own");
            }
        }
        if (columns != null) {
            List<String> wanted = has(others, columns)
                    ? List.of(columns)
                    : Arrays.stream(columns.split(",", -1)).map(String::strip).toList();
            for (String name : wanted) {
                ArgumentException.require(
                        has(others, name),
                        "targetPath",
                        '"' + name + "\" is no column of " + file,
                        "give one of " + String.join(", ", others));
            }
            return wanted;
        }
        if (has(header, LABELS)) {
            if (has(header, TARGET) || has(header, CLASS)) {
                throw new DataException(
                        "data: " + file + " has the columns " + header + "; give one of target, class and labels");
            }
            boolean ofNumbers = !lines.isEmpty() && lines.stream().allMatch(line -> isNumber(cell(line, LABELS)));
            return ofNumbers ? others : List.of();
        }
        if (has(header, TARGET)) {
            boolean ofNumbers = !has(header, CLASS)
                    && !lines.isEmpty()
                    && lines.stream().allMatch(line -> isNumber(cell(line, TARGET)));
            return ofNumbers ? List.of(TARGET) : List.of();
        }
        if (!has(header, CLASS) && others.isEmpty()) {
            throw new DataException("data: " + file + " has the columns " + header
                    + "; give input and target, input and class, input and labels, or input and columns of numbers");
        }
        return has(header, CLASS) ? List.of() : others;
    }

    private DataEntry entry(CSVRecord line, String where) {
        String target = numbers.isEmpty() ? cell(line, TARGET) : "";
        String label = numbers.isEmpty() ? cell(line, CLASS) : "";
        boolean told = inputsAlone || labels || !numbers.isEmpty();
        if (cell(line, INPUT).isEmpty() || !told && target.isEmpty() == label.isEmpty()) {
            throw new DataException("data: " + where + ": give an input, and either a target or a class");
        }
        Part part = DataListing.PARTS.get(cell(line, PART).toLowerCase(Locale.ROOT));
        if (part == null && !cell(line, PART).isEmpty()) {
            throw new DataException(
                    "data: " + where + ": part \"" + cell(line, PART) + "\" is not one of train, validation, test");
        }
        Path folder = file.toAbsolutePath().getParent();
        ArrayReference input = new ArrayReference(folder.resolve(cell(line, INPUT)));
        ArrayReference none = inputsAlone ? input : null;
        return new DataEntry(
                cell(line, INPUT),
                input,
                target.isEmpty() ? none : new ArrayReference(folder.resolve(target)),
                inputsAlone ? "" : label,
                labels ? labels(line, where) : null,
                numbers(line, where),
                part,
                cell(line, GROUP));
    }

    private static List<String> labels(CSVRecord line, String where) {
        List<String> names = BETWEEN.splitAsStream(cell(line, LABELS))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new DataException("data: " + where + ": labels are \"" + cell(line, LABELS)
                    + "\", one of them twice; name each once");
        }
        return names;
    }

    private Map<String, Double> numbers(CSVRecord line, String where) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String name : numbers) {
            String text = cell(line, name);
            if (!isNumber(text)) {
                throw new DataException("data: " + where + ": " + name + " is \"" + text
                        + "\", no finite number; correct it, remove the line, or give input and target, input and class"
                        + ", or the names of the columns of numbers as targetPath");
            }
            values.put(name, Double.valueOf(text));
        }
        return values;
    }

    private static boolean isNumber(String text) {
        try {
            return Double.isFinite(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String cell(CSVRecord line, String column) {
        return line.isMapped(column) && line.isSet(column) ? line.get(column) : "";
    }
}
