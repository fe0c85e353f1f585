package io.mdnc4j.zoo.files;

import java.util.regex.Pattern;

/** Text with parts from strangers, as it may be shown: names in files can hold what changes a terminal or hides text. */
public final class PlainText {
    /** Control characters, those that change the direction of text or are not seen, halves of others. */
    private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private PlainText() {}

    /** {@return the text, {@code null} for none, with characters that are not shown as such by their code} */
    public static String of(String text) {
        return text == null
                ? null
                : HIDDEN.matcher(text)
                        .replaceAll(hidden -> String.format(
                                "\\\\u%04x", hidden.group().codePointAt(0)));
    }
}
