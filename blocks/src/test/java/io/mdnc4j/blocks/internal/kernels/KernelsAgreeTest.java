package io.mdnc4j.blocks.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Host loops and ND4J operations give the same result. */
class KernelsAgreeTest {
    private static final double EPS = 1e-5;

    /** [N, C, size...] with rows from one element to beyond a block. */
    @Provide
    Arbitrary<long[]> shapes() {
        Arbitrary<Long> few = Arbitraries.longs().between(1, 5);
        Arbitrary<Long> length = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, Arbitraries.longs().between(1, 9)),
                net.jqwik.api.Tuple.of(1, Arbitraries.longs().between(60, 70)));
        return Arbitraries.oneOf(
                Combinators.combine(few, few, Arbitraries.longs().between(1, 5000))
                        .as((n, c, l) -> new long[] {n, c, l}),
                Combinators.combine(few, few, length, length).as((n, c, h, w) -> new long[] {n, c, h, w}),
                Combinators.combine(few, few, few, length, length).as((n, c, d, h, w) -> new long[] {n, c, d, h, w}));
    }

    @Property(tries = 60)
    void normalization(
            @ForAll("shapes") long[] shape, @ForAll Grouping grouping, @ForAll boolean affine, @ForAll boolean own) {
        INDArray x = random(shape).addi(3);
        INDArray dy = random(shape);
        INDArray scale = affine ? random(shape[1]) : null;
        INDArray shift = affine ? random(shape[1]) : null;
        INDArray[][] results = new INDArray[2][];
        Kernels[] both = {HostKernels.INSTANCE, OpsKernels.INSTANCE};
        for (int i = 0; i < 2; i++) {
            Statistics statistics = both[i].statistics(x, grouping, EPS);
            INDArray y = Nd4j.create(DataType.FLOAT, shape);
            INDArray dx = Nd4j.create(DataType.FLOAT, shape);
            INDArray dScale = affine ? Nd4j.create(DataType.FLOAT, shape[1]) : null;
            INDArray dShift = affine ? Nd4j.create(DataType.FLOAT, shape[1]) : null;
            both[i].normalize(x, grouping, statistics, scale, shift, y);
            INDArray again = Nd4j.create(DataType.FLOAT, shape);
            both[i].normalizeByOwn(x, grouping, EPS, scale, shift, again);
            assertEquals(y, again);
            both[i].normalizeBackward(x, dy, grouping, statistics, own, scale, dx, dScale, dShift);
            results[i] = affine ? new INDArray[] {y, dx, dScale, dShift} : new INDArray[] {y, dx};
        }
        // a group of few elements can have a variance close to 0, whose inverse amplifies rounding
        assertClose(results, grouping.size(x) < 8 ? 2e-2 : 2e-3);
    }

    @Property(tries = 40)
    void rectifiers(@ForAll("shapes") long[] shape, @ForAll boolean slope, @ForAll boolean overwritten) {
        INDArray x = random(shape);
        x.putScalar(0, 0);
        INDArray dy = random(shape);
        INDArray slopes = slope ? random(shape[1]) : null;
        if (slope && overwritten) { // as layers do only where the sign stays
            slopes = Transforms.abs(slopes).addi(0.1);
        }
        INDArray[][] results = new INDArray[2][];
        Kernels[] both = {HostKernels.INSTANCE, OpsKernels.INSTANCE};
        for (int i = 0; i < 2; i++) {
            INDArray y = Nd4j.create(DataType.FLOAT, shape);
            INDArray dx = Nd4j.create(DataType.FLOAT, shape);
            INDArray dSlope = slope ? Nd4j.create(DataType.FLOAT, shape[1]) : null;
            both[i].prelu(x, slopes, y);
            both[i].preluBackward(overwritten ? y : x, overwritten, dy, slopes, dx, dSlope);
            if (slope) {
                assertEquals(slopes.minNumber().doubleValue(), both[i].least(slopes));
                INDArray again = Nd4j.create(DataType.FLOAT, shape[1]);
                both[i].preluBackward(x, false, dy, slopes, Nd4j.create(DataType.FLOAT, shape), again);
                assertClose(new INDArray[][] {{dSlope}, {again}}, 1e-3);
            }
            results[i] = slope ? new INDArray[] {y, dx, dSlope} : new INDArray[] {y, dx};
        }
        assertClose(results, 1e-4);
    }

    @Property(tries = 60)
    void interpolation(@ForAll("shapes") long[] shape, @ForAll("targets") int[] targets) {
        long[] target = shape.clone();
        for (int axis = 2; axis < shape.length; axis++) {
            target[axis] = targets[axis];
        }
        INDArray x = random(shape);
        INDArray dy = random(target);
        INDArray[][] results = new INDArray[2][];
        Kernels[] both = {HostKernels.INSTANCE, OpsKernels.INSTANCE};
        for (int i = 0; i < 2; i++) {
            INDArray y = Nd4j.create(DataType.FLOAT, target);
            INDArray dx = Nd4j.create(DataType.FLOAT, shape);
            both[i].interpolate(x, y);
            both[i].interpolateBackward(dy, dx);
            results[i] = new INDArray[] {y, dx};
        }
        assertClose(results, 2e-3);
    }

    @Property(tries = 40)
    void cells(@ForAll("shapes") long[] shape, @ForAll("cellSizes") int[] sizes, @ForAll boolean all) {
        int[] factors = Arrays.copyOf(sizes, shape.length - 2);
        int places = Arrays.stream(factors).reduce(1, (a, b) -> a * b);
        long[] deep = shape.clone();
        deep[1] *= places;
        long[] fine = shape.clone();
        fine[1] += all ? 0 : 2;
        long[] ragged = shape.clone();
        for (int axis = 0; axis < factors.length; axis++) {
            fine[axis + 2] *= factors[axis];
            ragged[axis + 2] = ragged[axis + 2] * factors[axis] + (all ? 0 : factors[axis] - 1);
        }
        int first = all ? 0 : 1;
        INDArray x = random(deep);
        INDArray y = random(fine);
        INDArray coarse = random(shape);
        INDArray whole = random(ragged);
        INDArray[][] results = new INDArray[2][];
        Kernels[] both = {HostKernels.INSTANCE, OpsKernels.INSTANCE};
        for (int i = 0; i < 2; i++) {
            INDArray spread = y.dup('c');
            INDArray gathered = Nd4j.create(DataType.FLOAT, deep);
            INDArray again = Nd4j.create(DataType.FLOAT, deep);
            INDArray averages = Nd4j.create(DataType.FLOAT, shape);
            INDArray shares = Nd4j.valueArrayOf(ragged, 5f, DataType.FLOAT);
            both[i].depthToSpace(x, factors, spread, first);
            both[i].spaceToDepth(y, first, factors, gathered);
            both[i].spaceToDepth(spread, first, factors, again);
            assertEquals(x, again);
            both[i].averageCells(whole, factors, averages);
            both[i].averageCellsBackward(coarse, factors, shares);
            results[i] = new INDArray[] {spread, gathered, averages, shares};
        }
        assertClose(results, 1e-5);
    }

    @Provide
    Arbitrary<int[]> cellSizes() {
        return Arbitraries.integers().between(1, 3).array(int[].class).ofSize(3);
    }

    @Provide
    Arbitrary<int[]> targets() {
        return Arbitraries.integers().between(1, 40).array(int[].class).ofSize(5);
    }

    @Test
    void hostLoopsServeDenseFloatsOnly() {
        INDArray array = random(2, 3, 8);
        assertTrue(Rows.serve(array, null));
        assertTrue(Rows.serve(array.get(NDArrayIndex.interval(1, 2))), "a dense view with an offset");
        assertFalse(Rows.serve(array.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2))), "a view with gaps");
        assertFalse(Rows.serve(array.permute(1, 0, 2)), "out of order");
        assertFalse(Rows.serve(array.castTo(DataType.DOUBLE)), "doubles");
        assertFalse(Rows.serve(Nd4j.empty(DataType.FLOAT)), "empty");
    }

    @Test
    void denseViewsAreReadFromTheirOwnFirstElement() {
        INDArray whole = random(3, 2, 50);
        INDArray view = whole.get(NDArrayIndex.interval(1, 2));
        INDArray y = Nd4j.create(DataType.FLOAT, view.shape());
        HostKernels.INSTANCE.prelu(view, null, y);
        INDArray expected = Nd4j.create(DataType.FLOAT, view.shape());
        OpsKernels.INSTANCE.prelu(view.dup(), null, expected);
        assertEquals(expected, y);
    }

    @Test
    void rowsOfMillions() {
        INDArray x = random(1, 1, (1 << 24) + 3).addi(5);
        Statistics host = HostKernels.INSTANCE.statistics(x, Grouping.INSTANCE, EPS);
        double mean = x.castTo(DataType.DOUBLE).meanNumber().doubleValue();
        assertEquals(mean, host.mean()[0], 1e-6 * mean);
    }

    private static INDArray random(long... shape) {
        return Nd4j.randn(DataType.FLOAT, shape);
    }

    private static void assertClose(INDArray[][] results, double tolerance) {
        for (int i = 0; i < results[0].length; i++) {
            double scale = Math.max(1, results[1][i].amaxNumber().doubleValue());
            double error = results[0][i].sub(results[1][i]).amaxNumber().doubleValue();
            assertTrue(error <= tolerance * scale, "result " + i + " differs by " + error + " at scale " + scale);
        }
    }
}
