package io.mdnc4j.blocks.io;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text with parts from strangers, as it may be shown: names in files can hold what changes a terminal or hides text. */
public final class PlainText {
    /** Control characters, those that change the direction of text or are not seen, halves of others. */
    private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    /** Characters of a message: some lines of a terminal. */
    private static final int BRIEF = 1_000;

    private static final String LEFT_OUT = " ... ";

    private PlainText() {}

    /**
     * The same as {@link #of}, at most a thousand characters long: of a longer text the middle is left out, since what there is
     * to do stands at its end.
     *
     * @param text any text; {@code null} for none
     * @return what may be shown as a message; {@code null} for none
     */
    public static @Nullable String brief(@Nullable String text) {
        String plain = of(text);
        if (plain == null || plain.length() <= BRIEF) {
            return plain;
        }
        int end = (BRIEF - LEFT_OUT.length()) / 2;
        // once more: a character that was cut in halves is none
        return of(plain.substring(0, end) + LEFT_OUT + plain.substring(plain.length() - end));
    }

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
