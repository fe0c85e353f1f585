package io.mdnc4j.blocks.io;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text with parts from strangers, as it may be shown: names in files can hold what changes a terminal or hides text. */
public final class PlainText {
    /** Control characters, those that change the direction of text or are not seen, halves of others. */
    private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private PlainText() {}

    /**
     * The text with the codes of characters that are not shown as such.
     *
     * @param text any text; {@code null} for none
     * @return the same, with a backslash, u and the hexadecimal code for each of them; {@code null} for none
     */
    public static @Nullable String of(@Nullable String text) {
        return text == null
                ? null
                : HIDDEN.matcher(text)
                        .replaceAll(hidden ->
                                String.format("\\\\u%04x", hidden.group().codePointAt(0)));
    }
}
