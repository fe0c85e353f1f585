package io.mdnc4j.training.objects;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ComponentsTest {
    /** Labels by visiting neighbours one by one. */
    private static int[] visited(boolean[] mask, long... size) {
        int[] labels = new int[mask.length];
        int count = 0;
        for (int start = 0; start < mask.length; start++) {
            if (!mask[start] || labels[start] != 0) {
                continue;
            }
            labels[start] = ++count;
            Deque<Integer> open = new ArrayDeque<>();
            open.add(start);
            while (!open.isEmpty()) {
                int i = open.remove();
                int stride = 1;
                for (int axis = size.length - 1; axis >= 0; axis--) {
                    long place = i / stride % size[axis];
                    for (int step : new int[] {-1, 1}) {
                        int to = i + step * stride;
                        if (place + step >= 0 && place + step < size[axis] && mask[to] && labels[to] == 0) {
                            labels[to] = count;
                            open.add(to);
                        }
                    }
                    stride *= (int) size[axis];
                }
            }
        }
        return labels;
    }

    @Property(tries = 200)
    void labelsAreThoseOfVisitingNeighbours(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 7) Integer> axes,
            @ForAll @IntRange(min = 1, max = 9) int tenths,
            @ForAll long seed) {
        long[] size = axes.stream().mapToLong(Integer::longValue).toArray();
        boolean[] mask = new boolean[axes.stream().reduce(1, (a, b) -> a * b)];
        Random random = new Random(seed);
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextInt(10) < tenths;
        }
        int[] expected = visited(mask, size);
        Components found = Components.of(i -> mask[i], size);
        assertArrayEquals(expected, found.labels());
        long[] sizes = new long[found.count()];
        boolean[] border = new boolean[found.count()];
        for (int i = 0; i < mask.length; i++) {
            if (expected[i] > 0) {
                sizes[expected[i] - 1]++;
                int stride = 1;
                for (int axis = size.length - 1; axis >= 0; axis--) {
                    long place = i / stride % size[axis];
                    border[expected[i] - 1] |= place == 0 || place == size[axis] - 1;
                    stride *= (int) size[axis];
                }
            }
        }
        for (int component = 0; component < found.count(); component++) {
            assertEquals(sizes[component], found.size(component));
            assertEquals(border[component], found.touchesBorder(component));
        }
        if (found.count() > 0) {
            assertEquals(Arrays.stream(sizes).max().orElseThrow(), found.size(found.largest()));
        }
    }

    @Test
    void emptyMasksHaveNone() {
        assertEquals(0, Components.of(i -> false, 3, 4).count());
        assertEquals(-1, Components.of(i -> false, 3, 4).largest());
        assertEquals(0, Components.of(i -> true, 3, 0).count());
        assertThrows(ArgumentException.class, () -> Components.of(i -> true));
    }

    @Test
    void mapsOfClassesAreCleaned() {
        int[] classes = {
            1, 1, 1, 0, 2, //
            1, 0, 1, 0, 0, //
            1, 1, 1, 0, 1, //
            0, 0, 0, 0, 0
        };
        int[] expected = {
            1, 1, 1, 0, 2, //
            1, 1, 1, 0, 0, //
            1, 1, 1, 0, 0, //
            0, 0, 0, 0, 0
        };
        assertArrayEquals(
                expected,
                new ClassMap(classes.clone(), 4, 5).keepLargest(1).fillHoles(1).classes());
        assertArrayEquals(
                expected,
                new ClassMap(classes.clone(), 4, 5)
                        .removeSmaller(1, 2)
                        .fillHoles(1)
                        .classes());
        int[] withAnother = classes.clone();
        withAnother[6] = 2;
        assertEquals(2, new ClassMap(withAnother, 4, 5).fillHoles(1).classes()[6], "no background, so it stays");
        assertThrows(ArgumentException.class, () -> new ClassMap(classes, 4, 5).keepLargest(0));
        assertThrows(ArgumentException.class, () -> new ClassMap(classes, 4, 6));
    }

    @Test
    void touchingObjectsAreSeparated() {
        // two discs that overlap, their centres as markers, distance from the nearer one as height
        int size = 40;
        int[] markers = new int[size * size];
        float[] heights = new float[size * size];
        boolean[] inside = new boolean[size * size];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double left = Math.hypot(y - 20, x - 12);
                double right = Math.hypot(y - 20, x - 27);
                heights[y * size + x] = (float) Math.min(left, right);
                inside[y * size + x] = Math.min(left, right) < 10;
            }
        }
        markers[20 * size + 12] = 1;
        markers[20 * size + 27] = 2;
        assertEquals(1, Components.of(i -> inside[i], size, size).count());
        int[] labels = Watershed.flood(markers, heights, i -> inside[i], size, size);
        for (int i = 0; i < labels.length; i++) {
            int expected = !inside[i] ? 0 : i % size < 20 ? 1 : 2;
            assertEquals(expected, labels[i], "at " + i / size + ", " + i % size);
        }
        assertFalse(Arrays.equals(markers, labels));
        assertTrue(markers[0] == 0, "the markers themselves stay");
    }

    @Test
    void lowPlacesAreFloodedFirst() {
        int[] ends = {1, 0, 0, 0, 2};
        assertArrayEquals(new int[] {1, 1, 1, 2, 2}, Watershed.flood(ends, new float[5], i -> true, 5));
        assertArrayEquals(new int[] {1, 1, 2, 2, 2}, Watershed.flood(ends, new float[] {0, 5, 0, 0, 0}, i -> true, 5));
        assertArrayEquals(
                new int[] {1, 1, 1, 1, 2}, Watershed.flood(ends, new float[] {-1, -5, -3, 7, 0}, i -> true, 5));
        assertArrayEquals(new int[] {1, 1, 0, 2, 2}, Watershed.flood(ends, new float[5], i -> i != 2, 5));
        assertThrows(ArgumentException.class, () -> Watershed.flood(new int[4], new float[5], i -> true, 5));
    }
}
