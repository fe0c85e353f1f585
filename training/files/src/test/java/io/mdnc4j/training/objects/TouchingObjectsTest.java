package io.mdnc4j.training.objects;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import org.junit.jupiter.api.Test;

class TouchingObjectsTest {
    private static float[] numbers(String... rows) {
        return toFloats(String.join("", rows));
    }

    private static float[] toFloats(String text) {
        float[] values = new float[text.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = text.charAt(i) == '?' ? -1 : text.charAt(i) - '0';
        }
        return values;
    }

    @Test
    void elementsBesideOthersAreBorder() {
        float[] classes = TouchingObjects.classes(
                numbers(
                        "0000000", //
                        "1111333", "1111333", "1111333", "1111?33"),
                5,
                7);
        float[] expected = numbers(
                "0000000", //
                "2222222", "1112211", "1112211", "1111?11");
        // at the edge of the grid there is nothing else; what is not known is no neighbour
        expected[4 * 7 + 3] = 1;
        assertArrayEquals(expected, classes);
    }

    @Test
    void volumesHaveSixNeighbours() {
        float[] cube = new float[5 * 5 * 5];
        for (int i = 0; i < cube.length; i++) {
            boolean in = i / 25 % 4 > 0 && i / 5 % 5 % 4 > 0 && i % 5 % 4 > 0;
            cube[i] = in ? 7 : 0;
        }
        float[] classes = TouchingObjects.classes(cube, 5, 5, 5);
        int inside = 0;
        int border = 0;
        for (float value : classes) {
            inside += value == 1 ? 1 : 0;
            border += value == 2 ? 1 : 0;
        }
        assertEquals(1, inside);
        assertEquals(26, border);
    }

    @Test
    void whatTouchesComesApartAgain() {
        int size = 40;
        float[] discs = new float[size * size];
        int[][] centres = {{12, 12}, {12, 25}, {25, 12}, {27, 27}};
        for (int i = 0; i < discs.length; i++) {
            double nearest = 49;
            for (int k = 0; k < centres.length; k++) {
                int y = i / size - centres[k][0];
                int x = i % size - centres[k][1];
                if (y * y + x * x < nearest) {
                    nearest = y * y + x * x;
                    discs[i] = k + 1;
                }
            }
        }
        int[] classes = new int[discs.length];
        float[] found = TouchingObjects.classes(discs, size, size);
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (int) found[i];
        }
        assertTrue(Components.of(i -> classes[i] > 0, size, size).count() < 4, "they touch");
        int[] objects = TouchingObjects.separate(classes, heights(classes), size, size);
        int wrong = 0;
        for (int i = 0; i < objects.length; i++) {
            assertEquals(discs[i] > 0, objects[i] > 0);
            wrong += objects[i] == discs[i] ? 0 : 1;
        }
        assertTrue(wrong < 8, wrong + " at the corners of borders");
    }

    private static float[] heights(int... classes) {
        float[] heights = new float[classes.length];
        for (int i = 0; i < heights.length; i++) {
            heights[i] = classes[i] == 1 ? -1 : 1;
        }
        return heights;
    }

    @Test
    void anUncertainElementDoesNotConnect() {
        int[] classes = {0, 2, 1, 1, 1, 1, 1, 2, 0, 2, 1, 2};
        float[] heights = {0, 1, -1, -1, -0.1f, -1, -1, 1, 0, 1, -0.1f, 1};
        assertArrayEquals(
                new int[] {0, 1, 1, 1, 1, 2, 2, 2, 0, 3, 3, 3}, TouchingObjects.separate(classes, heights, 12));
    }

    @Test
    void thinObjectsStay() {
        int[] classes = {0, 2, 2, 0, 2, 1, 2, 0, -1};
        assertArrayEquals(
                new int[] {0, 2, 2, 0, 1, 1, 1, 0, 0}, TouchingObjects.separate(classes, heights(classes), 9));
    }

    @Test
    void numbersAreWholeAndAsManyAsElements() {
        assertEquals(
                "0.5",
                assertThrows(IllegalArgumentException.class, () -> TouchingObjects.classes(new float[] {1, 0.5f}, 2))
                        .getMessage());
        assertThrows(ArgumentException.class, () -> TouchingObjects.classes(new float[3], 2));
        assertThrows(ArgumentException.class, () -> TouchingObjects.separate(new int[3], new float[3], 2));
    }
}
