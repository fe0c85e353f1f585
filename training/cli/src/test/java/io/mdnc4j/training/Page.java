package io.mdnc4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mdnc4j.training.cli.Main;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.ResEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation: its blocks of code, its commands and its links. */
record Page(Path file) {
    static final Path ROOT =
            Path.of(System.getProperty("reference.dir")).getParent().getParent();

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    /** The pages of the site. */
    static Stream<Page> ofSite() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("src/site/markdown"))) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().map(Page::new).toList().stream();
        }
    }

    /** The blocks in that language. */
    List<String> fenced(String language) throws IOException {
        Matcher fences = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(Files.readString(file));
        List<String> blocks = new ArrayList<>();
        while (fences.find()) {
            blocks.add(fences.group(1));
        }
        return blocks;
    }

    /** The blocks of Java that do not stand in the source of a test, but for white space. */
    List<String> javaNotIn(Class<?> test) throws IOException {
        Path source = Path.of("src/test/java", test.getName().replace('.', '/') + ".java");
        String there = squeezed(Files.readString(source));
        return fenced("java").stream()
                .filter(block -> !there.contains(squeezed(block)))
                .toList();
    }

    /** The blocks of commands, {@code sh}; those of one may follow upon another. Blocks of no language are not run. */
    List<List<String>> commands() throws IOException {
        return fenced("sh").stream()
                .map(block -> block.lines()
                        .filter(line -> line.startsWith("./mdnc4j "))
                        .map(line -> line.substring("./mdnc4j ".length()))
                        .toList())
                .filter(block -> !block.isEmpty())
                .toList();
    }

    /** The links to files of the repository that are not there. */
    List<String> linksToNothing() throws IOException {
        return LINK.matcher(Files.readString(file))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.contains("://") && !link.startsWith("#"))
                .filter(link -> !Files.exists(file.resolveSibling(link.replaceFirst("#.*", ""))))
                .toList();
    }

    /** Runs a command in short: few steps, and in {@code folder} what would go to {@code runs}. */
    static void run(String command, Path folder) throws IOException {
        List<String> arguments = new ArrayList<>();
        Matcher words = Pattern.compile("'([^']*)'|(\\S+)").matcher(command);
        while (words.find()) {
            String word = words.group(1) == null ? words.group(2) : words.group(1);
            boolean output =
                    !arguments.isEmpty() && arguments.get(arguments.size() - 1).equals("--output");
            arguments.add(
                    word.startsWith("src/") || word.startsWith("training/")
                            ? ROOT.resolve(word).toString()
                            : output && !word.startsWith("runs") || word.matches("model\\..*|\\w+\\.zip")
                                    ? folder.resolve(word).toString()
                                    : word.replaceFirst("^runs\\b", folder.toString()));
        }
        if (arguments.get(0).equals("export") && !Pretrained.names().contains(arguments.get(1))) {
            ModelFiles.write(ResEncoder.builder().channel(2).build().init(), Path.of(arguments.get(1)));
        }
        if (arguments.get(0).equals("train")) {
            int steps = arguments.indexOf("--steps");
            if (steps >= 0) {
                arguments.subList(steps, steps + 2).clear();
            }
            arguments.addAll(List.of("--steps", arguments.contains("--find-lr") ? "20" : "2"));
            arguments.addAll(arguments.contains("--output") ? List.of() : List.of("--output", folder.toString()));
        }
        if (arguments.get(0).equals("search")) {
            arguments.replaceAll(argument -> argument.equals("30") ? "2" : argument);
            arguments.addAll(List.of("--candidate-steps", "1", "--output", folder.toString()));
        }
        PrintStream out = System.out;
        PrintStream err = System.err;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            assertEquals(0, Main.run(arguments.toArray(String[]::new)), command);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Override
    public String toString() {
        return ROOT.relativize(file).toString();
    }
}
