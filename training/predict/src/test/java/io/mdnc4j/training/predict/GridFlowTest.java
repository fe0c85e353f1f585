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
import io.mdnc4j.zoo.ModelDescription;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Inputs on other grids, with functions that show where each element went. */
class GridFlowTest {
    private static final Grid NETWORK = Grid.of(List.of(2.0, 2.0, 2.0), "SAR");

    private final List<String> notes = new ArrayList<>();
    private long mostRows;

    private static ModelDescription description(Grid grid) {
        return new ModelDescription(null, null, List.of(1L, 8L, 8L, 8L), null, null, null, null, null, Map.of())
                .withGrid(
                        grid.samplingRate(), grid.spacing(), grid.orientation().isEmpty() ? null : grid.orientation());
    }

    /** What a function makes of an array that lies on a grid; counts the rows that are asked for at once. */
    private INDArray answer(INDArray input, Grid own, NetworkGrid network, UnaryOperator<INDArray> function) {
        INDArray[] output = new INDArray[1];
        Flow flow = new Flow() {
            @Override
            public String name() {
                return "head";
            }

            @Override
            public Grid grid() {
                return own;
            }

            @Override
            public List<String> remarks() {
                return List.of("a remark");
            }

            @Override
            public RegionSource open() {
                RegionSource source = RegionSource.of(input);
                return new RegionSource() {
                    @Override
                    public long[] shape() {
                        return source.shape();
                    }

                    @Override
                    public INDArray region(long[] start, long... size) {
                        mostRows = Math.max(mostRows, size[0]);
                        return source.region(start, size);
                    }
                };
            }

            @Override
            public SlabSink sink() {
                return SlabSink.collect(Axes.size(input), whole -> output[0] = whole);
            }
        };
        Iterator<Flow> flows = List.<Flow>of(new GridFlow(flow, network)).iterator();
        SlidingWindows.builder().window(8).batch(3).build().apply(flows, function);
        return output[0];
    }

    private NetworkGrid network(Grid stated, GridPolicy policy, boolean classes) {
        return NetworkGrid.of(description(NETWORK), stated, policy, classes, notes::add);
    }

