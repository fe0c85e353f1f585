package io.mdnc4j.training.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Defaults of options from a JSON object: the file of {@code --config}, or the one in the folder of {@code --resume}. Keys are
 * the options' names without the leading dashes, in {@code -} or {@code _}; positional parameters have theirs too.
 */
final class ConfigFile implements IDefaultValueProvider {
    static final String OPTION = "--config";
    static final String RESUME = "--resume";

    /** What a run's own file says besides the options. */
    static final String VERSIONS = "versions";

    /** SHA-256 of the data, there too. */
    static final String DATA = "data_sha256";

    /** SHA-256 of what must not change when a search goes on, there too. */
    static final String SEARCH = "search_sha256";

    /** The ways in which convolutions are computed, there too, where they are not the rules'. */
    static final String KERNELS = "convolution_ways";

    private static final String CONFIG = "config";
    private static final String CHECK = "check the path";
    private static final Set<String> NO_OPTIONS = Set.of(VERSIONS, DATA, SEARCH, KERNELS);

    static final ObjectMapper MAPPER = new ObjectMapper();

    private final String file;
    private final Map<String, String> values;

    private ConfigFile(String file, Map<String, String> values) {
        this.file = file;
        this.values = values;
    }

    /**
     * The file that the command line names; nothing without one. Read before the command line itself, for picocli asks for
     * defaults first.
     *
     * @throws ArgumentException if it cannot be read, or is no JSON object
     */
    static ConfigFile of(String... args) {
        String config = value(OPTION, args);
        String resume = value(RESUME, args);
        try {
            if (config != null) {
                return read(Path.of(config));
            }
            if (resume != null) {
                return read(RunFolder.config(Path.of(resume)));
            }
        } catch (InvalidPathException e) {
            throw new ArgumentException(CONFIG, e.getMessage(), CHECK, e);
        }
        return new ConfigFile("", Map.of());
    }

    /** The fingerprint of the data of the run whose file of options that is, or whose folder. */
    static Optional<String> fingerprint(Path config, Path resume) {
        return Optional.ofNullable(ofRun(config, resume).path(DATA).asText(null));
    }

    /**
     * The ways of convolutions of that run, which for the rules are none; empty where the file is no run's.
     *
     * @throws ArgumentException if they are none
     */
    static Optional<Map<String, String>> kernels(Path config, Path resume) {
        JsonNode root = ofRun(config, resume);
        JsonNode kernels = root.path(KERNELS);
        if (kernels.isMissingNode()) {
            return root.has(DATA) ? Optional.of(Map.of()) : Optional.empty();
        }
        Map<String, String> choices = new TreeMap<>();
        boolean texts = kernels.isObject()
                && kernels.properties().stream()
                        .allMatch(entry -> entry.getValue().isTextual());
        ArgumentException.require(texts, CONFIG, KERNELS + " is no object of names", "restore or remove that entry");
        kernels.properties()
                .forEach(entry -> choices.put(entry.getKey(), entry.getValue().asText()));
        return Optional.of(choices);
    }

    /** What is in the file of options, or in that of the folder; nothing without either. */
    private static JsonNode ofRun(Path config, Path resume) {
        Path file = config != null || resume == null ? config : resume.resolve(RunFolder.CONFIG);
        try {
            return file == null || !Files.exists(file) ? MAPPER.createObjectNode() : MAPPER.readTree(file.toFile());
        } catch (IOException e) {
            throw new ArgumentException(CONFIG, file + " cannot be read", CHECK, e);
        }
    }

    private static String value(String option, String... args) {
        String value = null;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals(option) && i + 1 < args.length) {
                value = args[i + 1];
            } else if (args[i].startsWith(option + "=")) {
                value = args[i].substring(option.length() + 1);
            }
        }
        return value;
    }

    private static ConfigFile read(Path file) {
        try {
            JsonNode root = MAPPER.readTree(file.toFile());
            if (root == null || !root.isObject()) {
                throw new ArgumentException(CONFIG, file + " is no JSON object", "write {\"option\": value, ...}");
            }
            Map<String, String> values = new TreeMap<>();
            root.properties().stream()
                    .filter(entry -> !NO_OPTIONS.contains(entry.getKey()))
                    .forEach(entry -> values.put(key(entry.getKey()), text(entry.getValue())));
            return new ConfigFile(file.toString(), values);
        } catch (JsonProcessingException e) {
            throw new ArgumentException(
                    CONFIG,
                    file + " is not valid JSON: " + e.getOriginalMessage() + ", line "
                            + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()),
                    "correct it",
                    e);
        } catch (IOException e) {
            throw new ArgumentException(CONFIG, file + " cannot be read", CHECK, e);
        }
    }

    /** A value as on the command line; {@code 1e3} is the whole number that it says. */
    static String text(JsonNode value) {
        if (value.isArray()) {
            return joined(value, ",", one -> one.isArray() ? joined(one, "x", ConfigFile::text) : text(one));
        }
        if (value.isFloatingPointNumber() && value.canConvertToExactIntegral() && value.canConvertToLong()) {
            return String.valueOf(value.longValue());
        }
        return value.isObject() ? value.toString() : value.asText();
    }

    private static String joined(JsonNode values, String separator, Function<JsonNode, String> text) {
        return StreamSupport.stream(values.spliterator(), false).map(text).collect(Collectors.joining(separator));
    }

    private static String key(String name) {
        return name.replaceFirst("^-+", "").replace('_', '-').toLowerCase(Locale.ROOT);
    }

    @Override
    public String defaultValue(ArgSpec arg) {
        return keys(arg).stream()
                .map(values::get)
                .filter(value -> value != null)
                .findFirst()
                .orElse(null);
    }

    /** The key of an argument in a run's own file. */
    static String jsonKey(ArgSpec arg) {
        return keys(arg).get(0).replace('-', '_');
    }

    /** The keys of an option or a positional parameter. */
    static List<String> keys(ArgSpec arg) {
        if (arg instanceof OptionSpec option) {
            return Arrays.stream(option.names()).map(ConfigFile::key).toList();
        }
        return List.of(key(arg.paramLabel()));
    }

    /**
     * Refuses keys that the chosen command does not have.
     *
     * @throws ParameterException if there is one, with those that exist
     */
    void requireKnown(ParseResult parsed) {
        ParseResult command = parsed;
        while (command.hasSubcommand()) {
            command = command.subcommand();
        }
        Set<String> known = new HashSet<>();
        command.commandSpec().args().forEach(arg -> known.addAll(keys(arg)));
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new ParameterException(
                        command.commandSpec().commandLine(),
                        "config: " + file + ": \"" + key + "\" is no option of "
                                + command.commandSpec().name() + "; it has "
                                + known.stream()
                                        .filter(name -> name.length() > 1)
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
            }
        }
    }
}
