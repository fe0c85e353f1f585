package io.mdnc4j.training.arrays;

import io.mdnc4j.blocks.ArgumentException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the elements of an array lie in the world: how far apart, and which way each axis points. Anything of it may be unknown.
 *
 * <pre>{@code
 * Grid.ofRate(360)                              // a signal of 360 samples a second
 * Grid.of(List.of(3.0, 1.0, 1.0), "SAR")        // [z, y, x]: 3 mm thick slices from feet to head, rows from back to front ...
 * }</pre>
 *
 * @param samplingRate samples a second, in hertz, of arrays of one axis; {@code null} if unknown
 * @param spacing distance of neighbouring elements in millimetres, on the last axes if there are more; empty if unknown
 * @param orientation for each axis that {@code spacing} is for a letter: where it leads to, of a body's right or left
 *     ({@code R}, {@code L}), front or back ({@code A}, {@code P}), head or feet ({@code S}, {@code I}); empty if unknown
 */
public record Grid(@Nullable Double samplingRate, List<Double> spacing, String orientation) {
    /** A grid of which nothing is known. */
    public static final Grid UNKNOWN = new Grid(null, List.of(), "");

    /** Distances that differ by less than this part are the same. */
    public static final double TOLERANCE = 0.01;

    /** The two ends of each of a body's axes. */
    private static final List<String> ENDS = List.of("RL", "AP", "SI");

    /**
     * Copies the list.
     *
     * @param samplingRate samples a second, positive and finite, or {@code null}
     * @param spacing millimetres, positive and finite, of the last axes; empty if unknown
     * @param orientation a letter for each, of other axes of the body, in upper case; empty if unknown
     * @throws ArgumentException if one is not so
     */
    public Grid {
        spacing = List.copyOf(spacing);
        ArgumentException.require(
                samplingRate == null || isPositive(samplingRate),
                "samplingRate",
                samplingRate,
                "give it in hertz, positive and finite, such as 360");
        ArgumentException.require(
                spacing.stream().allMatch(Grid::isPositive),
                "spacing",
                spacing,
                "give millimetres, positive and finite, such as 2,1,1");
        ArgumentException.require(
                orientation.isEmpty()
                        || orientation.length() == spacing.size()
                                && orientation
                                                .chars()
                                                .map(Grid::bodyAxis)
                                                .filter(axis -> axis >= 0)
                                                .distinct()
                                                .count()
                                        == orientation.length(),
                "orientation",
                orientation,
                "give for each axis of the spacing one of R or L, A or P, S or I, such as SAR");
    }

    private static boolean isPositive(double value) {
        return value > 0 && Double.isFinite(value);
    }

    /** Which of a body's axes a letter is an end of; -1 for none. */
    static int bodyAxis(int letter) {
        return IntStream.range(0, ENDS.size())
                .filter(axis -> ENDS.get(axis).indexOf(letter) >= 0)
                .findFirst()
                .orElse(-1);
    }

    /**
     * A grid of a signal.
     *
     * @param hertz samples a second, positive and finite
     * @return the grid
     * @throws ArgumentException if it is not
     */
    public static Grid ofRate(double hertz) {
        return new Grid(hertz, List.of(), "");
    }

    /**
     * A grid of an image or a volume.
     *
     * @param spacing millimetres, positive and finite, of the last axes; empty if unknown
     * @param orientation a letter for each; empty if unknown
     * @return the grid
     * @throws ArgumentException if they are not so
     */
    public static Grid of(List<Double> spacing, String orientation) {
        return new Grid(null, spacing, orientation);
    }

    /** {@return whether anything is known of it} */
    public boolean isKnown() {
        return samplingRate != null || !spacing.isEmpty();
    }

    /**
     * What is known of it, and of another one where this says nothing.
     *
     * @param other of an array with the same axes
     * @return both together
     */
    public Grid or(Grid other) {
        boolean mine = !spacing.isEmpty();
        List<Double> distances = mine ? spacing : other.spacing;
        String directions = mine && orientation.isEmpty() ? other.orientation : mine ? orientation : other.orientation;
        return new Grid(
                samplingRate == null ? other.samplingRate : samplingRate,
                distances,
                directions.length() == distances.size() ? directions : "");
    }

    /**
     * Whether distances are the same as those of another grid, within {@link #TOLERANCE}, where both are known.
     *
     * @param other of an array with as many axes
     * @param axes of the array, after that of the channels
     * @return whether no distance is another one
     */
    public boolean isSpacedLike(Grid other, int axes) {
        // NaN where either is unknown
        return IntStream.range(0, axes)
                .noneMatch(axis -> Math.abs(step(axis, axes) / other.step(axis, axes) - 1) > TOLERANCE);
    }

    /**
     * That of an array whose axes are exchanged and reversed.
     *
     * @param directions where its axes lead to then
     * @return the distances on those axes; this if either orientation is unknown, or they are of other axes of a body
     */
    public Grid turned(String directions) {
        int[] from = directions
                .chars()
                .map(letter -> IntStream.range(0, orientation.length())
                        .filter(axis -> bodyAxis(orientation.charAt(axis)) == bodyAxis(letter))
                        .findFirst()
                        .orElse(-1))
                .toArray();
        if (from.length != orientation.length() || Arrays.stream(from).anyMatch(axis -> axis < 0)) {
            return this;
        }
        return new Grid(samplingRate, Arrays.stream(from).mapToObj(spacing::get).toList(), directions);
    }

    /**
     * That of an array with so many axes.
     *
     * @param axes of the array, after that of the channels
     * @return without what is of other axes: a rate of more than one, spacing before the last ones
     */
    public Grid withAxes(int axes) {
        int first = Math.max(0, spacing.size() - axes);
        return new Grid(
                axes == 1 ? samplingRate : null,
                spacing.subList(first, spacing.size()),
                orientation.isEmpty() ? "" : orientation.substring(first));
    }

    /**
     * Distance of neighbouring elements.
     *
     * @param axis from 0
     * @param axes of the array, after that of the channels
     * @return millimetres, or seconds of a signal; NaN if unknown
     */
    double step(int axis, int axes) {
        int known = axis - axes + spacing.size();
        return axes == 1 && samplingRate != null ? 1 / samplingRate : known >= 0 ? spacing.get(known) : Double.NaN;
    }

    /** {@return such as {@code 360 Hz}, or {@code 3 x 1 x 1 mm, SAR}; {@code unknown}} */
    @Override
    public String toString() {
        if (!isKnown()) {
            return "unknown";
        }
        String millimetres = spacing.stream().map(Grid::number).collect(Collectors.joining(" x ")) + " mm";
        return samplingRate != null
                ? number(samplingRate) + " Hz"
                : orientation.isEmpty() ? millimetres : millimetres + ", " + orientation;
    }

    private static String number(double value) {
        return new BigDecimal(value)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }
}
