package io.mdnc4j.training.files;

import io.mdnc4j.blocks.Coded;

/**
 * Which channels pictures have as inputs and as values that are wanted. Palettes are replaced by their colours. Pictures of
 * classes are taken as they are stored instead, since there the numbers of a palette are those of classes.
 */
public enum Channels implements Coded {
    /** Those of the picture's colours, one of grey or three of red, green and blue; no opacity. */
    COLOURS,
    /** One of grey, {@code 0.299 red + 0.587 green + 0.114 blue} (ITU-R BT.601). */
    GRAY,
    /** Red, green and blue, all the same for grey. */
    RGB,
    /** All that the picture has, opacity included. */
    ALL
}
