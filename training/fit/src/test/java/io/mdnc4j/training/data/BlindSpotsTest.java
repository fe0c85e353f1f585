package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BlindSpotsTest {
    private static final int CHANNEL = 100_000;

    /** A sample whose values tell where they come from: the channel's number times 100,000, and the position's. */
    private static Example numbered(int channels, long... size) {
        int length = new Axes(size).length();
        float[] values = new float[channels * length];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / length * CHANNEL + i % length;
        }
        INDArray input = Nd4j.createFromArray(values).reshape('c', Axes.prepended(channels, size));
        return new Example("numbered", input, null);
    }

    private static float[] target(Example example) {
        return example.target().data().asFloat();
    }

    @Property(tries = 200)
    void eachSpotHasTheValueOfANearNeighbour(
            @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 20) Integer> axes,
            @ForAll @IntRange(min = 1, max = 3) int channels,
            @ForAll @DoubleRange(min = 0.01, max = 0.25) double share,
            @ForAll long seed) {
        long[] size = axes.stream().mapToLong(Integer::longValue).toArray();
        Axes places = new Axes(size);
        int length = places.length();
        Assume.that(length > 1);
        BlindSpots spots = new BlindSpots(share);
        Example sample = numbered(channels, size);
        float[] noisy = sample.input().dup().data().asFloat();
        Example spotted = spots.apply(sample, new SplittableRandom(seed));
        assertArrayEquals(noisy, sample.input().data().asFloat(), "the sample's own array");
        float[] input = spotted.input().data().asFloat();
        float[] target = spotted.target().data().asFloat();
        assertArrayEquals(sample.input().shape(), spotted.target().shape());
        int count = 0;
        for (int i = 0; i < length; i++) {
            boolean blind = !Float.isNaN(target[i]);
            count += blind ? 1 : 0;
            for (int c = 0; c < channels; c++) {
                int at = c * length + i;
                assertEquals(blind ? noisy[at] : Float.NaN, target[at]);
                // every channel has that of the same neighbour
                assertEquals(blind ? input[i] + c * CHANNEL : noisy[at], input[at]);
            }
            assertEquals(blind, input[i] != noisy[i]);
            if (blind) {
                long[] from = places.place((long) input[i]);
                long[] to = places.place(i);
                for (int axis = 0; axis < size.length; axis++) {
                    assertTrue(Math.abs(from[axis] - to[axis]) <= 2);
                }
            }
        }
        assertEquals(Math.max(1, Math.round(share * length)), count);
    }

    @Test
    void spotsAreAnywhere() {
        int[] hits = new int[50];
        SplittableRandom random = new SplittableRandom(1);
        Example sample = numbered(1, 50);
        for (int n = 0; n < 5000; n++) {
            INDArray target = new BlindSpots(0.02).apply(sample, random).target();
            for (int i = 0; i < hits.length; i++) {
                hits[i] += Double.isNaN(target.getDouble(i)) ? 0 : 1;
            }
        }
        // binomial, 100 each with a deviation of 10
        for (int hit : hits) {
            assertTrue(hit > 50 && hit < 150, Arrays.toString(hits));
        }
    }

    @Test
    void fewExamplesAreMeasuredSeveralTimesWithOtherSpots() {
        Examples two = Examples.of(List.of(numbered(1, 500), numbered(1, 500)));
        Examples measured = BlindSpots.USUAL.in(two, 1000);
        assertEquals(16, measured.size());
        assertArrayEquals(target(measured.get(3)), target(measured.get(3)));
        assertFalse(Arrays.equals(target(measured.get(3)), target(measured.get(5))));
        assertEquals(
                10,
                IntStream.range(0, 500)
                        .filter(i -> !Double.isNaN(measured.get(3).target().getDouble(i)))
                        .count());
        assertEquals(2, BlindSpots.USUAL.in(two, 1e9).size());
    }

    @Test
    void samplesKeepTheirOrder() {
        Sampler of = Sampler.of(Examples.of(Collections.nCopies(7, numbered(1, 9))));
        Sampler blind = BlindSpots.USUAL.in(of);
        assertEquals(7, blind.size());
        assertArrayEquals(of.order(new SplittableRandom(4)), blind.order(new SplittableRandom(4)));
        assertArrayEquals(
                target(blind.draw(2, new SplittableRandom(9))), target(blind.draw(2, new SplittableRandom(9))));
    }

    @Test
    void constantsStayConstant() {
        INDArray constant = Nd4j.valueArrayOf(new long[] {1, 4, 4}, 3f, DataType.FLOAT);
        Example blind = new BlindSpots(0.25).apply(new Example("flat", constant, null), new SplittableRandom(1));
        assertEquals(constant, blind.input());
    }

    @Test
    void whatDoesNotSuitIsRefused() {
        assertThrows(ArgumentException.class, () -> new BlindSpots(0));
        assertThrows(ArgumentException.class, () -> new BlindSpots(0.3));
        assertThrows(ArgumentException.class, () -> new BlindSpots(Double.NaN));
        ArgumentException e = assertThrows(
                ArgumentException.class, () -> BlindSpots.USUAL.apply(numbered(2, 1, 1), new SplittableRandom(1)));
        assertEquals("patch", e.argument());
    }
}
