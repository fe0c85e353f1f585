package io.mdnc4j.zoo.summary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkSpec;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PresetTotalsTest {
    /** The reference fails for these in its forward pass; here the skip's real channels are counted. */
    private static final Map<String, Long> CORRECTED = Map.of(
            "resnet.unet16-1d", 484_993L,
            "resnet.unet16-2d", 1_347_713L,
            "resnet.unet16-3d", 3_940_993L);

    static Stream<CSVRecord> rows() throws IOException {
        Path file = Path.of(System.getProperty("reference.dir"), "summary", "presets.csv");
        try (Reader reader = Files.newBufferedReader(file)) {
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
    void totalsAndDepthEqualTheReference(CSVRecord row) {
        ModelName name = ModelName.parse(row.get("family") + "." + row.get("name") + "-" + row.get("order") + "d");
        assertEquals(row.get("layers"), join(name.preset().layers()));
        LayerTable plain = table(name, row, name.spec(), "input_shape");
        long expected = CORRECTED.getOrDefault(name.name(), Long.valueOf(row.get("params_default")));
        assertEquals(expected, plain.parameters());
        assertEquals(Integer.valueOf(row.get("nlayers")), plain.depth());
        if (!row.get("params_vec_none").isEmpty()) {
            NetworkSpec.Builder spec = name.network() == Network.DECODER
                    ? name.spec().inLength(0)
                    : name.spec().outLength(0);
            LayerTable maps = table(name, row, spec, "input_shape_vec_none");
            assertEquals(Long.valueOf(row.get("params_vec_none")), maps.parameters());
            assertEquals(Integer.valueOf(row.get("nlayers_vec_none")), maps.depth());
            assertEquals(row.get("output_shape_vec_none"), output(maps));
        } else if (!CORRECTED.containsKey(name.name())) {
            assertEquals(row.get("output_shape"), output(plain));
        }
    }

    private static LayerTable table(ModelName name, CSVRecord row, NetworkSpec.Builder spec, String shapeColumn) {
        long[] shape = longs(row.get(shapeColumn));
        if (name.network() == Network.DECODER) {
            spec.outSize(longs(row.get("out_size")));
        }
        return LayerTable.of(name.name(), spec.build(), Arrays.copyOfRange(shape, 1, shape.length));
    }

    private static String output(LayerTable table) {
        return LayerTable.shape(table.rows().get(table.rows().size() - 1).shape());
    }

    private static long[] longs(String shape) {
        return Arrays.stream(shape.split("x")).mapToLong(Long::parseLong).toArray();
    }

    private static String join(int[] layers) {
        return String.join(
                " ", Arrays.stream(layers).mapToObj(Integer::toString).toList());
    }
}
