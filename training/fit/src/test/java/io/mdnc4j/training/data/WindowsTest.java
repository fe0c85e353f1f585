package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.predict.WindowGrid;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class WindowsTest {
    @Test
    void beyondTheArrayIsItsMirrorImage() {
        INDArray array = Nd4j.createFromArray(0f, 1, 2, 3, 10, 11, 12, 13).reshape('c', 2, 4);
        assertArrayEquals(
                new float[] {2, 1, 0, 1, 2, 3, 2, 1, 0, 12, 11, 10, 11, 12, 13, 12, 11, 10},
                Windows.cut(array, new long[] {-2}, 9).data().asFloat());
        assertArrayEquals(
                new float[] {1, 2, 11, 12},
                Windows.cut(array, new long[] {1}, 2).data().asFloat());
    }

    @Test
    void gridsCoverEverything() {
        WindowGrid grid = WindowGrid.of(new long[] {10, 2}, new long[] {4, 4}, 0);
        assertArrayEquals(
                new long[][] {{0, -1}, {3, -1}, {6, -1}},
                IntStream.range(0, grid.count()).mapToObj(grid::start).toArray(long[][]::new));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void inputAndTargetMoveTogether(int dimensions) {
        long[] window = new long[dimensions];
        Arrays.fill(window, 12);
        Augmentation all = Augmentation.parse(List.of("flip", "shift", "rotate", "scale", "shear", "elastic"));
        long[] margin = all.margin(window);
        long[] shape = new long[dimensions + 1];
        shape[0] = 1;
        for (int axis = 0; axis < dimensions; axis++) {
            shape[axis + 1] = window[axis] + 2 * margin[axis];
        }
        // a smooth input, and classes where it is high
        int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        float[] rising = new float[length];
        for (int i = 0; i < length; i++) {
            rising[i] = (float) i / (length - 1);
        }
        INDArray input = Nd4j.createFromArray(rising).reshape('c', shape);
        INDArray target = input.gt(0.5).castTo(DataType.FLOAT);
        int moved = 0;
        for (int seed = 0; seed < 10; seed++) {
            Example sample = all.apply(new Example("", input, target), true, new SplittableRandom(seed), window);
            assertArrayEquals(sample.input().shape(), sample.target().shape());
            assertEquals(12, sample.input().size(1));
            INDArray high = sample.input().gt(0.5).castTo(DataType.FLOAT);
            double different = high.sub(sample.target()).norm1Number().doubleValue() / high.length();
            assertTrue(different < 0.1, "seed " + seed + ": " + different);
            INDArray classes = sample.target();
            assertEquals(0, classes.mul(classes.sub(1)).amaxNumber().doubleValue());
            moved += sample.input().equals(Windows.cut(input, margin, window)) ? 0 : 1;
            assertEquals(
                    sample.input(),
                    all.apply(new Example("", input, target), true, new SplittableRandom(seed), window)
                            .input());
        }
        assertEquals(10, moved);
    }

    @Test
    void noiseIsAddedToInputsAloneAndGainToBoth() {
        INDArray values = Nd4j.rand(1, 200);
        Example noisy = Augmentation.parse(List.of("noise"))
                .apply(new Example("", values, values), false, new SplittableRandom(1), 200);
        assertEquals(values, noisy.target());
        assertTrue(noisy.input().sub(values).stdNumber().doubleValue() > 1e-4);
        Example louder = Augmentation.parse(List.of("gain"))
                .apply(new Example("", values, values), false, new SplittableRandom(1), 200);
        assertEquals(louder.input(), louder.target());
        assertThrows(IllegalArgumentException.class, () -> Augmentation.parse(List.of("blur")));
    }

    @Test
    void changesHaveStrengths() {
        Augmentation strong = Augmentation.parse(List.of("noise:4", "Shift:2", "flip"));
        assertEquals(List.of("flip", "shift:2", "noise:4"), strong.codes());
        assertEquals(strong, Augmentation.parse(strong.codes()));
        assertArrayEquals(new long[] {4, 2}, strong.margin(20, 10));
        assertEquals(new Augmentation(strong.changes()), Augmentation.parse(List.of("noise", "shift:1", "flip")));
        INDArray values = Nd4j.rand(1, 2000);
        double[] deviation = new double[2];
        for (int i = 0; i < 2; i++) {
            INDArray noisy = Augmentation.parse(List.of(i == 0 ? "noise" : "noise:4"))
                    .apply(new Example("", values, null), true, new SplittableRandom(1), 2000)
                    .input();
            deviation[i] = noisy.sub(values).stdNumber().doubleValue();
        }
        assertEquals(4, deviation[1] / deviation[0], 1e-3);
        for (String wrong : List.of("noise:0", "noise:6", "noise:-1", "noise:NaN", "noise:", "noise:much")) {
            ArgumentException refused =
                    assertThrows(ArgumentException.class, () -> Augmentation.parse(List.of(wrong)), wrong);
            assertTrue(refused.getMessage().startsWith("augment: " + wrong.substring(0, 6)), refused.getMessage());
        }
        assertThrows(ArgumentException.class, () -> Augmentation.parse(List.of("flip:2")));
        assertThrows(ArgumentException.class, () -> Augmentation.parse(List.of("noise:2", "noise")));
    }

    @Test
    void beyondAWholeLiesItsBackground() {
        // most of the border is 7, and a corner is something else
        INDArray image = Nd4j.valueArrayOf(new long[] {2, 3, 4}, 7f, DataType.FLOAT);
        image.putScalar(new int[] {0, 0, 0}, 1);
        image.putScalar(new int[] {0, 1, 1}, 2);
        image.slice(1).addi(1);
        INDArray framed = Windows.framed(image, new long[] {-2, -1}, 6, 5);
        assertArrayEquals(new long[] {2, 6, 5}, framed.shape());
        INDArray expected = Nd4j.valueArrayOf(new long[] {2, 6, 5}, 7f, DataType.FLOAT);
        expected.putScalar(new int[] {0, 2, 1}, 1);
        expected.putScalar(new int[] {0, 3, 2}, 2);
        expected.slice(1).addi(1);
        assertEquals(expected, framed);
    }

    @Test
    void sidesAreThoseOfTheLastAxis() {
        INDArray input = Nd4j.arange(12).castTo(DataType.FLOAT).reshape('c', 1, 3, 4);
        INDArray mirrored = Nd4j.reverse(input.dup()).reshape('c', 1, 3, 4);
        Augmentation sides = Augmentation.parse(List.of("sides"));
        assertArrayEquals(new long[] {0, 0}, sides.margin(3, 4));
        int changed = 0;
        for (int seed = 0; seed < 20; seed++) {
            INDArray found = sides.apply(new Example("", input, input), true, new SplittableRandom(seed), 3, 4)
                    .input();
            for (int row = 0; row < 3; row++) {
                INDArray its = input.slice(0).slice(row);
                INDArray other = mirrored.slice(0).slice(2 - row);
                boolean same = its.equals(found.slice(0).slice(row));
                assertTrue(same || other.equals(found.slice(0).slice(row)), found.toString());
                changed += same ? 0 : 1;
            }
        }
        assertTrue(changed > 9 && changed < 51, changed + " of 60 rows");
    }

    /** A class that few places have is in the middle of half of the windows. */
    @Test
    void classesAreBalanced() {
        INDArray target = Nd4j.zeros(1, 60, 60);
        target.putScalar(new int[] {0, 30, 31}, 1);
        target.putScalar(new int[] {0, 31, 31}, 1);
        Examples examples = new Examples() {
            @Override
            public int size() {
                return 1;
            }

            @Override
            public Example get(int index) {
                return new Example("", target.dup(), target.dup());
            }

            @Override
            public List<String> classes() {
                return List.of("0", "1");
            }
        };
        int[] counts = new int[2];
        for (int i = 0; i < 2; i++) {
            Patches patches = new Patches(
                    new CachedExamples(examples, 1 << 20), new long[] {9, 9}, 200, i == 1, Augmentation.NONE, 1);
            for (int draw = 0; draw < 200; draw++) {
                counts[i] += patches.draw(draw, new SplittableRandom(draw))
                        .target()
                        .maxNumber()
                        .intValue();
            }
        }
        assertTrue(counts[0] < 30, "by chance " + counts[0]);
        assertTrue(counts[1] > 70, "balanced " + counts[1]);
    }

    @Test
    void iteratorsOfDeeplearning4jAreWrapped() {
        DataSet all = new DataSet(Nd4j.rand(10, 3), Nd4j.rand(10, 2));
        IteratorBatches batches = new IteratorBatches(new ListDataSetIterator<>(all.asList(), 4));
        assertEquals(3, batches.batchesPerEpoch());
        batches.startEpoch(1);
        batches.skip(1);
        DataSet second = batches.next();
        batches.startEpoch(2);
        batches.next();
        assertEquals(second, batches.next());
        batches.next();
        assertEquals(false, batches.hasNext());
    }

    @Test
    void errorsOfTheBackgroundComeToTheReader() {
        ReadAhead<Integer> numbers = new ReadAhead<>(
                i -> {
                    if (i == 3) {
                        throw new DataException("broken");
                    }
                    return i * i;
                },
                6,
                2);
        assertEquals(0, numbers.get(0));
        assertEquals(4, numbers.get(2));
        assertThrows(DataException.class, () -> numbers.get(3));
        assertEquals(25, numbers.get(5));
    }
}
