package io.mdnc4j.training.data;

import io.mdnc4j.training.arrays.Axes;

/** Gives every element of an output a place in an input, and so moves images of any number of axes. */
public interface Warp {
    /**
     * The place in the input, in elements, of an element of the output.
     *
     * @param index number of the output's element
     * @param outputSize size of the output, one number an axis
     * @param place is set
     */
    void place(int index, long[] outputSize, double... place);

    /**
     * Interpolates linearly; beyond the input all is {@code outside}.
     *
     * @param values the input, its last axis fastest
     * @param size size of the input, one number an axis
     * @param outputSize size of the output, on as many axes
     * @param outside value of all beyond the input
     * @return the output, its last axis fastest
     */
    default float[] linear(float[] values, long[] size, long[] outputSize, float outside) {
        return warp(values, size, outputSize, outside, true);
    }

    /**
     * Takes the nearest element; beyond the input all is {@code outside}.
     *
     * @param values the input, its last axis fastest
     * @param size size of the input, one number an axis
     * @param outputSize size of the output, on as many axes
     * @param outside value of all beyond the input
     * @return the output, its last axis fastest
     */
    default float[] nearest(float[] values, long[] size, long[] outputSize, float outside) {
        return warp(values, size, outputSize, outside, false);
    }

    private float[] warp(float[] values, long[] size, long[] outputSize, float outside, boolean linear) {
        int length = new Axes(outputSize).length();
        float[] output = new float[length];
        double[] place = new double[size.length];
        for (int i = 0; i < length; i++) {
            place(i, outputSize, place);
            output[i] = linear ? interpolated(values, size, outside, place) : near(values, size, outside, place);
        }
        return output;
    }

    private static float near(float[] values, long[] size, float outside, double... place) {
        int index = 0;
        for (int axis = 0; axis < place.length; axis++) {
            long at = Math.round(place[axis]);
            if (at < 0 || at >= size[axis]) {
                return outside;
            }
            index = (int) (index * size[axis] + at);
        }
        return values[index];
    }

    private static float interpolated(float[] values, long[] size, float outside, double... place) {
        double sum = 0;
        for (int corner = 0; corner < 1 << place.length; corner++) {
            double weight = 1;
            int index = 0;
            boolean inside = true;
            for (int axis = 0; axis < place.length; axis++) {
                int low = (int) Math.floor(place[axis]);
                double part = place[axis] - low;
                int at = low + (corner >> axis & 1);
                weight *= at == low ? 1 - part : part;
                inside &= at >= 0 && at < size[axis];
                index = (int) (index * size[axis] + at);
            }
            sum += weight == 0 ? 0 : weight * (inside ? values[index] : outside);
        }
        return (float) sum;
    }
}
