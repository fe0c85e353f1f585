package io.mdnc4j.training.predict.bioimageio;

import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.TrainedOn;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An input to try a network with, where there is no real one: soft spots and a little noise, at the level and scale of what it was
 * trained on, the same each time.
 */
final class TestInput {
    private static final int SPOTS_AN_AXIS = 2;
    private static final double NOISE = 0.1;

    private TestInput() {}

    /** An input {@code [C, size...]}. */
    static INDArray of(ModelDescription description, long... shape) {
        Random random = new Random(1);
        INDArray input = Nd4j.create(DataType.FLOAT, shape);
        int axes = shape.length - 1;
        long[] place = new long[shape.length];
        long length = input.length() / shape[0];
        for (int c = 0; c < shape[0]; c++) {
            double[][] centres = new double[SPOTS_AN_AXIS * Math.max(1, axes)][axes];
            for (double[] centre : centres) {
                for (int axis = 0; axis < axes; axis++) {
                    centre[axis] = random.nextDouble() * shape[axis + 1];
                }
            }
            double level = level(description, c);
            double scale = scale(description, c);
            for (long i = 0; i < length; i++) {
                long rest = i;
                for (int axis = axes; axis >= 1; axis--) {
                    place[axis] = rest % shape[axis];
                    rest /= shape[axis];
                }
                double spot = 0;
                for (double[] centre : centres) {
                    double distance = 0;
                    for (int axis = 0; axis < axes; axis++) {
                        double part = (place[axis + 1] - centre[axis]) / Math.max(1, 0.15 * shape[axis + 1]);
                        distance += part * part;
                    }
                    // not their sum: on a line that would reach the top nearly everywhere
                    spot = Math.max(spot, Math.exp(-distance / 2));
                }
                double value = spot + NOISE * random.nextGaussian();
                input.putScalar(c * length + i, level + scale * Math.max(0, Math.min(1, value)));
            }
        }
        return input;
    }

    private static double level(ModelDescription description, int channel) {
        TrainedOn.Values known = values(description, channel);
        if (known != null) {
            return known.low();
        }
        return channel < description.normalization().mean().size()
                ? description.normalization().mean().get(channel)
                : 0;
    }

    private static double scale(ModelDescription description, int channel) {
        TrainedOn.Values known = values(description, channel);
        if (known != null && known.high() > known.low()) {
            return known.high() - known.low();
        }
        return channel < description.normalization().deviation().size()
                ? description.normalization().deviation().get(channel)
                : 1;
    }

    private static TrainedOn.@Nullable Values values(ModelDescription description, int channel) {
        return channel < description.trainedOn().values().size()
                ? description.trainedOn().values().get(channel)
                : null;
    }
}
