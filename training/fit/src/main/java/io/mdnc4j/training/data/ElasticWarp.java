package io.mdnc4j.training.data;

import java.util.random.RandomGenerator;

/**
 * A warp after which every place is moved by a smooth random field: random moves at the points of a coarse grid, interpolated
 * smoothly axis by axis. Elastic distortions: Simard et al., ICDAR 2003.
 *
 * @param first the warp before
 * @param moves for each axis, the move of every element of the output, in elements of the input
 */
public record ElasticWarp(Warp first, float[][] moves) implements Warp {
    /** Elements from one point of the coarse grid to the next. */
    private static final int GRID = 12;

    /**
     * A random field.
     *
     * @param first the warp before
     * @param amount largest move at a point of the grid, in elements
     * @param random what chance decides with
     * @param outputSize size of the output, one number an axis; that of the outputs it is used for
     * @return the warp
     */
    public static ElasticWarp random(Warp first, double amount, RandomGenerator random, long... outputSize) {
        int axes = outputSize.length;
        int[] coarse = new int[axes];
        int points = 1;
        for (int axis = 0; axis < axes; axis++) {
            coarse[axis] = (int) (outputSize[axis] / GRID) + 2;
            points *= coarse[axis];
        }
        float[][] moves = new float[axes][];
        for (int axis = 0; axis < axes; axis++) {
            float[] field = new float[points];
            for (int i = 0; i < points; i++) {
                field[i] = (float) AffineWarp.symmetric(random, amount);
            }
            int[] size = coarse.clone();
            for (int along = 0; along < axes; along++) {
                field = stretched(field, size, along, (int) outputSize[along]);
                size[along] = (int) outputSize[along];
            }
            moves[axis] = field;
        }
        return new ElasticWarp(first, moves);
    }

    /** Interpolates along an axis with weights that begin and end without a kink. */
    private static float[] stretched(float[] field, int[] size, int axis, int length) {
        int before = 1;
        int after = 1;
        for (int other = 0; other < size.length; other++) {
            if (other < axis) {
                before *= size[other];
            } else if (other > axis) {
                after *= size[other];
            }
        }
        float[] result = new float[before * length * after];
        for (int to = 0; to < length; to++) {
            double place = length == 1 ? 0 : (double) to * (size[axis] - 1) / (length - 1);
            int low = Math.min((int) place, size[axis] - 2);
            double part = place - low;
            double weight = part * part * (3 - 2 * part);
            for (int b = 0; b < before; b++) {
                for (int a = 0; a < after; a++) {
                    float one = field[(b * size[axis] + low) * after + a];
                    float two = field[(b * size[axis] + low + 1) * after + a];
                    result[(b * length + to) * after + a] = (float) (one + weight * (two - one));
                }
            }
        }
        return result;
    }

    @Override
    public void place(int index, long[] outputSize, double... place) {
        first.place(index, outputSize, place);
        for (int axis = 0; axis < place.length; axis++) {
            place[axis] += moves[axis][index];
        }
    }
}
