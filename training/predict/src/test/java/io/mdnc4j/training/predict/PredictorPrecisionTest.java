package io.mdnc4j.training.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.backends.NativeConvolutions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PredictorPrecisionTest {
    private static float[] signal() {
        Random random = new Random(1);
        float[] signal = new float[1500];
        for (int i = 0; i < signal.length; i++) {
            signal[i] = (float) (Math.sin(i / 10.0) + 0.3 * random.nextGaussian());
        }
        return signal;
    }

    private static float[] predict(InferencePrecision precision) throws IOException {
        try (Predictor predictor =
                Predictor.builder(Path.of("ecg-denoiser")).precision(precision).build()) {
            return predictor.predict(signal());
        }
    }

    @Test
    void isRoundedAtSpeedOrRefused() throws IOException {
        if (!NativeConvolutions.atSpeed(InferencePrecision.BF16)) {
            ArgumentException refused = assertThrows(ArgumentException.class, () -> predict(InferencePrecision.BF16));
            assertTrue(refused.getMessage().startsWith("precision: bf16"), refused.getMessage());
            return;
        }
        float[] exact = predict(InferencePrecision.FLOAT);
        float[] rounded = predict(InferencePrecision.BF16);
        assertFalse(Arrays.equals(exact, rounded));
        float largest = 0;
        for (float value : exact) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(exact, rounded, 1e-2f * largest);
    }
}
