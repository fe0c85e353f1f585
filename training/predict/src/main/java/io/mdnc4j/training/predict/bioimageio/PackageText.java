package io.mdnc4j.training.predict.bioimageio;

import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a package says in words: who made the model, what it does, what may be done with it.
 *
 * @param name 5 to 128 letters, digits, {@code _+- ()}
 * @param description what it does, at most 1024 characters
 * @param licence identifier of SPDX, such as {@code MIT}
 * @param authors of the model, at least one
 * @param cite what to cite
 * @param tags to find it by
 * @param documentation Markdown; {@code null} for a text of its own
 */
public record PackageText(
        String name,
        String description,
        String licence,
        List<Author> authors,
        List<Citation> cite,
        List<String> tags,
        @Nullable String documentation) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+\\- ()]{5,128}");
    private static final int MOST_OF_DESCRIPTION = 1024;

    /** Identifiers of the SPDX list, as the specification has them. */
    private static final List<String> LICENCES = licences();

    /**
     * Copies the lists, and checks everything.
     *
     * @param name 5 to 128 letters, digits, {@code _+- ()}
     * @param description what it does, at most 1024 characters
     * @param licence identifier of SPDX, such as {@code MIT}
     * @param authors of the model, at least one
     * @param cite what to cite
     * @param tags to find it by
     * @param documentation Markdown; {@code null} for a text of its own
     * @throws ArgumentException if the specification does not allow it
     */
    public PackageText {
        ArgumentException.require(
                name != null && NAME.matcher(name).matches(),
                "name",
                given(name),
                "give 5 to 128 letters, digits, spaces and _+-()");
        ArgumentException.require(
                description != null && !description.isBlank() && description.length() <= MOST_OF_DESCRIPTION,
                "description",
                description == null ? "not given" : description.length() + " characters",
                "say what the model does in 1 to " + MOST_OF_DESCRIPTION);
        ArgumentException.require(
                licence != null && LICENCES.contains(licence),
                "license",
                given(licence),
                "give an identifier of https://spdx.org/licenses that is up to date, such as MIT, Apache-2.0 or CC-BY-4.0");
        ArgumentException.require(
                authors != null && !authors.isEmpty(),
                "author",
                "not given",
                "give one at least, such as 'Ada Lovelace; affiliation=University of London'");
        authors = List.copyOf(authors);
        cite = List.copyOf(cite);
        tags = List.copyOf(tags);
        ArgumentException.require(
                tags.stream().noneMatch(String::isBlank), "tags", tags, "give words, separated by commas");
    }

    private static String given(@Nullable String value) {
        return value == null ? "not given" : "\"" + value + "\"";
    }

    private static List<String> licences() {
        try (InputStream in = PackageText.class.getResourceAsStream("licences.txt")) {
            if (in == null) {
                throw new IllegalStateException("resource licences.txt is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Somebody who made a model.
     *
     * @param name without slashes
     * @param further {@code affiliation}, {@code email}, {@code github_user}, {@code orcid}
     */
    public record Author(String name, Map<String, String> further) {
        private static final List<String> KEYS = List.of("affiliation", "email", "github_user", "orcid");
        private static final Pattern ORCID = Pattern.compile("(\\d{4}-){3}\\d{3}[\\dX]");

        /**
         * Copies the map.
         *
         * @param name without slashes
         * @param further {@code affiliation}, {@code email}, {@code github_user}, {@code orcid}
         * @throws ArgumentException if the specification does not allow it
         */
        public Author {
            Map<String, String> all = Map.copyOf(further);
            ArgumentException.require(
                    !name.isBlank() && !name.contains("/") && !name.contains("\\"),
                    "author",
                    "\"" + name + "\"",
                    "give a name without slashes");
            ArgumentException.require(
                    KEYS.containsAll(all.keySet()), "author", all.keySet(), "give " + String.join(", ", KEYS));
            String orcid = all.get("orcid");
            ArgumentException.require(
                    orcid == null || isOrcid(orcid),
                    "author",
                    "orcid " + orcid,
                    "give four groups of digits with the right check digit, such as 0000-0002-1825-0097");
            String email = all.get("email");
            ArgumentException.require(
                    email == null || email.matches("[^@\\s]+@[^@\\s]+\\.[^@\\s]+"),
                    "author",
                    "email " + email,
                    "give an address such as ada@example.org");
            further = all;
        }

        /** ISO 7064, MOD 11-2. */
        private static boolean isOrcid(String orcid) {
            if (!ORCID.matcher(orcid).matches()) {
                return false;
            }
            String digits = orcid.replace("-", "");
            int total = 0;
            for (char digit : digits.substring(0, digits.length() - 1).toCharArray()) {
                total = (total + digit - '0') * 2 % 11;
            }
            int check = (12 - total) % 11;
            return digits.endsWith(check == 10 ? "X" : String.valueOf(check));
        }

        /**
         * Reads a line such as {@code Ada Lovelace; affiliation=University of London; orcid=0000-0002-1825-0097}.
         *
         * @param line the text
         * @return the author
         * @throws ArgumentException if it is of another form
         */
        public static Author parse(String line) {
            List<String> parts = parts(line);
            return new Author(parts.get(0), pairs("author", parts));
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", name);
            KEYS.stream().filter(further::containsKey).forEach(key -> map.put(key, further.get(key)));
            return map;
        }
    }

    /**
     * Something to cite.
     *
     * @param text in words
     * @param doi such as {@code 10.1038/s41592-020-01008-z}; {@code null} where there is an address
     * @param url the address; {@code null} where there is a DOI
     */
    public record Citation(
            String text, @Nullable String doi, @Nullable String url) {
        private static final Predicate<String> DOI =
                Pattern.compile("10\\.[0-9]{4}.+").asMatchPredicate();
        private static final Predicate<String> URL =
                Pattern.compile("https?://\\S+").asMatchPredicate();

        /**
         * Checks.
         *
         * @param text in words
         * @param doi such as {@code 10.1038/s41592-020-01008-z}; {@code null} where there is an address
         * @param url the address; {@code null} where there is a DOI
         * @throws ArgumentException if there is neither, or one of another form
         */
        public Citation {
            ArgumentException.require(
                    !text.isBlank()
                            && (doi != null || url != null)
                            && (doi == null || DOI.test(doi))
                            && (url == null || URL.test(url)),
                    "cite",
                    "\"" + text + "\", doi " + doi + ", url " + url,
                    "give 'TEXT; doi=10...' or 'TEXT; url=https://...'");
        }

        /**
         * Reads a line such as {@code Lovelace, Notes, 1843; url=https://example.org}.
         *
         * @param line the text
         * @return what to cite
         * @throws ArgumentException if it is of another form
         */
        public static Citation parse(String line) {
            List<String> parts = parts(line);
            Map<String, String> pairs = pairs("cite", parts);
            ArgumentException.require(
                    List.of("doi", "url").containsAll(pairs.keySet()), "cite", pairs.keySet(), "give doi or url");
            return new Citation(parts.get(0), pairs.get("doi"), pairs.get("url"));
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("text", text);
            if (doi != null) {
                map.put("doi", doi);
            }
            if (url != null) {
                map.put("url", url);
            }
            return map;
        }
    }

    private static List<String> parts(String line) {
        return Arrays.stream(line.split(";", -1)).map(String::strip).toList();
    }

    private static Map<String, String> pairs(String argument, List<String> parts) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String part : new ArrayList<>(parts.subList(1, parts.size()))) {
            int equals = part.indexOf('=');
            ArgumentException.require(
                    equals > 0 && equals < part.length() - 1,
                    argument,
                    "\"" + part + "\"",
                    "give KEY=VALUE after the first semicolon");
            pairs.put(
                    part.substring(0, equals).strip(),
                    part.substring(equals + 1).strip());
        }
        return pairs;
    }
}
