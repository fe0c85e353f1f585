package io.mdnc4j.training.files;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the voxels of a NIfTI file lie: {@code x = a i} with the place {@code i = (column, row, slice, 1)}, in the file's unit. By
 * its sform, or else its qform (nifti1.h of 2007, methods 3 and 2).
 *
 * @param a rows for the three axes of space
 */
record NiftiAffine(double[][] a) {
    private static final int PIXDIM = 76;
    private static final int QFORM_CODE = 252;
    private static final int SFORM_CODE = 254;
    private static final int QUATERNION = 256;
    private static final int OFFSET = 268;
    private static final int SFORM = 280;
    private static final int SPATIAL = 3;

    /** What a header says; {@code null} if it says neither. */
    static @Nullable NiftiAffine of(ByteBuffer header) {
        if (header.getShort(SFORM_CODE) > 0) {
            double[][] a = new double[SPATIAL][SPATIAL + 1];
            for (int i = 0; i < SPATIAL * (SPATIAL + 1); i++) {
                a[i / (SPATIAL + 1)][i % (SPATIAL + 1)] = header.getFloat(SFORM + Float.BYTES * i);
            }
            return new NiftiAffine(a);
        }
        return header.getShort(QFORM_CODE) > 0 ? new NiftiAffine(rotated(header)) : null;
    }

    private static double[][] rotated(ByteBuffer header) {
        double b = header.getFloat(QUATERNION);
        double c = header.getFloat(QUATERNION + Float.BYTES);
        double d = header.getFloat(QUATERNION + 2 * Float.BYTES);
        double a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
        double[][] rotation = {
            {a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c), 0},
            {2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b), 0},
            {2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c, 0}
        };
        boolean mirrored = header.getFloat(PIXDIM) < 0;
        for (int row = 0; row < SPATIAL; row++) {
            for (int column = 0; column < SPATIAL; column++) {
                rotation[row][column] *= header.getFloat(PIXDIM + Float.BYTES * (column + 1));
            }
            rotation[row][SPATIAL - 1] *= mirrored ? -1 : 1;
            rotation[row][SPATIAL] = header.getFloat(OFFSET + Float.BYTES * row);
        }
        return rotation;
    }

    /** How far a voxel lies from where the other says, at most; {@code size} is that of the volume, as {@code [z, y, x]}. */
    double distance(NiftiAffine other, long... size) {
        double most = 0;
        for (int corner = 0; corner < 1 << SPATIAL; corner++) {
            double squares = 0;
            for (int row = 0; row < SPATIAL; row++) {
                double difference = a[row][SPATIAL] - other.a[row][SPATIAL];
                for (int axis = 0; axis < SPATIAL; axis++) {
                    long last = size[size.length - 1 - axis] - 1;
                    difference += (a[row][axis] - other.a[row][axis]) * (corner >> axis & 1) * last;
                }
                squares += difference * difference;
            }
            most = Math.max(most, Math.sqrt(squares));
        }
        return most;
    }

    /** The smallest step from a voxel to the next one. */
    double step() {
        double least = Double.POSITIVE_INFINITY;
        for (int axis = 0; axis < SPATIAL; axis++) {
            least = Math.min(least, Math.hypot(Math.hypot(a[0][axis], a[1][axis]), a[2][axis]));
        }
        return least;
    }
}
