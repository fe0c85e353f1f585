package io.mdnc4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.Preset;
import io.mdnc4j.zoo.summary.LayerTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the models and presets. */
@Command(name = "list", description = "List the models and presets.")
final class ListCommand implements Callable<Integer> {
    /** Size an axis to count parameters with; only a vector decoder's depend on it. */
    private static final long[][] SIZES = {{67}, {67, 66}, {35, 34, 33}};

    enum Format {
        TEXT,
        CSV,
        JSON
    }

    /** A line of the list; empty cells are {@code null}. */
    private record Line(
            String name, String family, int dimensions, String layers, String block, Long params, Integer nlayers) {
        static final String[] COLUMNS = {"name", "family", "dimensions", "layers", "block", "params", "nlayers"};

        Object[] cells() {
            return new Object[] {name, family, dimensions, layers, block, params, nlayers};
        }
    }

    @Mixin
    CommonOptions common;

    @Parameters(arity = "0..1", paramLabel = "GLOB", description = "pattern of names, such as 'resnet.*-2d'")
    String glob;

    @Option(names = "--format", defaultValue = "text", description = "text, csv or json (default: text)")
    Format format;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() throws IOException {
        PathMatcher matcher = matcher(glob == null ? "*" : glob);
        List<Line> lines = ModelName.all().stream()
                .filter(name -> matcher.matches(Path.of(name.name().toLowerCase(Locale.ROOT))))
                .map(ListCommand::line)
                .toList();
        ArgumentException.require(
                !lines.isEmpty(), "glob", "nothing matches \"" + glob + "\"", "quote it and use * and ?");
        PrintWriter out = command.commandLine().getOut();
        switch (format) {
            case CSV -> {
                CSVPrinter printer = CSVFormat.DEFAULT
                        .builder()
                        .setRecordSeparator('\n')
                        .setHeader(Line.COLUMNS)
                        .build()
                        .print(out);
                for (Line line : lines) {
                    printer.printRecord(line.cells());
                }
            }
            case JSON -> {
                ObjectMapper mapper = new ObjectMapper();
                ArrayNode array = mapper.createArrayNode();
                for (Line line : lines) {
                    ObjectNode object = array.addObject();
                    Object[] cells = line.cells();
                    for (int i = 0; i < cells.length; i++) {
                        object.set(Line.COLUMNS[i], mapper.valueToTree(cells[i]));
                    }
                }
                out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(array));
            }
            default -> {
                String pattern = "%-20s  %-10s  %-12s  %13s  %7s%n";
                out.printf(pattern, "name", "layers", "block", "parameters", "depth");
                lines.forEach(line -> out.printf(
                        Locale.ROOT,
                        pattern,
                        line.name,
                        text(line.layers),
                        text(line.block),
                        line.params == null ? "" : String.format(Locale.ROOT, "%,d", line.params),
                        text(line.nlayers)));
            }
        }
        out.flush();
        return 0;
    }

    private static PathMatcher matcher(String glob) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + glob.toLowerCase(Locale.ROOT));
        } catch (PatternSyntaxException e) {
            throw new ArgumentException("glob", "\"" + glob + "\" is no pattern", "quote it and use * and ?", e);
        }
    }

    private static String text(Object cell) {
        return cell == null ? "" : cell.toString();
    }

    private static Line line(ModelName name) {
        Preset preset = name.preset();
        String block = block(name);
        if (preset == null) {
            return new Line(name.name(), name.family().code(), name.dims().count(), null, block, null, null);
        }
        boolean decoder = name.network() == Network.DECODER;
        long[] size = SIZES[name.dims().ordinal()];
        NetworkSpec.Builder builder = name.spec();
        NetworkSpec spec = decoder ? builder.outSize(size).build() : builder.build();
        size = decoder ? size : spec.sizeFrom(size[0]);
        LayerTable table = LayerTable.of(name.name(), spec, size);
        String layers = String.join(
                " ", Arrays.stream(preset.layers()).mapToObj(Integer::toString).toList());
        return new Line(
                name.name(),
                name.family().code(),
                name.dims().count(),
                layers,
                block,
                table.parameters(),
                table.depth());
    }

    private static String block(ModelName name) {
        BlockKind block = name.preset() == null
                ? name.family().blocks().stream().findFirst().orElse(null)
                : name.preset().block();
        if (block != null) {
            return block.code();
        }
        return name.network() == Network.PLAIN
                ? BlockKind.CONV.code()
                : name.network().code();
    }
}
