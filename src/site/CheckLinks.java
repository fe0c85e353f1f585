import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds links and pictures of a built site whose file or anchor is not there, without network: {@code java
 * CheckLinks.java target/site}. Links to other hosts are not followed; pages below {@code apidocs} are Javadoc's, linked
 * to but not searched. Exit code 1 if something is missing.
 */
final class CheckLinks {
    private static final Pattern LINK = Pattern.compile("<[^!>][^>]*?\\b(?:href|src)=([\"'])(.*?)\\1");
    private static final Pattern ANCHOR = Pattern.compile("<[^!>][^>]*?\\b(?:id|name)=([\"'])(.*?)\\1");
    private static final Pattern ELSEWHERE = Pattern.compile("(?:[a-zA-Z][a-zA-Z+.-]*:|//).*");

    private final Path site;
    private final Map<Path, Set<String>> anchors = new HashMap<>();
    private int checked;

    private CheckLinks(Path site) {
        this.site = site;
    }

    public static void main(String[] arguments) throws IOException {
        Path site = Path.of(arguments[0]).toAbsolutePath().normalize();
        CheckLinks links = new CheckLinks(site);
        List<Path> pages;
        try (Stream<Path> files = Files.walk(site)) {
            pages = files.filter(file -> file.toString().endsWith(".html"))
                    .filter(file -> !file.startsWith(site.resolve("apidocs")))
                    .sorted()
                    .toList();
        }
        Set<String> missing = new TreeSet<>();
        for (Path page : pages) {
            links.missing(page).forEach(link -> missing.add(site.relativize(page) + ": " + link));
        }
        missing.forEach(System.err::println);
        System.out.println(pages.size() + " pages, " + links.checked + " links, " + missing.size() + " lead nowhere");
        System.exit(missing.isEmpty() && links.checked > 0 ? 0 : 1);
    }

    private List<String> missing(Path page) {
        return values(LINK, page)
                .filter(link -> !link.isEmpty() && !ELSEWHERE.matcher(link).matches())
                .distinct()
                .filter(link -> !leadsSomewhere(page, link))
                .toList();
    }

    private boolean leadsSomewhere(Path page, String link) {
        checked++;
        String[] parts = link.split("#", 2);
        String file = URLDecoder.decode(parts[0].replaceFirst("\\?.*", "").replace("+", "%2B"), StandardCharsets.UTF_8);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (Files.isDirectory(target)) {
            target = target.resolve("index.html");
        }
        if (!target.startsWith(site) || !Files.isRegularFile(target)) {
            return false;
        }
        return parts.length == 1
                || parts[1].isEmpty()
                || !target.toString().endsWith(".html")
                || anchors.computeIfAbsent(target, to -> values(ANCHOR, to).collect(Collectors.toSet()))
                        .contains(URLDecoder.decode(parts[1].replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    private static Stream<String> values(Pattern pattern, Path page) {
        try {
            return pattern.matcher(Files.readString(page)).results().map(CheckLinks::value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String value(MatchResult match) {
        return match.group(2)
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
