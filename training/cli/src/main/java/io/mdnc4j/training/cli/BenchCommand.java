package io.mdnc4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.Tuning;
import io.mdnc4j.blocks.learning.InPlaceComputationGraph;
import io.mdnc4j.training.options.SpecOptions;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.summary.LayerTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times inference or training steps on random data. */
@Command(name = "bench", description = "Times inference or training steps (SGD, mean squared error) on random data.")
final class BenchCommand implements Callable<Integer> {
    enum Mode {
        INFER(1),
        TRAIN(3);

        /** Forward, gradient of the input, gradient of the weights. */
        private final int passes;

        Mode(int passes) {
            this.passes = passes;
        }
    }

    enum Format {
        TEXT,
        CSV,
        JSON
    }

    /** The first steps compile, allocate workspaces and page in the weights: so many at least, for so long at least. */
    private static final int WARM_UP_STEPS = 3;

    private static final double WARM_UP_MILLIS = 2500;

    private static final int MAX_STEPS = 1_000_000;
    private static final double NANOS_PER_MILLI = 1e6;

    @Mixin
    CommonOptions common;

    @Parameters(paramLabel = "MODEL", description = "such as resnet.ae1d or conv.unet29-2d")
    String model;

    @Mixin
    SpecOptions options;

    @Option(names = "--input", split = ",", paramLabel = "N", description = "channels and sizes of the input")
    long[] input;

    @Option(names = "--batch", defaultValue = "1", paramLabel = "N", description = "samples a step (default: 1)")
    int batch;

    @Option(names = "--mode", defaultValue = "infer", description = "infer or train (default: infer)")
    Mode mode;

    @Option(
            names = "--precision",
            defaultValue = "float",
            paramLabel = "P",
            description = "of products in inference: float, or bf16 on processors with AMX (default: float)")
    String precision;

    @Option(names = "--steps", defaultValue = "7", paramLabel = "N", description = "timed steps (default: 7)")
    int steps;

    @Option(
            names = "--by-layer",
            description = "also a table of the time of each layer and kind of layer, as mean of the timed steps")
    boolean byLayer;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text, json or, of the table of layers, csv (default: text)")
    Format format;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() throws IOException {
        ArgumentException.require(batch >= 1, "batch", batch, "use at least 1");
        ArgumentException.require(steps >= 1 && steps <= MAX_STEPS, "steps", steps, "use 1 to " + MAX_STEPS);
        ArgumentException.require(
                byLayer || format != Format.CSV, "format", format, "use text or json, or add --by-layer");
        InferencePrecision products = Coded.parse(InferencePrecision.class, "precision", precision);
        ArgumentException.require(
                mode == Mode.INFER || products == InferencePrecision.FLOAT,
                "precision",
                precision,
                "leave it out: training is in float");
        ModelName name = ModelName.parse(model);
        NetworkSpec spec = options.network(name);
        long[] size = SummaryCommand.size(spec, input);
        common.apply();
        LayerTable table = LayerTable.of(name.name(), spec, size);
        ComputationGraph network = NetworkModel.builder(spec, size)
                .updater(new Sgd(1e-6))
                .task(Task.REGRESSION)
                .build()
                .init();
        if (products != InferencePrecision.FLOAT) {
            ((InPlaceComputationGraph) network).setInferencePrecision(products);
        }
        INDArray features = Nd4j.randn(DataType.FLOAT, withBatch(table.inputShape()));
        DataSet data = new DataSet(
                features,
                Nd4j.zeros(
                        DataType.FLOAT,
                        withBatch(table.rows().get(table.rows().size() - 1).shape())));
        LayerTimes times = byLayer ? new LayerTimes(network, batch, LayerTimes.input(table.inputShape())) : null;
        step(network, data);
        long firstMillis = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        tune(network, withBatch(table.inputShape()));
        double warm = 0;
        for (int i = 1; i < WARM_UP_STEPS || warm < WARM_UP_MILLIS; i++) {
            warm += step(network, data);
        }
        if (byLayer) {
            times.reset();
        }
        double[] millis = new double[steps];
        for (int i = 0; i < steps; i++) {
            millis[i] = step(network, data);
        }
        Map<String, List<String>> kernels =
                network instanceof InPlaceComputationGraph own ? own.layerKernels() : Map.of();
        print(table, millis, firstMillis, byLayer ? times.rows(steps) : List.of(), kernels);
        return 0;
    }

    /** Tries the ways of convolutions at once, where they are to be tried at all, and not while steps are timed. */
    private void tune(ComputationGraph network, long... shape) {
        boolean ofFloat = Coded.parse(InferencePrecision.class, "precision", precision) == InferencePrecision.FLOAT;
        if (ofFloat && Tuning.current() == Tuning.ON && network instanceof InPlaceComputationGraph own) {
            own.setKernelChoices(own.tuneKernels(shape));
        }
    }

