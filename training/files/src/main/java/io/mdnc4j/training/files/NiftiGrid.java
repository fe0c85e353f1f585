package io.mdnc4j.training.files;

import io.mdnc4j.training.arrays.Grid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a NIfTI file says that its voxels lie. Its sform counts if it has a code, else its qform, else only the distances
 * (nifti1.h of 2007, methods 3, 2 and 1). Millimetres are assumed where the file names no unit. Axes are those of the body that
 * are nearest; nothing is rotated.
 *
 * @param grid of {@code [z, y, x]}, or what is known of it
 * @param remarks what the file contradicts itself in, or what is not followed
 */
record NiftiGrid(Grid grid, List<String> remarks) {
    private static final int UNITS = 123;
    private static final int QFORM_CODE = 252;
    private static final int SFORM_CODE = 254;
    private static final int QUATERNION = 256;
    private static final int SFORM = 280;
    private static final int SPATIAL_UNITS = 7;
    private static final byte MILLIMETRES = 2;
    private static final short SCANNER = 1;

    /** Millimetres in each unit, by its number; 0 for unknown. */
    private static final double[] UNIT = {1, 1e3, 1, 1e-3};

    private static final String[] POSITIVE = {"R", "A", "S"};
    private static final String[] NEGATIVE = {"L", "P", "I"};

    private static final int[][] ORDERS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    /** Turned by less is not oblique. */
    private static final double STRAIGHT_DEGREES = 1;

    private static final double SAME = 0.01;

    /** What a header says. */
    static NiftiGrid of(ByteBuffer header) {
        List<String> remarks = new ArrayList<>();
        int code = header.get(UNITS) & SPATIAL_UNITS;
        double unit = code < UNIT.length ? UNIT[code] : 1;
        double[] @Nullable [] sform = header.getShort(SFORM_CODE) > 0 ? sform(header, unit) : null;
        double[] @Nullable [] qform = header.getShort(QFORM_CODE) > 0 ? qform(header, unit) : null;
        if (header.getShort(SFORM_CODE) > 0 && sform == null) {
            remarks.add("its sform is no affine map and passed over");
        }
        if (header.getShort(QFORM_CODE) > 0 && qform == null) {
            remarks.add("its qform is no rotation of voxels and passed over");
        }
        if (sform != null && qform != null && differ(sform, qform)) {
            remarks.add("its sform and qform differ; the sform counts");
        }
        double[] @Nullable [] affine = sform == null ? qform : sform;
        if (affine == null) {
            return new NiftiGrid(Grid.of(distances(header, unit), ""), remarks);
        }
        return new NiftiGrid(grid(affine, remarks), remarks);
    }

    private static List<Double> distances(ByteBuffer header, double unit) {
        List<Double> distances = new ArrayList<>();
        for (int axis = NiftiFormat.SPATIAL; axis > 0; axis--) {
            double distance = unit * Math.abs(header.getFloat(NiftiFormat.PIXDIM + Float.BYTES * axis));
            if (!(distance > 0 && Double.isFinite(distance))) {
                return List.of();
            }
            distances.add(distance);
        }
        return distances;
    }

    /** Steps along x, y and z of the body (rows) of each axis of the file (columns); {@code null} if they are no volume's. */
    private static double[] @Nullable [] sform(ByteBuffer header, double unit) {
        double[][] affine = new double[NiftiFormat.SPATIAL][NiftiFormat.SPATIAL];
        for (int row = 0; row < affine.length; row++) {
            for (int column = 0; column < affine.length; column++) {
                int place = row * (NiftiFormat.SPATIAL + 1) + column;
                affine[row][column] = unit * header.getFloat(SFORM + Float.BYTES * place);
            }
        }
        return isVolume(affine) ? affine : null;
    }