    private static INDArray smooth(long... shape) {
        INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape);
        for (int i = 0; i < array.length(); i++) {
            long[] place = new Axes(shape).place(i);
            array.putScalar(i, Math.sin(place[1] / 4.0) + Math.cos(place[2] / 3.0) * place[3] / 9);
        }
        return array;
    }

    /** Slabs give what the whole would, whichever rows are at hand. */
    @ParameterizedTest
    @CsvSource({"1, SAR, 150", "1.3, SAR, 150", "3, SAR, 90", "1, SLA, 150", "1, IAR, 20", "1, RAS, 20", "2, PIL, 9"})
    void asInOnePiece(double step, String orientation, int rows) {
        Grid own = Grid.of(List.of(step, step, step), orientation);
        INDArray input = smooth(1, rows, 12, 10);
        for (boolean classes : new boolean[] {true, false}) {
            INDArray output = answer(input, own, network(Grid.UNKNOWN, GridPolicy.RESAMPLE, classes), INDArray::dup);
            Regridding way = Regridding.between(own, NETWORK, rows, 12, 10);
            INDArray expected = way.restore(
                    way.apply(input, NetworkGrid.INPUTS), classes ? Resampling.LINEAR : Resampling.CUBIC.antiAliased());
            assertArrayEquals(expected.shape(), output.shape());
            assertEquals(0, output.sub(expected).amaxNumber().doubleValue(), 1e-5);
        }
        assertTrue(mostRows < 0.7 * rows || !orientation.startsWith("S"), mostRows + " of " + rows + " rows at once");
        assertEquals(4, notes.size(), notes.toString());
        assertTrue(
                notes.get(0).matches("head: (resampled|turned) from .* to 2 x 2 x 2 mm, SAR.*, the result back"),
                notes.get(0));
        assertEquals("head: a remark", notes.get(1));
    }

    @Test
    void equalGridsChangeNoBit() {
        INDArray input = smooth(1, 9, 12, 10);
        INDArray plain = SlidingWindows.builder().window(8).batch(3).build().apply(input, INDArray::dup);
        for (Grid own : List.of(NETWORK, Grid.UNKNOWN, Grid.of(List.of(2.01, 1.99, 2.0), "SAR"))) {
            assertEquals(plain, answer(input, own, network(Grid.UNKNOWN, GridPolicy.RESAMPLE, false), INDArray::dup));
        }
        Grid other = Grid.of(List.of(1.0, 1.0, 1.0), "RAS");
        assertEquals(plain, answer(input, other, network(Grid.UNKNOWN, GridPolicy.IGNORE, false), INDArray::dup));
    }

    @Test
    void unknownGridsAreSaidOnce() {
        INDArray input = smooth(1, 9, 12, 10);
        NetworkGrid network = network(Grid.UNKNOWN, GridPolicy.RESAMPLE, false);
        answer(input, Grid.UNKNOWN, network, INDArray::dup);
        answer(input, Grid.UNKNOWN, network, INDArray::dup);
        notes.removeIf(note -> note.endsWith("a remark"));
        assertEquals(
                List.of(
                        "head does not say its grid, which is taken to be the network's, 2 x 2 x 2 mm, SAR; so for all that"
                                + " do not"),
                notes);
        notes.clear();
        Grid stated = Grid.of(List.of(1.0, 1.0, 1.0), "");
        answer(input, Grid.UNKNOWN, network(stated, GridPolicy.RESAMPLE, false), INDArray::dup);
        assertTrue(notes.get(0).contains("resampled from 1 x 1 x 1 mm to 2 x 2 x 2 mm"), notes.toString());
        notes.clear();
        answer(input, NETWORK, network(stated, GridPolicy.RESAMPLE, false), INDArray::dup);
        assertEquals(
                "head says its own grid, 2 x 2 x 2 mm, SAR, which counts, not the stated one, 1 x 1 x 1 mm; so for all"
                        + " that do",
                notes.get(0));
    }

    @Test
    void othersAreRefused() {
        INDArray input = smooth(1, 9, 12, 10);
        NetworkGrid refusing = network(Grid.UNKNOWN, GridPolicy.REFUSE, false);
        answer(input, NETWORK, refusing, INDArray::dup);
        Grid other = Grid.of(List.of(2.0, 2.0, 2.0), "RAS");
        DataException refusal = assertThrows(DataException.class, () -> answer(input, other, refusing, INDArray::dup));
        assertTrue(refusal.getMessage().startsWith("head: its grid is 2 x 2 x 2 mm, RAS"), refusal.getMessage());
        NetworkGrid network = network(Grid.UNKNOWN, GridPolicy.RESAMPLE, false);
        Grid metres = Grid.of(List.of(2000.0, 2000.0, 2000.0), "SAR");
        assertThrows(DataException.class, () -> answer(input, metres, network, INDArray::dup));
    }

    /** Splines go beyond what they lead through; a variance must not. */
    @Test
    void uncertaintyStaysANumber() {
        INDArray input = smooth(1, 20, 12, 10);
        UnaryOperator<INDArray> spiky = batch -> {
            INDArray both = Nd4j.zeros(DataType.FLOAT, batch.size(0), 2, 8, 7, 6);
            for (int n = 0; n < batch.size(0); n++) {
                both.putScalar(new long[] {n, 1, 4, 3, 3}, 9);
            }
            return both;
        };
        Grid own = Grid.of(List.of(1.2, 1.2, 1.2), "SAR");
        INDArray output = answer(input, own, network(Grid.UNKNOWN, GridPolicy.RESAMPLE, false), spiky);
        assertTrue(output.minNumber().doubleValue() < 0, "a spline below 0");
        Uncertain uncertain = Uncertain.of(output);
        assertEquals(0, uncertain.deviation().minNumber().doubleValue());
        assertTrue(Double.isFinite(uncertain.deviation().sumNumber().doubleValue()));
    }

    /** The probabilities of a whole example have no positions. */
    @Test
    void answersOfTheWholeStay() {
        INDArray input = smooth(1, 6, 6, 6);
        Grid own = Grid.of(List.of(2.5, 2.5, 2.5), "RAS");
        INDArray output = answer(
                input,
                own,
                network(Grid.UNKNOWN, GridPolicy.RESAMPLE, true),
                batch -> Nd4j.createFromArray(new float[][] {{0.25f, 0.75f}}));
        assertEquals(Nd4j.createFromArray(0.25f, 0.75f), output);
    }
}
