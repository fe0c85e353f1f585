package io.mdnc4j.benchmarks;

import io.mdnc4j.benchmarks.Contender.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the engines in turn, each in a process of its own, and prints a line for each case and mode. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Times the networks beside the same networks in libtorch.")
public final class Benchmark implements Callable<Integer> {
    @Option(names = "--traces", hidden = true, required = true)
    private Path traces;

    @Option(names = "--cases", split = ",", description = "Cases to run, of cases.json. Default: all.")
    private List<String> cases = Case.all().stream().map(Case::name).toList();

    @Option(names = "--modes", split = ",", description = "Of infer and train. Default: both.")
    private List<Mode> modes = List.of(Mode.values());

    @Option(names = "--rounds", description = "Rounds in which the engines take turns. Default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(
            names = "--seconds",
            description = "Time for each engine in a round; at least 1 run. Default: ${DEFAULT-VALUE}.")
    private double seconds = 1.2;

    @Option(
            names = "--libtorch-spin",
            paramLabel = "N",
            description = "GOMP_SPINCOUNT for libtorch; mdnc4j always has 1000. Default: unset, as libtorch comes.")
    private String libtorchSpin;

    @Option(
            names = "--isa",
            split = ",",
            description =
                    "Of all, whatever the processor has, and avx2, which holds all engines to AVX2; with both, one"
                            + " table after the other. Default: all.")
    private List<InstructionSet> isas = List.of(InstructionSet.ALL);

    @Option(names = "--stock", description = "Adds stock DL4J layers, for the cases that they can express.")
    private boolean stock;

    @Option(names = "--format", description = "table or csv. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.TABLE;

    private enum Mode {
        INFER,
        TRAIN
    }

    private enum Format {
        TABLE,
        CSV
    }

    private record Result(double milliseconds, double ratio, double peak) {}

    private Benchmark() {}

    public static void main(String... arguments) {
        System.exit(new CommandLine(new Benchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof IllegalArgumentException) {
                        System.err.println("benchmarks: " + failure.getMessage());
                        return command.getCommandSpec().exitCodeOnInvalidInput();
                    }
                    throw failure;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        List<Case> chosen = cases.stream().map(Case::named).toList();
        InstructionSet.missing(isas).ifPresent(line -> System.err.println("benchmarks: " + line));
        for (InstructionSet isa : isas) {
            if (isas.size() > 1) {
                System.out.println(
                        (format == Format.CSV ? "# " : "") + isa.name().toLowerCase(Locale.ROOT));
            }
            header();
            for (Case which : chosen) {
                for (Mode mode : modes) {
                    row(which, mode, measure(which, mode.name().toLowerCase(Locale.ROOT), isa));
                }
            }
        }
        return 0;
    }

    private Map<Engine, Result> measure(Case which, String mode, InstructionSet isa) throws IOException {
        Map<Engine, Child> children = new EnumMap<>(Engine.class);
        Map<Engine, List<double[]>> times = new EnumMap<>(Engine.class);
        Map<Engine, Result> results = new EnumMap<>(Engine.class);
        try {
            for (Engine engine : Engine.values()) {
                if (engine != Engine.STOCK || stock && StockContender.supports(which)) {
                    children.put(engine, new Child(engine, which, mode, traces, libtorchSpin, isa));
                    times.put(engine, new ArrayList<>());
                }
            }
            for (int round = 0; round < rounds; round++) {
                for (Map.Entry<Engine, Child> child : children.entrySet()) {
                    times.get(child.getKey()).add(child.getValue().measure(seconds));
                }
            }
            for (Map.Entry<Engine, Child> child : children.entrySet()) {
                List<double[]> own = times.get(child.getKey());
                List<double[]> ours = times.get(Engine.MDNC4J);
                double[] ratios = new double[rounds];
                for (int i = 0; i < rounds; i++) {
                    ratios[i] = median(ours.get(i)) / median(own.get(i));
                }
                double[] all = own.stream().flatMapToDouble(DoubleStream::of).toArray();
                results.put(
                        child.getKey(),
                        new Result(median(all), median(ratios), child.getValue().finish()));
            }
        } finally {
            children.values().forEach(Child::close);
        }
        return results;
    }

    private static double median(double... values) {
        double[] sorted = DoubleStream.of(values).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private void header() {
        if (format == Format.CSV) {
            System.out.println("case,mode,mdnc4j_ms,libtorch_ms,ratio,mdnc4j_peak_mb,libtorch_peak_mb"
                    + (stock ? ",stock_ms,stock_ratio,stock_peak_mb" : ""));
        } else {
            System.out.printf(
                    "%-10s %-6s %10s %11s %6s %10s %11s", "", "", "mdnc4j", "libtorch", "", "mdnc4j", "libtorch");
            System.out.println(stock ? String.format(" %10s %6s %9s", "stock", "", "stock") : "");
            System.out.printf("%-10s %-6s %10s %11s %6s %10s %11s", "case", "mode", "ms", "ms", "ratio", "MB", "MB");
            System.out.println(stock ? String.format(" %10s %6s %9s", "ms", "ratio", "MB") : "");
        }
    }

    private void row(Case which, Mode mode, Map<Engine, Result> results) {
        Result ours = results.get(Engine.MDNC4J);
        Result theirs = results.get(Engine.LIBTORCH);
        Result stocks = results.get(Engine.STOCK);
        boolean csv = format == Format.CSV;
        String line = String.format(
                Locale.ROOT,
                csv ? "%s,%s,%.2f,%.2f,%.3f,%.0f,%.0f" : "%-10s %-6s %10.1f %11.1f %6.2f %10.0f %11.0f",
                which.name(),
                mode.name().toLowerCase(Locale.ROOT),
                ours.milliseconds,
                theirs.milliseconds,
                theirs.ratio,
                ours.peak,
                theirs.peak);
        if (stocks != null) {
            line += String.format(
                    Locale.ROOT,
                    csv ? ",%.2f,%.3f,%.0f" : " %10.1f %6.2f %9.0f",
                    stocks.milliseconds,
                    stocks.ratio,
                    stocks.peak);
        } else if (stock && csv) {
            line += ",,,";
        }
        System.out.println(line);
    }
}
