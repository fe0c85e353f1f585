package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Resampling;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.zoo.nnunet.Processing;
import io.mdnc4j.zoo.nnunet.Scheme;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ImagePreparationTest {
    private static final Processing.Resampling CUBIC = new Processing.Resampling(3, 0, null);
    private static final Processing.Resampling LINEAR = new Processing.Resampling(1, 0, null);

    private static ImagePreparation of(Scheme scheme, boolean masked, boolean reoriented, List<Integer> transpose) {
        return new ImagePreparation(new Processing(
                null,
                "3d_fullres",
                List.of("0"),
                List.of("a"),
                ".nii.gz",
                reoriented,
                transpose,
                List.of(2.0, 1.0, 1.0),
                List.of(new Processing.Channel(scheme, masked, 10.0, 4.0, 2.0, 30.0)),
                CUBIC,
                LINEAR,
                List.of(4, 4, 4),
                List.of(),
                List.of(),
                List.of(),
                null));
    }

    private static INDArray image() {
        INDArray image = Nd4j.zeros(DataType.FLOAT, 1, 5, 6, 7);
        for (int i = 0; i < 5 * 6 * 7; i++) {
            int x = i % 7;
            image.putScalar(i, x == 0 ? 0 : 1 + (i * 37) % 23);
        }
        return image;
    }

    @ParameterizedTest
    @EnumSource(Scheme.class)
    void ofAllSchemes(Scheme scheme) {
        Grid grid = Grid.of(List.of(2.0, 1.0, 1.0), "SAR");
        ImagePreparation.Prepared prepared =
                of(scheme, false, false, List.of(0, 1, 2)).prepare(image(), grid);
        assertArrayEquals(new long[] {0, 0, 1}, prepared.start());
        assertArrayEquals(new long[] {1, 5, 6, 6}, prepared.values().shape());
        double first = image().getDouble(0, 0, 0, 1);
        INDArray inside = Regions.of(image(), new long[] {0, 0, 1}, 5, 6, 6).dup('c');
        double expected = switch (scheme) {
            case Z_SCORE ->
                (first - inside.meanNumber().doubleValue())
                        / inside.stdNumber(false).doubleValue();
            case CT -> (Math.max(2, Math.min(30, first)) - 10) / 4;
            case UNIT_RANGE ->
                (first - inside.minNumber().doubleValue())
                        / (inside.maxNumber().doubleValue() - inside.minNumber().doubleValue());
            case BYTES -> first / 255;
            case NONE -> first;
        };
        assertEquals(expected, prepared.values().getDouble(0, 0, 0, 0), 1e-5);
    }

    /** Turned images become the same; what comes back is turned again. */
    @ParameterizedTest
    @CsvSource({"SAR", "IPL", "RSA", "ALS"})
    void uprightBeforeAllElse(String orientation) {
        Grid upright = Grid.of(List.of(3.0, 1.5, 0.8), "SAR");
        INDArray image = image();
        Regridding way = Regridding.between(upright, upright.turned(orientation), Axes.size(image));
        INDArray turned = way.apply(image.dup('c'), Resampling.NEAREST).dup('c');
        ImagePreparation preparation = of(Scheme.Z_SCORE, true, true, List.of(1, 0, 2));
        ImagePreparation.Prepared one = preparation.prepare(image.dup('c'), upright);
        ImagePreparation.Prepared other = preparation.prepare(turned, upright.turned(orientation));
        assertEquals(one.values(), other.values());
        // 6 * 1.5 / 2 half to even, 5 * 3 / 1, 6 * 0.8 / 1
        assertArrayEquals(new long[] {1, 4, 15, 5}, one.values().shape());
        assertThrows(DataException.class, () -> preparation.prepare(image(), Grid.of(List.of(3.0, 1.5, 0.8), "")));
    }

    /** A float of 0.9 is a little less than 0.9, and 35 of them would be 31 elements long. */
    @Test
    void distancesAreDecimals() {
        ImagePreparation.Prepared prepared = of(Scheme.NONE, false, false, List.of(0, 1, 2))
                .prepare(Nd4j.ones(DataType.FLOAT, 1, 4, 35, 4), Grid.of(List.of(2.0, (double) 0.9f, 1.0), ""));
        assertArrayEquals(new long[] {1, 4, 32, 4}, prepared.values().shape());
    }

    @Test
    void whatNoModelIsForIsRefused() {
        Grid grid = Grid.of(List.of(2.0, 1.0, 1.0), "SAR");
        ImagePreparation bytes = of(Scheme.BYTES, false, false, List.of(0, 1, 2));
        DataException zero =
                assertThrows(DataException.class, () -> bytes.prepare(Nd4j.zeros(DataType.FLOAT, 1, 4, 4, 4), grid));
        assertTrue(zero.getMessage().contains("zero everywhere"), zero::getMessage);
        DataException beyond = assertThrows(DataException.class, () -> bytes.prepare(image().muli(100), grid));
        assertTrue(beyond.getMessage().contains("0 to 255"), beyond::getMessage);
    }

    @Test
    void regionsLieOverEachOther() {
        INDArray probabilities =
                Nd4j.createFromArray(new float[][] {{0.9f, 0.6f, 0.5f, 0.1f}, {0.2f, 0.7f, 0.4f, 0.8f}});
        assertArrayEquals(
                new int[] {3, 1, 0, 1}, Decision.regions(List.of(3, 1)).classes(probabilities));
    }
}
