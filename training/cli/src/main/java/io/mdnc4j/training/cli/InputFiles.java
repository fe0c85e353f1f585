package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.ArrayFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The files that the command line means: files as they are, those of folders, and those that match patterns such as
 * {@code scans/*.nii.gz}, which a shell may have left as they are.
 */
final class InputFiles {
    private static final String FILES = "files";
    private static final String WILDCARDS = "*?[{";

    private InputFiles() {}

    /**
     * The files, each once, those of folders and patterns in the order of their names.
     *
     * @param words files, folders and patterns
     * @param wanted which files of folders are taken, of those of known formats
     * @param note gets a line on files of a folder that are left out
     * @throws ArgumentException if a folder or pattern has no file of a known format
     */
    static List<Path> of(List<String> words, Predicate<Path> wanted, Consumer<String> note) {
        Set<Path> files = new LinkedHashSet<>();
        for (String word : words) {
            if (isPattern(word)) {
                files.addAll(matching(word));
            } else {
                Path path = Path.of(word);
                files.addAll(Files.isDirectory(path) ? inFolder(path, wanted, note) : List.of(path));
            }
        }
        return List.copyOf(files);
    }

    private static boolean isPattern(String word) {
        boolean wild = word.chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
        try {
            // a file may be called so
            return wild && !Files.exists(Path.of(word));
        } catch (InvalidPathException e) {
            return wild;
        }
    }

    private static List<Path> inFolder(Path folder, Predicate<Path> wanted, Consumer<String> note) {
        List<Path> all = visible(folder);
        List<Path> known =
                all.stream().filter(file -> ArrayFiles.suffix(file).isPresent()).toList();
        ArgumentException.require(
                !known.isEmpty(),
                FILES,
                folder + " has no file of a known format",
                "give files that end in one of " + ArrayFiles.suffixes());
        if (known.size() < all.size()) {
            note.accept(folder + ": " + (all.size() - known.size()) + " of " + all.size()
                    + " files are of no known format and left out");
        }
        List<Path> chosen = known.stream().filter(wanted).toList();
        ArgumentException.require(
                !chosen.isEmpty(),
                FILES,
                folder + " has no file that is named as a channel of an image for the model",
                "let names end as in head_0000.nii.gz, or name the files");
        if (chosen.size() < known.size()) {
            note.accept(
                    folder + ": " + (known.size() - chosen.size()) + " of " + all.size()
                            + " files are not named as channels of images for the model, such as head_0000.nii.gz, and left out");
        }
        return chosen;
    }

    private static List<Path> matching(String pattern) {
        int end = 0;
        for (int i = 0; i < pattern.length() && WILDCARDS.indexOf(pattern.charAt(i)) < 0; i++) {
            end = pattern.charAt(i) == '/' || pattern.charAt(i) == '\\' ? i + 1 : end;
        }
        Path folder = Path.of(pattern.substring(0, end));
        PathMatcher matcher = matcher(pattern, pattern.substring(end));
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder.resolve(""))) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(file -> Files.isRegularFile(file) && matcher.matches(folder.relativize(file)))
                        .sorted()
                        .forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
            }
        }
        ArgumentException.require(!found.isEmpty(), FILES, pattern + " matches no file", "check the path");
        return found;
    }

    private static PathMatcher matcher(String pattern, String glob) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException e) {
            throw new ArgumentException(FILES, pattern + " is no pattern", "use * ? [ab] {a,b} as a shell does", e);
        }
    }

    private static List<Path> visible(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> Files.isRegularFile(file)
                            && !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }
}
