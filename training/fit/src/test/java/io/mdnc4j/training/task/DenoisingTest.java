package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.metrics.SignalToNoise;
import io.mdnc4j.training.predict.Example;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

class DenoisingTest {
    private final Signal signal = Signal.ecg();
    private final TrainingData ecg = Denoising.of(signal);

    private double[][] test(Function<Example, INDArray> part) {
        return IntStream.range(0, ecg.test().size())
                .mapToObj(n -> part.apply(ecg.test().get(n)).dup().data().asDouble())
                .toArray(double[][]::new);
    }

    @Test
    void fifthsBecomeWholeWindows() {
        assertEquals(108_000, signal.samples().length);
        assertEquals(42, ecg.test().size());
        assertEquals(42, ecg.validation().size());
        assertEquals(signal.samples()[86_400], ecg.test().get(0).target().getDouble(0), 1e-6);
        assertEquals(signal.samples()[64_800], ecg.validation().get(0).target().getDouble(0), 1e-6);
    }

    @Test
    void noiseAndFilterHaveTheirKnownRatios() {
        double[][] clean = test(Example::target);
        assertEquals(6.0, SignalToNoise.decibel(clean, test(Example::input)), 0.15);
        Baseline.Method filter = ecg.baselines().get(1).fit().apply(ecg.test());
        assertEquals(13.06, SignalToNoise.decibel(clean, test(filter.answer())), 0.02);
        assertEquals(15, filter.settings().get("window"));
    }

    @Test
    void noiseOfTheTestPartIsAlwaysTheSame() {
        assertEquals(
                ecg.test().get(7).input(), Denoising.of(signal).test().get(7).input());
        assertEquals(ecg.fingerprint(), Denoising.of(signal).fingerprint());
    }

    /** Where nothing clean is used there is one noisy recording, whatever is drawn of it. */
    @ParameterizedTest
    @EnumSource(value = Supervision.class, names = "CLEAN", mode = EnumSource.Mode.EXCLUDE)
    void noiseIsNeverDrawnAnewWithoutCleanTargets(Supervision supervision) {
        TrainingData noisy = Denoising.of(signal, supervision);
        Map<Integer, Set<Float>> values = new HashMap<>();
        SplittableRandom random = new SplittableRandom(6);
        int known = 0;
        for (int n = 0; n < 600; n++) {
            Example window = noisy.training().draw(n, random);
            int start = Integer.parseInt(window.name().split(" ")[1]);
            float[] target = window.target().data().asFloat();
            for (int i = 0; i < Denoising.LENGTH; i++) {
                if (!Float.isNaN(target[i])) {
                    known++;
                    values.computeIfAbsent(start + i, place -> new HashSet<>()).add(target[i]);
                    assertNotEquals((float) signal.samples()[start + i], target[i]);
                }
            }
        }
        boolean pairs = supervision == Supervision.NOISY_TARGETS;
        assertEquals(pairs ? 600 * Denoising.LENGTH : 600 * 10, known);
        assertEquals(
                pairs ? 2 : 1,
                values.values().stream().mapToInt(Set::size).max().orElseThrow());
        // the test part is that of the others
        assertEquals(ecg.test().get(3).input(), noisy.test().get(3).input());
        assertEquals(ecg.test().get(3).target(), noisy.test().get(3).target());
        assertEquals(
                "snr_db",
                noisy.measures().metrics(new double[4]).keySet().iterator().next());
        assertEquals(
                "noisy_rmse",
                noisy.validationMeasures()
                        .metrics(new double[3])
                        .keySet()
                        .iterator()
                        .next());
        assertEquals(supervision.code(), noisy.describe("m").properties().get("supervision"));
        assertTrue(noisy.overview().lines().toString().contains(supervision.remark()));
    }

    /** Otherwise the network could learn it. */
    @Test
    void noiseOfTargetsIsAnother() {
        TrainingData noisy = Denoising.of(signal, Supervision.NOISY_TARGETS);
        double own = 0;
        double product = 0;
        for (int n = 0; n < noisy.validation().size(); n++) {
            INDArray clean = ecg.validation().get(n).target();
            INDArray input = noisy.validation().get(n).input().sub(clean);
            INDArray target = noisy.validation().get(n).target().sub(clean);
            own += input.mul(input).sumNumber().doubleValue();
            product += input.mul(target).sumNumber().doubleValue();
        }
        assertEquals(0, product / own, 0.03);
    }

    @Test
    void batchesAreNormalisedByTheNoisyWindow() {
        DataSet batch = ecg.validation(8).next();
        assertArrayEquals(new long[] {8, 1, 512}, batch.getFeatures().shape());
        double[] window = batch.getFeatures().slice(3).dup().data().asDouble();
        double mean = Arrays.stream(window).average().orElseThrow();
        assertEquals(0, mean, 1e-6);
        assertEquals(1, Arrays.stream(window).map(x -> x * x).average().orElseThrow(), 1e-5);
        double[] noisy = ecg.validation().get(3).input().data().asDouble();
        double[] clean = ecg.validation().get(3).target().data().asDouble();
        double scale = (window[1] - window[0]) / (noisy[1] - noisy[0]);
        assertEquals(
                window[0] + scale * (clean[5] - noisy[0]),
                batch.getLabels().slice(3).dup().data().getDouble(5),
                1e-4);
    }

    @Test
    void trainingWindowsFollowSeedAndEpoch() {
        EpochIterator windows = ecg.training(100, 5);
        assertEquals(11, windows.batchesPerEpoch());
        DataSet first = windows.next();
        INDArray second = windows.next().getFeatures();
        assertNotEquals(first.getFeatures(), second);
        windows.reset();
        assertNotEquals(first.getFeatures(), windows.next().getFeatures());
        windows.startEpoch(1);
        windows.skip(1);
        assertEquals(second, windows.next().getFeatures());
        assertEquals(first.getFeatures(), ecg.training(100, 5).next().getFeatures());
        assertNotEquals(first.getFeatures(), ecg.training(100, 6).next().getFeatures());
    }

    @Test
    void shortSignalsAreRefused() {
        DataException e =
                assertThrows(DataException.class, () -> Denoising.of(new Signal("short", new double[2559], 1, "V")));
        assertTrue(e.getMessage().contains("2559"), e.getMessage());
    }
}
