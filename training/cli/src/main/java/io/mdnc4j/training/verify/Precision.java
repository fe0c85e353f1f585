package io.mdnc4j.training.verify;

import io.mdnc4j.blocks.Coded;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;

/** The data type that cases run in, with its tolerances. */
public enum Precision implements Coded {
    DOUBLE(DataType.DOUBLE, 1e-9, 1e-12, 1e-9, 1e-11, 1e-8),
    FLOAT(DataType.FLOAT, 1e-4, 1e-12, 1e-3, 0, 1e-4);

    private final DataType dataType;
    private final double output;
    private final double outputFloor;
    private final double gradient;
    private final double gradientFloor;
    private final double loss;

    Precision(
            DataType dataType, double output, double outputFloor, double gradient, double gradientFloor, double loss) {
        this.dataType = dataType;
        this.output = output;
        this.outputFloor = outputFloor;
        this.gradient = gradient;
        this.gradientFloor = gradientFloor;
        this.loss = loss;
    }

    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    DataType dataType() {
        return dataType;
    }

    /** The largest difference that passes for that tensor as a whole. */
    double tolerance(ReferenceCase reference, String tensor, boolean isGradient) {
        double largest = largest(reference.tensor(tensor));
        double scale = reference.gradientScale();
        if (!isGradient) {
            return output * largest + outputFloor;
        }
        return this == DOUBLE
                ? gradient * largest + gradientFloor * Math.max(1, scale)
                : gradient * Math.max(largest, scale);
    }

    /** The largest relative difference of a training loss. */
    double lossTolerance() {
        return loss;
    }

    static double largest(ReferenceCase.Tensor tensor) {
        return Arrays.stream(tensor.values()).map(Math::abs).max().orElse(0);
    }
}
