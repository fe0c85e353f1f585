package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.metrics.SavitzkyGolay;
import io.mdnc4j.training.metrics.SignalToNoise;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

class DenoisingTest {
    private final Denoising ecg = new Denoising(Signal.ecg());

    @Test
    void fifthsBecomeWholeWindows() {
        assertEquals(108_000, ecg.signal().samples().length);
        assertEquals(42, ecg.test().size());
        assertEquals(42, ecg.validation().size());
        assertEquals(ecg.signal().samples()[86_400], ecg.test().clean()[0][0]);
        assertEquals(ecg.signal().samples()[64_800], ecg.validation().clean()[0][0]);
    }

    @Test
    void noiseAndFilterHaveTheirKnownRatios() {
        double[][] clean = ecg.test().clean();
        double[][] noisy = ecg.test().noisy();
        assertEquals(6.0, SignalToNoise.decibel(clean, noisy), 0.15);
        assertEquals(
                13.1,
                SignalToNoise.decibel(clean, SavitzkyGolay.best(clean, noisy).filter(noisy)),
                0.2);
    }

    @Test
    void noiseOfTheTestPartIsAlwaysTheSame() {
        assertArrayEquals(
                ecg.test().noisy()[7], new Denoising(Signal.ecg()).test().noisy()[7]);
    }

    @Test
    void noisyWindowsAreNormalisedAndRestored() {
        DataSet data = ecg.test().dataSet();
        assertArrayEquals(new long[] {42, 1, 512}, data.getFeatures().shape());
        double[] window = data.getFeatures().slice(3).dup().data().asDouble();
        Normalization of = Normalization.of(window);
        assertEquals(0, of.mean(), 1e-6);
        assertEquals(1, of.deviation(), 1e-6);
        assertArrayEquals(ecg.test().clean()[3], ecg.test().restore(data.getLabels())[3], 1e-6);
    }

    @Test
    void trainingWindowsFollowSeedAndEpoch() {
        RandomWindows windows = ecg.training(100, 5);
        assertEquals(11, windows.batchesPerEpoch());
        DataSet first = windows.next();
        assertNotEquals(first.getFeatures(), windows.next().getFeatures());
        windows.reset();
        assertNotEquals(first.getFeatures(), windows.next().getFeatures());
        windows.startEpoch(1);
        assertEquals(first.getFeatures(), windows.next().getFeatures());
        assertEquals(first.getFeatures(), ecg.training(100, 5).next().getFeatures());
        assertNotEquals(first.getFeatures(), ecg.training(100, 6).next().getFeatures());
    }

    @Test
    void shortSignalsAreRefused() {
        DataException e =
                assertThrows(DataException.class, () -> new Denoising(new Signal("short", new double[2559], 1, "V")));
        assertTrue(e.getMessage().contains("2559"), e.getMessage());
    }
}
