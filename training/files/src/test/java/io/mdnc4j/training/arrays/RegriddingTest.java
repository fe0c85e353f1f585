package io.mdnc4j.training.arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RegriddingTest {
    private static final Grid SAR = Grid.of(List.of(3.0, 2.0, 1.0), "SAR");

    private static INDArray volume(long... shape) {
        return Nd4j.linspace(0, 1, Nd4j.zeros(shape).length(), DataType.FLOAT).reshape('c', shape);
    }

    @Test
    void equalGridsChangeNoBit() {
        INDArray array = volume(2, 4, 5, 6);
        Regridding way = Regridding.between(Grid.of(List.of(3.02, 1.99, 1.0), "SAR"), SAR, 4, 5, 6);
        assertTrue(way.isIdentity());
        assertSame(array, way.apply(array, Resampling.CUBIC.antiAliased().clipped()));
        assertSame(array, way.restore(array, Resampling.LINEAR));
        assertTrue(Regridding.between(Grid.UNKNOWN, SAR, 4, 5, 6).isIdentity());
        assertTrue(Regridding.between(SAR, Grid.UNKNOWN, 4, 5, 6).isIdentity());
        assertFalse(Regridding.between(Grid.of(List.of(3.04, 2.0, 1.0), "SAR"), SAR, 40, 5, 6)
                .isIdentity());
    }

    /** Every voxel of [z, y, x] is found where its axes lead to. */
    @ParameterizedTest
    @CsvSource({"RAS, 1 2 3", "IPL, 3 2 1", "LSA, 1 3 2", "PIR, 2 3 1"})
    void axesAreExchangedAndReversed(String orientation, String steps) {
        List<Double> spacing =
                List.of(steps.split(" ")).stream().map(Double::valueOf).toList();
        INDArray own = volume(2, 4, 5, 6);
        Regridding way = Regridding.between(Grid.of(spacing, orientation), SAR, 4, 5, 6);
        INDArray there = way.apply(own, Resampling.CUBIC);
        assertFalse(way.resamples());
        long[] size = way.size();
        for (long[] place : new long[][] {{0, 0, 0}, {3, 4, 5}, {1, 2, 3}, {2, 0, 5}}) {
            long[] other = new long[3];
            for (int axis = 0; axis < 3; axis++) {
                int to = Grid.bodyAxis(orientation.charAt(axis)) == 0
                        ? 2
                        : Grid.bodyAxis(orientation.charAt(axis)) == 1 ? 1 : 0;
                boolean same = "SAR".charAt(to) == orientation.charAt(axis);
                other[to] = same ? place[axis] : own.size(axis + 1) - 1 - place[axis];
                assertEquals(own.size(axis + 1), size[to]);
            }
            for (int c = 0; c < 2; c++) {
                assertEquals(
                        own.getDouble(c, place[0], place[1], place[2]),
                        there.getDouble(c, other[0], other[1], other[2]),
                        orientation);
            }
        }
        assertEquals(own, way.restore(there, Resampling.LINEAR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SAR", "ILP", "RSA"})
    void resampledArraysComeBack(String orientation) {
        INDArray own = Nd4j.createUninitialized(DataType.FLOAT, 1, 12, 10, 14);
        for (int z = 0; z < 12; z++) {
            for (int y = 0; y < 10; y++) {
                for (int x = 0; x < 14; x++) {
                    own.putScalar(new long[] {0, z, y, x}, Math.sin(z / 3.0) + Math.cos(y / 2.5) * x / 14);
                }
            }
        }
        Grid fine = Grid.of(List.of(1.0, 1.0, 1.0), orientation);
        for (double step : new double[] {0.6, 1.3}) {
            Regridding way = Regridding.between(fine, Grid.of(List.of(step, step, step), "SAR"), 12, 10, 14);
            INDArray there = way.apply(own, Resampling.CUBIC.antiAliased());
            assertArrayEquals(way.size(), Axes.size(there));
            INDArray back = way.restore(there, Resampling.CUBIC.antiAliased());
            assertArrayEquals(own.shape(), back.shape());
            assertEquals(
                    0,
                    own.sub(back).norm2Number().doubleValue()
                            / own.norm2Number().doubleValue(),
                    0.03);
        }
    }

    @Test
    void sizesAreThoseOfTheSameSpace() {
        assertArrayEquals(
                new long[] {30, 10, 2},
                Regridding.between(SAR, Grid.of(List.of(1.0, 2.0, 3.0), "SAR"), 10, 10, 6)
                        .size());
        assertArrayEquals(
                new long[] {72},
                Regridding.between(Grid.ofRate(500), Grid.ofRate(360), 100).size());
        assertArrayEquals(
                new long[] {1, 1, 1},
                Regridding.between(SAR, Grid.of(List.of(90.0, 90.0, 90.0), ""), 1, 2, 3)
                        .size());
        // pages of unknown distance
        assertArrayEquals(
                new long[] {7, 10, 10},
                Regridding.between(Grid.of(List.of(1.0, 1.0), ""), Grid.of(List.of(2.0, 2.0), ""), 7, 20, 20)
                        .size());
    }

    @Test
    void whatCannotBeIsRefused() {
        assertEquals(
                "orientation",
                assertThrows(
                                ArgumentException.class,
                                () -> Regridding.between(
                                        Grid.of(List.of(1.0, 1.0), "SA"), Grid.of(List.of(1.0, 1.0), "AR"), 5, 5))
                        .argument());
        assertEquals(
                "grid",
                assertThrows(
                                ArgumentException.class,
                                () -> Regridding.between(Grid.of(List.of(2000.0, 2000.0, 2000.0), ""), SAR, 64, 64, 64))
                        .argument());
        for (String wrong : List.of("SA", "SAX", "SAI", "sar")) {
            assertThrows(ArgumentException.class, () -> Grid.of(List.of(1.0, 1.0, 1.0), wrong), wrong);
        }
        assertThrows(ArgumentException.class, () -> Grid.of(List.of(1.0, 0.0), ""));
        assertThrows(ArgumentException.class, () -> Grid.ofRate(Double.NaN));
    }

    @Test
    void gridsAreShortTexts() {
        assertEquals("3 x 2 x 1 mm, SAR", SAR.toString());
        assertEquals("360 Hz", Grid.ofRate(360).toString());
        assertEquals(
                "0.00021 x 0.3 mm",
                Grid.of(List.of(0.00021, 0.30000001192092896), "").toString());
        assertEquals("unknown", Grid.UNKNOWN.toString());
        assertEquals(
                "from 500 Hz to 360 Hz",
                Regridding.between(Grid.ofRate(500), Grid.ofRate(360), 9).toString());
    }

    @Test
    void whatIsUnknownIsTakenFromAnotherGrid() {
        assertEquals(SAR, Grid.UNKNOWN.or(SAR));
        assertTrue(SAR.isSpacedLike(Grid.of(List.of(2.01, 1.0), ""), 3));
        assertTrue(SAR.isSpacedLike(Grid.UNKNOWN, 3));
        assertFalse(SAR.isSpacedLike(Grid.of(List.of(2.1, 1.0), ""), 3));
        assertFalse(Grid.ofRate(360).isSpacedLike(Grid.ofRate(355), 1));
        assertEquals(SAR, SAR.or(Grid.of(List.of(5.0, 5.0, 5.0), "RAS")));
        assertEquals("SAR", Grid.of(List.of(1.0, 1.0, 1.0), "").or(SAR).orientation());
        assertEquals(Grid.of(List.of(2.0, 1.0), "AR"), SAR.withAxes(2));
        assertEquals(Grid.UNKNOWN, Grid.ofRate(5).withAxes(2));
        assertEquals(Grid.of(List.of(1.0, 3.0, 2.0), "LIA"), SAR.turned("LIA"));
    }
}
