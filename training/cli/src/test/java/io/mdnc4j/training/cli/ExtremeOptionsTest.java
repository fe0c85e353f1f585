package io.mdnc4j.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Whatever number an option is given, a command does its work or refuses it in one line. */
@Tag("long")
class ExtremeOptionsTest {
    private static final List<String> EXTREMES = List.of(
            "-1", "0", "2147483647", "9223372036854775807", "9223372036854775808", "NaN", "1e308", "4,2147483647");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resnet.unet2d --layers=1,1 --input=1,8,8 --channel=4",
                "conv.encoder1d --layers=1,1 --input=1,8 --channel=4",
                "conv.decoder1d --layers=1,1 --out-size=8 --channel=4",
                "resnet.BlockPlain2d --input=2,8,8 --in-planes=2 --out-planes=3"
            })
    void summary(String model) {
        assertHolds("summary", model, optionsOf(new SummaryCommand()), EXTREMES);
    }

    /** All is checked before the training UI, which is not on the class path, is missed; the geometry's are the summary's. */
    @Test
    void training() {
        Set<String> geometry = optionsOf(new SummaryCommand());
        Set<String> options = optionsOf(new TrainCommand());
        options.removeIf(
                option -> geometry.contains(option) && !option.equals("--batch") && !option.equals("--threads"));
        assertHolds("train", "resnet.encoder2d --data=digits --steps=1 --ui", options, List.of("-1", "2147483647"));
    }

    /** Options that take a number, or a word in place of which one may be given. */
    private static Set<String> optionsOf(Object command) {
        Set<String> options = new TreeSet<>();
        for (OptionSpec option : new CommandLine(command).getCommandSpec().options()) {
            Class<?> type = option.type().isArray() ? option.type().getComponentType() : option.type();
            if (type != Path.class && type != boolean.class && !type.isEnum()) {
                options.add(option.longestName());
            }
        }
        options.remove("--name");
        assertTrue(options.size() > 10, options.toString());
        return options;
    }

    private static void assertHolds(String command, String line, Set<String> options, List<String> extremes) {
        Map<String, String> usual = new LinkedHashMap<>();
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        String model = words.remove(0);
        words.forEach(word -> usual.put(word.replaceAll("=.*", ""), word));
        List<String> broken = new ArrayList<>();
        for (String option : options) {
            for (String extreme : extremes) {
                Map<String, String> given = new LinkedHashMap<>(usual);
                given.put(option, option + "=" + extreme);
                List<String> args = new ArrayList<>(List.of(command, model));
                args.addAll(given.values());
                problem(args.toArray(String[]::new)).ifPresent(broken::add);
            }
        }
        assertEquals(List.of(), broken);
    }

    private static Optional<String> problem(String... args) {
        PrintStream oldOut = System.out;
        PrintStream oldErr = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        int code;
        try {
            code = Main.run(args);
        } finally {
            System.setOut(oldOut);
            System.setErr(oldErr);
        }
        String said = err.toString(StandardCharsets.UTF_8);
        boolean refused =
                code == 2 && said.startsWith("mdnc4j: ") && said.lines().count() == 1;
        return code == 0 || refused ? Optional.empty() : Optional.of(Arrays.toString(args) + ": " + code + " " + said);
    }
}
