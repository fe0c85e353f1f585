package io.mdnc4j.blocks.internal.channelslast;

/**
 * Which of a batch's samples a program takes.
 *
 * @param number from 0 on
 * @param of how many shares there are
 */
public record Share(int number, int of) {
    /** All samples. */
    public static final Share WHOLE = new Share(0, 1);

    /** The first of them, in a batch of so many. */
    int first(long batch) {
        return Math.toIntExact(batch * number / of);
    }

    int samples(long batch) {
        return Math.toIntExact(batch * (number + 1) / of) - first(batch);
    }
}
