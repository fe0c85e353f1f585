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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Whatever number an option is given, a command does its work or refuses it in one line. */
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
        assertHolds(new SummaryCommand(), "summary", model, EXTREMES);
    }

    /** All is checked before the training UI, which is not on the class path, is missed. */
    @Test
    void training() {
        assertHolds(
                new TrainCommand(),
                "train",
                "resnet.ae1d --data=ecg --layers=1,1 --channel=4 --steps=1 --ui",
                List.of("-1", "0", "2147483647", "NaN"));
    }

    private static void assertHolds(Object command, String name, String line, List<String> extremes) {
        Map<String, String> usual = new LinkedHashMap<>();
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        String model = words.remove(0);
        words.forEach(word -> usual.put(word.replaceAll("=.*", ""), word));
        List<String> broken = new ArrayList<>();
        int tried = 0;
        for (OptionSpec option : new CommandLine(command).getCommandSpec().options()) {
            Class<?> type = option.type().isArray() ? option.type().getComponentType() : option.type();
            if (type == Path.class
                    || type == boolean.class
                    || type.isEnum()
                    || option.longestName().equals("--name")) {
                continue;
            }
            for (String extreme : extremes) {
                Map<String, String> given = new LinkedHashMap<>(usual);
                given.put(option.longestName(), option.longestName() + "=" + extreme);
                List<String> args = new ArrayList<>(List.of(name, model));
                args.addAll(given.values());
                tried++;
                problem(args.toArray(String[]::new)).ifPresent(broken::add);
            }
        }
        assertTrue(tried > extremes.size() * 10, tried + " lines tried");
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
