package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** {@code summary} against the reference tables and totals. */
class SummaryTablesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static Path summaries() {
        return Path.of(System.getProperty("reference.dir"), "summary");
    }

    static Stream<CSVRecord> rows() throws IOException {
        try (Reader reader = Files.newBufferedReader(summaries().resolve("index.csv"))) {
            return CSVFormat.DEFAULT
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .build()
                    .parse(reader)
                    .getRecords()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void tableEqualsTheReference(CSVRecord row) throws IOException {
        String expected = Files.readString(summaries().resolve("tables/" + row.get("id") + ".csv"));
        assertEquals(expected.replace("\r\n", "\n"), run(arguments(row, "csv", 1)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void totalsEqualTheReference(CSVRecord row) throws IOException {
        JsonNode totals = MAPPER.readTree(run(arguments(row, "json", 1)));
        assertEquals(row.get("nlayers"), totals.get("nlayers").asText("").replace("null", ""));
        for (String column : List.of("total_params", "trainable_params", "rows")) {
            assertEquals(row.get(column), totals.get(column).asText(), column);
        }
        String raw = run(arguments(row, "json", 1));
        for (String column : List.of("input_mb", "fwdbwd_mb", "params_mb", "total_mb")) {
            String figure = raw.replaceAll("(?s).*\"" + column + "\" : ([0-9.]+).*", "$1");
            assertEquals(row.get(column), figure, column);
        }
    }

    @Test
    void everyLineCountsAsOftenAsThereAreSamples() throws IOException {
        CSVRecord unet = rows().filter(row -> row.get("id").equals("conv-UNet2d-ex1"))
                .findFirst()
                .orElseThrow();
        double one = MAPPER.readTree(run(arguments(unet, "json", 1)))
                .get("fwdbwd_mb")
                .asDouble();
        double four = MAPPER.readTree(run(arguments(unet, "json", 4)))
                .get("fwdbwd_mb")
                .asDouble();
        assertEquals(4 * one, four, 0.03);
    }

    /** The command line for a row: its arguments under the names of the options. */
    private static List<String> arguments(CSVRecord row, String format, int batch) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add("summary");
        arguments.add(row.get("family") + "." + row.get("network") + row.get("order") + "d");
        JsonNode args = MAPPER.readTree(row.get("args"));
        args.properties().forEach(entry -> {
            String option = "--" + entry.getKey().replace('_', '-');
            boolean vector = entry.getKey().endsWith("_length");
            if (!entry.getValue().isNull() || vector) {
                arguments.add(option);
                arguments.add(text(entry.getValue()));
            }
        });
        if (!row.get("network").equals("DecoderNet")) {
            arguments.add("--input");
            arguments.add(row.get("input_shape").replace('x', ','));
        }
        arguments.addAll(List.of("--format", format, "--batch", String.valueOf(batch)));
        return arguments;
    }

    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.isNull() ? "none" : value.asText();
        }
        List<String> parts = new ArrayList<>();
        value.forEach(part -> parts.add(part.asText()));
        return String.join(",", parts);
    }

    private static String run(List<String> arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new SummaryCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(out));
        int code = line.execute(arguments.subList(1, arguments.size()).toArray(String[]::new));
        assertEquals(0, code, String.join(" ", arguments));
        return out.toString();
    }

    @Test
    void listHasThePresetsOfTheReference() throws IOException {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new ListCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(out));
        assertEquals(0, line.execute("RESNET.unet*-2d", "--format", "csv"));
        String[] lines = out.toString().split("\n");
        assertEquals("name,family,dimensions,layers,block,params,nlayers", lines[0]);
        assertEquals("resnet.unet16-2d,resnet,2,2 1 1,plain,1347713,16", lines[1]);
        assertEquals(6, lines.length, Arrays.toString(lines));
        assertEquals("resnet.unet83-2d", lines[5].split(",")[0].toLowerCase(Locale.ROOT));
    }
}
