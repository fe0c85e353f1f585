package io.mdnc4j.training.predict;

import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.zoo.nnunet.Processing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of one input: one with all channels, or one for each, whose names differ in {@code _0000}, {@code _0001} ... only,
 * as nnU-Net's do.
 *
 * @param name of the file without the channel's number; it need not be there
 * @param channels the files, at least one
 * @param problem why they are no input; {@code null} if they are
 */
record CaseFiles(Path name, List<Path> channels, @Nullable String problem) {
    private static final Pattern CHANNEL = Pattern.compile("(.+)_(\\d{4})");
    private static final String ZIPPED = ".gz";

    /** An input of one file. */
    static CaseFiles of(Path file) {
        return new CaseFiles(file, List.of(file), null);
    }

    /** Whether a file is named as one with a channel of an image for nnU-Net. */
    static boolean isChannel(Path file, Processing processing) {
        return hasEnding(file, processing)
                && CHANNEL.matcher(ArrayFiles.stem(file)).matches();
    }

    private static boolean hasEnding(Path file, Processing processing) {
        String suffix = ArrayFiles.suffix(file).orElse("");
        return unzipped(suffix).equals(unzipped(processing.fileEnding().toLowerCase(Locale.ROOT)));
    }

    private static String unzipped(String suffix) {
        return suffix.endsWith(ZIPPED) ? suffix.substring(0, suffix.length() - ZIPPED.length()) : suffix;
    }

    /** The inputs that files are for a model of nnU-Net, in the order of their first files. */
    static List<CaseFiles> of(List<Path> files, Processing processing) {
        Map<Path, TreeMap<Integer, Path>> numbered = new LinkedHashMap<>();
        for (Path file : files) {
            Matcher name = CHANNEL.matcher(ArrayFiles.stem(file));
            if (name.matches()) {
                Path common = file.resolveSibling(
                        name.group(1) + ArrayFiles.suffix(file).orElse(""));
                numbered.computeIfAbsent(common, key -> new TreeMap<>()).put(Integer.valueOf(name.group(2)), file);
            } else {
                numbered.computeIfAbsent(file, key -> new TreeMap<>()).put(-1, file);
            }
        }
        List<CaseFiles> cases = new ArrayList<>();
        int channels = processing.channels().size();
        numbered.forEach((name, parts) -> {
            String problem = null;
            boolean whole = parts.size() == 1 && parts.containsKey(-1);
            if (!hasEnding(name, processing)) {
                problem = "the model is for images " + processing.fileEnding() + "; convert it";
            } else if (!whole
                    && !List.copyOf(parts.keySet())
                            .equals(IntStream.range(0, channels).boxed().toList())) {
                problem = "there are "
                        + parts.values().stream().map(Path::getFileName).toList()
                        + " of it, and the model takes the channels " + processing.channels() + "; give "
                        + IntStream.range(0, channels)
                                .mapToObj(channel -> String.format(Locale.ROOT, "_%04d", channel))
                                .toList()
                        + ", no more and no less";
            }
            cases.add(new CaseFiles(name, List.copyOf(parts.values()), problem));
        });
        return cases;
    }
}