    private static double[] @Nullable [] qform(ByteBuffer header, double unit) {
        double b = header.getFloat(QUATERNION);
        double c = header.getFloat(QUATERNION + Float.BYTES);
        double d = header.getFloat(QUATERNION + 2 * Float.BYTES);
        double rest = 1 - b * b - c * c - d * d;
        if (!(rest > -SAME)) {
            return null;
        }
        double a = Math.sqrt(Math.max(0, rest));
        double[][] affine = {
            {a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)},
            {2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)},
            {2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c}
        };
        double handed = header.getFloat(NiftiFormat.PIXDIM) < 0 ? -1 : 1;
        for (double[] row : affine) {
            for (int column = 0; column < row.length; column++) {
                double distance = Math.abs(header.getFloat(NiftiFormat.PIXDIM + Float.BYTES * (column + 1)));
                row[column] *= unit * distance * (column == row.length - 1 ? handed : 1);
            }
        }
        return isVolume(affine) ? affine : null;
    }

    private static boolean isVolume(double[][] m) {
        double determinant = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
                - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
                + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
        double box = length(m, 0) * length(m, 1) * length(m, 2);
        return Double.isFinite(box) && box > 0 && Math.abs(determinant) > SAME * box;
    }

    private static double length(double[][] affine, int column) {
        double squares = 0;
        for (double[] row : affine) {
            squares += row[column] * row[column];
        }
        return Math.sqrt(squares);
    }

    private static boolean differ(double[][] one, double[][] other) {
        for (int column = 0; column < NiftiFormat.SPATIAL; column++) {
            double squares = 0;
            for (int row = 0; row < NiftiFormat.SPATIAL; row++) {
                squares += (one[row][column] - other[row][column]) * (one[row][column] - other[row][column]);
            }
            if (Math.sqrt(squares) > 2 * SAME * length(one, column)) {
                return true;
            }
        }
        return false;
    }

    private static Grid grid(double[][] affine, List<String> remarks) {
        int[] order = order(affine);
        List<Double> spacing = new ArrayList<>();
        StringBuilder orientation = new StringBuilder();
        double turned = 0;
        for (int column = NiftiFormat.SPATIAL - 1; column >= 0; column--) {
            double length = length(affine, column);
            double along = affine[order[column]][column];
            spacing.add(length);
            orientation.append((along > 0 ? POSITIVE : NEGATIVE)[order[column]]);
            turned = Math.max(turned, Math.toDegrees(Math.acos(Math.min(1, Math.abs(along) / length))));
        }
        if (turned > STRAIGHT_DEGREES) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "its axes are turned by up to %.0f degrees from %s, which they are taken for",
                    turned,
                    orientation));
        }
        return Grid.of(spacing, orientation.toString());
    }

    /** For each axis of the file the axis of the body that it is nearest to, all together. */
    private static int[] order(double[][] affine) {
        int[] best = ORDERS[0];
        double most = -1;
        for (int[] order : ORDERS) {
            double sum = 0;
            for (int column = 0; column < order.length; column++) {
                sum += Math.abs(affine[order[column]][column]) / length(affine, column);
            }
            if (sum > most) {
                most = sum;
                best = order;
            }
        }
        return best;
    }

    /** Puts a grid into a header that has none yet. */
    static void put(Grid grid, ByteBuffer header) {
        int axes = Math.min(grid.spacing().size(), NiftiFormat.SPATIAL);
        Grid known = grid.withAxes(axes);
        for (int axis = 1; axis <= axes; axis++) {
            float distance = known.spacing().get(axes - axis).floatValue();
            header.putFloat(NiftiFormat.PIXDIM + Float.BYTES * axis, distance);
        }
        if (axes > 0) {
            header.put(UNITS, MILLIMETRES);
        }
        if (known.orientation().length() < NiftiFormat.SPATIAL) {
            return;
        }
        header.putShort(SFORM_CODE, SCANNER);
        for (int axis = 1; axis <= axes; axis++) {
            String letter = known.orientation().substring(axes - axis, axes - axis + 1);
            double distance = known.spacing().get(axes - axis);
            for (int row = 0; row < NiftiFormat.SPATIAL; row++) {
                double step = letter.equals(POSITIVE[row]) ? distance : letter.equals(NEGATIVE[row]) ? -distance : 0;
                int place = row * (NiftiFormat.SPATIAL + 1) + axis - 1;
                header.putFloat(SFORM + Float.BYTES * place, (float) step);
            }
        }
    }
}