    /** Milliseconds of one step. */
    private double step(ComputationGraph network, DataSet data) {
        long start = System.nanoTime();
        if (mode == Mode.TRAIN) {
            network.fit(data);
        } else {
            network.outputSingle(data.getFeatures()).close();
        }
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    private long[] withBatch(long[] shape) {
        long[] full = new long[shape.length + 1];
        full[0] = batch;
        System.arraycopy(shape, 0, full, 1, shape.length);
        return full;
    }

    private void print(
            LayerTable table,
            double[] millis,
            long firstMillis,
            List<LayerTimes.Row> layers,
            Map<String, List<String>> kernels)
            throws IOException {
        double mean = Arrays.stream(millis).average().orElseThrow();
        Arrays.sort(millis);
        double median = (millis[(steps - 1) / 2] + millis[steps / 2]) / 2;
        double flops = 2.0 * table.multiplyAccumulates() * batch * mode.passes;
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode result = mapper.createObjectNode();
        result.put("model", table.model());
        result.put("mode", mode.name().toLowerCase(Locale.ROOT));
        result.put("precision", precision.toLowerCase(Locale.ROOT));
        result.put("batch", batch);
        result.put("steps", steps);
        result.put("tuning", Tuning.current().code());
        result.put("median_ms", rounded(median));
        result.put("min_ms", rounded(millis[0]));
        result.put("max_ms", rounded(millis[steps - 1]));
        result.put("first_ms", firstMillis); // from the start of the JVM to the end of the first step
        result.put("gflops", rounded(flops / (median * NANOS_PER_MILLI)));
        Long peak = peakMebibytes();
        result.put("peak_rss_mb", peak);
        PrintWriter out = command.commandLine().getOut();
        List<LayerTimes.Row> kinds = byLayer ? LayerTimes.byKind(layers, mean) : List.of();
        switch (format) {
            case JSON -> {
                if (byLayer) {
                    layers.forEach(row -> {
                        ObjectNode fields = fields(mapper, row, mean);
                        fields.set("kernels", mapper.valueToTree(kernels.getOrDefault(row.layer(), List.of())));
                        result.withArrayProperty("layers").add(fields);
                    });
                    kinds.forEach(row -> result.withArrayProperty("kinds").add(fields(mapper, row, mean)));
                }
                out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(result));
            }
            case CSV -> {
                CSVPrinter printer = CSVFormat.DEFAULT
                        .builder()
                        .setRecordSeparator('\n')
                        .setHeader("layer", "kind", "forward_ms", "backward_ms", "percent", "gflops", "kernels")
                        .build()
                        .print(out);
                for (LayerTimes.Row row : layers) {
                    ObjectNode fields = fields(mapper, row, mean);
                    fields.put("kernels", words(kernels, row));
                    printer.printRecord(fields.valueStream().map(JsonNode::asText));
                }
            }
            case TEXT -> {
                result.properties()
                        .forEach(entry -> out.printf(
                                "%-12s %s%n", entry.getKey(), entry.getValue().asText()));
                if (byLayer) {
                    table(out, "layer", layers, mean, kernels);
                    table(out, "kind", kinds, mean, Map.of());
                }
            }
        }
        out.flush();
    }

    private static ObjectNode fields(ObjectMapper mapper, LayerTimes.Row row, double stepMillis) {
        ObjectNode fields = mapper.createObjectNode();
        fields.put("layer", row.layer());
        fields.put("kind", row.kind());
        fields.put("forward_ms", thousandths(row.forwardMillis()));
        fields.put("backward_ms", thousandths(row.backwardMillis()));
        fields.put("percent", rounded(100 * row.millis() / stepMillis));
        fields.put("gflops", rounded(row.gflops()));
        return fields;
    }

    /** The ways and native kernels of the output and, in training, of the gradients of input and weights. */
    private static String words(Map<String, List<String>> kernels, LayerTimes.Row row) {
        return String.join(", ", kernels.getOrDefault(row.layer(), List.of()));
    }

    /** The ways alone, and one of them where all passes have the same. */
    private static String ways(List<String> kernels) {
        List<String> ways = kernels.stream()
                .map(kernel -> kernel.substring(0, Math.max(0, kernel.indexOf(' '))))
                .toList();
        return String.join(", ", new HashSet<>(ways).size() == 1 ? ways.subList(0, 1) : ways);
    }

    private static void table(
            PrintWriter out,
            String title,
            List<LayerTimes.Row> rows,
            double stepMillis,
            Map<String, List<String>> kernels) {
        int width = rows.stream()
                .mapToInt(row -> row.layer().length() + row.kind().length() + 1)
                .max()
                .orElse(0);
        String format = "%-" + Math.max(width, title.length()) + "s %11s %12s %6s %8s";
        out.printf(Locale.ROOT, "%n" + format, title, "forward_ms", "backward_ms", "%", "GFLOP/s");
        out.println(kernels.isEmpty() ? "" : "  ways");
        for (LayerTimes.Row row : rows) {
            out.printf(
                    Locale.ROOT,
                    format,
                    (row.layer() + " " + row.kind()).strip(),
                    String.format(Locale.ROOT, "%.3f", row.forwardMillis()),
                    String.format(Locale.ROOT, "%.3f", row.backwardMillis()),
                    String.format(Locale.ROOT, "%.1f", 100 * row.millis() / stepMillis),
                    row.multiplyAccumulates() == 0 ? "" : String.format(Locale.ROOT, "%.1f", row.gflops()));
            String words = ways(kernels.getOrDefault(row.layer(), List.of()));
            out.println(words.isEmpty() ? "" : "  " + words);
        }
    }

    private static double thousandths(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** The process's peak resident memory, {@code null} where the system does not tell. */
    private static Long peakMebibytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return null;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(null);
    }
}
