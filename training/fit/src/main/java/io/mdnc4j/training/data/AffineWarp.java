package io.mdnc4j.training.data;

import java.util.random.RandomGenerator;

/**
 * Turns, stretches, slants and shifts an image of any number of axes: an element of the output is the one of the input at
 * {@code matrix (place - middle of the output) + centre}, both places in elements.
 *
 * @param matrix rows, one an axis
 * @param centre the place in the input that comes to lie in the output's middle
 */
public record AffineWarp(double[][] matrix, double[] centre) implements Warp {
    /**
     * By how much a random warp changes an image, at most.
     *
     * @param rotation angle in the plane of each two axes, in radians
     * @param stretch part by which each axis becomes longer or shorter
     * @param slant shift of one axis for each element along another
     */
    public record Range(double rotation, double stretch, double slant) {}

    /**
     * A random warp, uniform in each of its numbers.
     *
     * @param range by how much it changes an image, at most
     * @param random what chance decides with
     * @param centre the place in the input that comes to lie in the output's middle, in elements, one number an axis; not copied
     * @return the warp
     */
    public static AffineWarp random(Range range, RandomGenerator random, double... centre) {
        int axes = centre.length;
        double[][] matrix = new double[axes][axes];
        for (int axis = 0; axis < axes; axis++) {
            matrix[axis][axis] = 1 + symmetric(random, range.stretch);
        }
        for (int first = 0; first < axes; first++) {
            for (int second = first + 1; second < axes; second++) {
                double slant = symmetric(random, range.slant);
                double angle = symmetric(random, range.rotation);
                for (int column = 0; column < axes; column++) {
                    double a = matrix[first][column];
                    double b = matrix[second][column] + slant * a;
                    matrix[first][column] = Math.cos(angle) * a - Math.sin(angle) * b;
                    matrix[second][column] = Math.sin(angle) * a + Math.cos(angle) * b;
                }
            }
        }
        return new AffineWarp(matrix, centre);
    }

    /**
     * A random number, uniform from {@code -most} to below {@code most}.
     *
     * @param random what chance decides with
     * @param most the bound
     * @return the number
     */
    public static double symmetric(RandomGenerator random, double most) {
        return most * (2 * random.nextDouble() - 1);
    }

    @Override
    public void place(int index, long[] outputSize, double... place) {
        System.arraycopy(centre, 0, place, 0, place.length);
        int rest = index;
        for (int axis = place.length - 1; axis >= 0; axis--) {
            int length = (int) outputSize[axis]; // divisions of long take several times as long
            int before = rest / length;
            double offset = rest - before * length - (length - 1) / 2.0;
            rest = before;
            for (int row = 0; row < place.length; row++) {
                place[row] += matrix[row][axis] * offset;
            }
        }
    }
}
