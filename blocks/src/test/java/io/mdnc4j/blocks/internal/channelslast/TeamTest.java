package io.mdnc4j.blocks.internal.channelslast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.Alone;
import io.mdnc4j.blocks.internal.kernels.Convolutions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Shares of a batch beside the whole of it. */
class TeamTest {
    private static final int BATCH = 7;
    private static final int LENGTH = 33;

    private final List<INDArray> gradients = new ArrayList<>();

    private static INDArray random(long seed, long... shape) {
        Random random = new Random(seed);
        INDArray array = Nd4j.zeros(DataType.FLOAT, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }

    private Trained parameter(Program program, int number, long... shape) {
        INDArray value = random(number, shape);
        if (gradients.size() <= number) {
            gradients.add(Nd4j.zeros(DataType.FLOAT, shape));
        }
        return program.trained(() -> value, () -> gradients.get(number));
    }

    /** Convolution, normalisation with rectifier, product; each with parameters. */
    private Program program(Share share) {
        Program program = new Program(true, false, InferencePrecision.FLOAT, share, Choices.RULES);
        Maps x = program.input(BATCH, 2, LENGTH);
        Maps wide = program.convolve(
                "conv",
                new Convolutions(new int[] {3}, new int[] {2}, new int[] {1}),
                5,
                parameter(program, 0, 5, 2, 3),
                parameter(program, 1, 5),
                x);
        Norm norm = new Norm(
                true, 1e-5, training -> null, parameter(program, 2, 5), parameter(program, 3, 5), moments -> {});
        Maps rectified = program.normalize("norm", norm, new Slope(parameter(program, 4, 5), 0), wide);
        program.output(program.convolve(
                "last",
                new Convolutions(new int[] {1}, new int[] {1}, new int[] {0}),
                3,
                parameter(program, 5, 3, 5, 1),
                null,
                rectified));
        assertTrue(program.complete());
        return program;
    }

    private Team team(int shares) {
        gradients.clear();
        List<Program> programs = new ArrayList<>();
        for (int number = 0; number < shares; number++) {
            Share share = new Share(number, shares);
            Alone.run(() -> programs.add(program(share)));
        }
        return new Team(programs);
    }

    private static void close(INDArray expected, INDArray actual) {
        double difference = expected.sub(actual).amaxNumber().doubleValue();
        assertTrue(difference <= 1e-5 * Math.max(1, expected.amaxNumber().doubleValue()), expected + "\n" + actual);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void sharesAddUpToTheWhole(int shares) {
        INDArray x = random(10, BATCH, 2, LENGTH);
        INDArray dy = random(11, BATCH, 3, (LENGTH + 1) / 2);
        Team whole = team(1);
        whole.forward(x);
        INDArray expected = whole.output(0);
        whole.backward(dy);
        List<INDArray> expectedGradients = List.copyOf(gradients);
        Team team = team(shares);
        for (int repetition = 0; repetition < 2; repetition++) {
            team.forward(x);
            close(expected, team.output(0));
            team.backward(dy);
            for (int i = 0; i < expectedGradients.size(); i++) {
                close(expectedGradients.get(i), gradients.get(i));
            }
        }
        team.free();
        whole.free();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 16})
    void everySampleIsInOneShare(int shares) {
        for (int batch = shares; batch < 40; batch++) {
            int next = 0;
            for (int number = 0; number < shares; number++) {
                Share share = new Share(number, shares);
                assertEquals(next, share.first(batch));
                assertTrue(share.samples(batch) >= 1);
                next += share.samples(batch);
            }
            assertEquals(batch, next);
        }
    }

    /** The thread's number of native threads is its own again afterwards, come what may. */
    @Test
    void aloneForAWhile() {
        NativeOps natives = NativeOpsHolder.getInstance().getDeviceNativeOps();
        Nd4j.zeros(1);
        int before = natives.ompGetMaxThreads();
        assertThrows(
                IllegalStateException.class,
                () -> Alone.run(() -> {
                    assertEquals(1, natives.ompGetMaxThreads());
                    throw new IllegalStateException();
                }));
        assertEquals(before, natives.ompGetMaxThreads());
    }
}
