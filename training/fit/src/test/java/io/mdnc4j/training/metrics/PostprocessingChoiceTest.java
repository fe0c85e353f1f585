package io.mdnc4j.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.predict.Cleaning;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.zoo.Postprocessing;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class PostprocessingChoiceTest {
    private static final int SIZE = 24;
    private static final List<String> CLASSES = List.of("none", "some", "more");

    private final PostprocessingChoice choice = new PostprocessingChoice(CLASSES, Grid.of(List.of(1.0, 1.0), ""));

    private static int[] empty() {
        return new int[SIZE * SIZE];
    }

    private static int[] square(int[] map, int of, int row, int column, int side) {
        for (int i = 0; i < side * side; i++) {
            map[(row + i / side) * SIZE + column + i % side] = of;
        }
        return map;
    }

    private void add(int[] wanted, int[] found) {
        add(wanted, found, Grid.UNKNOWN);
    }

    private void add(int[] wanted, int[] found, Grid grid) {
        int[] before = found.clone();
        float[] target = new float[wanted.length];
        for (int i = 0; i < target.length; i++) {
            target[i] = wanted[i];
        }
        choice.add(
                new Example(
                        "example",
                        Nd4j.zeros(1, SIZE, SIZE),
                        Nd4j.createFromArray(target).reshape(1, SIZE, SIZE),
                        grid),
                found);
        assertEquals(List.of(boxed(before)), List.of(boxed(found)), "what was found is not changed");
    }

    private static List<Integer> boxed(int... values) {
        return Arrays.stream(values).boxed().toList();
    }

    /** Islands of one class go, the holes of the other are filled. */
    @Test
    void eachClassGetsWhatHelpsIt() {
        for (int i = 0; i < 3; i++) {
            int[] wanted = square(square(empty(), 1, 2, 2, 8), 2, 12, 12, 9);
            int[] found = square(square(wanted.clone(), 1, 1, 15 + i, 3), 0, 15, 15, 2);
            add(wanted, found);
        }
        assertEquals(
                List.of(new Postprocessing(1, true, 0, false), new Postprocessing(2, false, 0, true)), choice.steps());
        PostprocessingChoice.Choice some = choice.choices().get(0);
        assertEquals(2 * 64 / (64.0 + 73), some.without(), 1e-9);
        assertEquals(1, some.with(), 1e-9);
        assertEquals("some", some.name());
        assertEquals(3, choice.examples());
    }

    /** Of two large objects none may go, but specks may. */
    @Test
    void severalObjectsStay() {
        int[] wanted = square(square(empty(), 1, 1, 1, 6), 1, 12, 12, 7);
        add(wanted, square(square(wanted.clone(), 1, 20, 2, 1), 1, 2, 20, 1));
        assertEquals(List.of(new Postprocessing(1, false, 4, false)), choice.steps());
    }

    @Test
    void whatIsRightOrAbsentIsLeft() {
        int[] wanted = square(square(empty(), 1, 1, 1, 3), 1, 12, 12, 9);
        add(wanted, wanted.clone());
        assertEquals(List.of(), choice.steps());
        assertTrue(Double.isNaN(choice.choices().get(1).without()), "a class that is nowhere");
    }

    /** One image in which it helps much, and two in which it harms a little. */
    @Test
    void itMustHelpInMoreExamplesThanItHarms() {
        int[] one = square(empty(), 1, 1, 1, 10);
        add(one, square(one.clone(), 1, 14, 14, 9));
        int[] two = square(square(empty(), 1, 1, 1, 5), 1, 10, 10, 4);
        add(two, two.clone());
        add(two, two.clone());
        assertEquals(List.of(), choice.steps());
    }

    /** Unknown classes count nowhere, but what hangs together does so across them. */
    @Test
    void unlabelledPositionsDoNotCount() {
        int[] wanted = square(square(empty(), 1, 2, 2, 8), Example.UNLABELLED, 14, 14, 6);
        add(wanted, square(square(empty(), 1, 2, 2, 8), 1, 15, 15, 3));
        assertEquals(1, choice.choices().get(0).without(), 1e-9);
        assertEquals(List.of(), choice.steps());
    }

    /** Elements of a quarter of the area: specks of four of them are one of the grid that sizes are counted on. */
    @Test
    void sizesAreThoseOfTheTrainedGrid() {
        int[] wanted = square(square(empty(), 1, 1, 1, 6), 1, 12, 12, 7);
        add(wanted, square(wanted.clone(), 1, 20, 2, 2), Grid.of(List.of(0.5, 0.5), ""));
        assertEquals(List.of(new Postprocessing(1, false, 4, false)), choice.steps());
    }

    /** Tried in boxes around each class, steps reach what they reach on whole maps, at borders, too. */
    @Test
    void boxesChangeNothing() {
        SplittableRandom random = new SplittableRandom(3);
        int steps = 0;
        for (int round = 0; round < 30; round++) {
            int[] wanted = empty();
            int[] found = empty();
            for (int object = 0; object < 3; object++) {
                int of = 1 + random.nextInt(2);
                int side = 4 + random.nextInt(8);
                int row = random.nextInt(SIZE - side + 1);
                int column = random.nextInt(SIZE - side + 1);
                square(wanted, of, row, column, side);
                square(found, of, row, column, side);
            }
            for (int speck = 0; speck < 30; speck++) {
                square(found, random.nextInt(3), random.nextInt(SIZE - 1), random.nextInt(SIZE - 1), 2);
            }
            PostprocessingChoice tried = new PostprocessingChoice(CLASSES, Grid.UNKNOWN);
            float[] target = new float[wanted.length];
            for (int i = 0; i < target.length; i++) {
                target[i] = wanted[i];
            }
            tried.add(
                    new Example(
                            "example",
                            Nd4j.zeros(1, SIZE, SIZE),
                            Nd4j.createFromArray(target).reshape(1, SIZE, SIZE)),
                    found);
            for (PostprocessingChoice.Choice one : tried.choices()) {
                int[] cleaned = found.clone();
                new Cleaning(List.of(one.step()), Grid.UNKNOWN).apply(cleaned, Grid.UNKNOWN, SIZE, SIZE);
                assertEquals(dice(one.step().of(), wanted, found), one.without(), 1e-12);
                assertEquals(dice(one.step().of(), wanted, cleaned), one.with(), 1e-12);
                steps += one.step().changesNothing() ? 0 : 1;
            }
        }
        assertTrue(steps > 10, "a test of something: " + steps);
    }

    private static double dice(int of, int[] wanted, int... found) {
        double both = 0;
        double sum = 0;
        for (int i = 0; i < wanted.length; i++) {
            both += wanted[i] == of && found[i] == of ? 1 : 0;
            sum += (wanted[i] == of ? 1 : 0) + (found[i] == of ? 1 : 0);
        }
        return 2 * both / sum;
    }
}
