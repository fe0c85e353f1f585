package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.arrays.Resampling;
import io.mdnc4j.training.arrays.Resampling.Interpolation;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.objects.Morphology;
import io.mdnc4j.zoo.nnunet.Processing;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What nnU-Net does with an image before its network (Isensee et al., Nature Methods 18, 2021): axes in its order, the box of
 * what is not zero, normalisation, its spacing.
 *
 * @param processing of the model
 */
record ImagePreparation(Processing processing) {
    /** The axes right, front and head of NIfTI's order, reversed. */
    private static final String UPRIGHT = "SAR";

    /** Times as long as its shortest edge that an element is which is resampled apart along the longest. */
    private static final double ANISOTROPIC = 3;

    private static final double LEAST_DEVIATION = 1e-8;
    private static final double BYTE = 255;

    /** Axes of volumes. */
    private static final int AXES = 3;

    /**
     * An image that is ready for the network, and the ways that it has come.
     *
     * @param values FLOAT {@code [C, size...]}
     * @param turned to the upright axes
     * @param transposed to the model's order of axes
     * @param start of the box in that, on each axis
     * @param resampled from the box to the network's spacing
     * @param outputs how what the network answers is resampled back
     */
    record Prepared(
            INDArray values,
            Regridding turned,
            Regridding transposed,
            long[] start,
            Regridding resampled,
            Resampling outputs) {}

    /** {@return whether the network sees a slice along the first axis at a time} */
    boolean inSlices() {
        return processing.patch().size() < processing.transpose().size();
    }

    /**
     * Prepares an image.
     *
     * @param image FLOAT {@code [C, z, y, x]}, freed
     * @param own where its elements lie; of unknown spacing, they lie like the network's
     * @throws DataException if it is not what the model is for
     */
    Prepared prepare(INDArray image, Grid own) {
        if (processing.reoriented() && own.orientation().isEmpty()) {
            throw new DataException("does not say which way its axes lead, which this model needs to know; give it a"
                    + " header with an sform or qform");
        }
        Grid grid = processing.reoriented() ? own.turned(UPRIGHT) : own;
        Regridding turned = Regridding.between(own, grid, Axes.size(image));
        int[] axes = processing.transpose().stream().mapToInt(axis -> axis).toArray();
        Regridding transposed = Regridding.transposing(axes, turned.size());
        INDArray upright = moved(image, turned);
        INDArray whole = moved(upright, transposed);
        boolean[] inside = inside(whole);
        long[] start = new long[axes.length];
        long[] box = box(inside, start, Axes.size(whole));
        INDArray values = Regions.of(whole, start, box).dup('c');
        normalize(values, cropped(inside, start, box, Axes.size(whole)));
        Release.of(whole);
        double[] wanted = wanted(grid, axes);
        double[] spacing = grid.spacing().isEmpty()
                ? wanted
                : Arrays.stream(axes)
                        .mapToDouble(axis -> decimal(grid.spacing().get(axis)))
                        .toArray();
        long[] size = new long[axes.length];
        Arrays.setAll(size, axis -> Math.max(1, (long) Math.rint(spacing[axis] / wanted[axis] * box[axis])));
        Regridding resampled = Regridding.resizing(box, size);
        INDArray ready = resampled(
                values, processing.imageResampling(), apart(processing.imageResampling(), spacing, wanted), size);
        Release.of(ready == values ? null : values);
        Processing.Resampling back = processing.outputResampling();
        Resampling outputs = Resampling.of(interpolations(back, apart(back, wanted, spacing)));
        return new Prepared(ready, turned, transposed, start, resampled, outputs);
    }

    /** The values of an image that is all inside, on the network's grid, as the network gets them. */
    INDArray normalized(INDArray image) {
        INDArray values = image.castTo(DataType.FLOAT).dup('c');
        boolean[] inside = new boolean[Axes.of(values).length()];
        Arrays.fill(inside, true);
        normalize(values, inside);
        return values;
    }

    private static INDArray moved(INDArray array, Regridding way) {
        INDArray result = way.apply(array, Resampling.NEAREST);
        Release.of(result == array ? null : array);
        return result;
    }

    /** The decimal that a distance stands for, which is a float in files: 35 elements of 0.9 are 31.5 long, not less. */
    private static double decimal(double distance) {
        return Double.parseDouble(Float.toString((float) distance));
    }

    /** The spacing that the network knows; in 2D slices stay as far apart as they are. */
    private double[] wanted(Grid grid, int... axes) {
        double[] wanted = new double[axes.length];
        int first = axes.length - processing.spacing().size();
        for (int axis = 0; axis < wanted.length; axis++) {
            double kept = grid.spacing().isEmpty() ? 1 : decimal(grid.spacing().get(axes[axis]));
            wanted[axis] = axis < first ? kept : processing.spacing().get(axis - first);
        }
        return wanted;
    }

    /** Elements that are not zero in all channels, and those that such enclose. */
    private static boolean[] inside(INDArray image) {
        boolean[] mask = new boolean[Axes.of(image).length()];
        for (int c = 0; c < image.size(0); c++) {
            float[] values = OnHeap.floats(image.slice(c));
            for (int i = 0; i < mask.length; i++) {
                mask[i] |= values[i] != 0;
            }
        }
        return new Morphology(mask, Axes.size(image)).filled().mask();
    }

    /** The size of the least box that has all of the mask; sets where it starts. */
    private static long[] box(boolean[] mask, long[] start, long... size) {
        long[] end = new long[size.length];
        System.arraycopy(size, 0, start, 0, size.length);
        Axes axes = new Axes(size);
        long[] place = new long[size.length];
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) {
                axes.place(i, place);
                for (int axis = 0; axis < size.length; axis++) {
                    start[axis] = Math.min(start[axis], place[axis]);
                    end[axis] = Math.max(end[axis], place[axis] + 1);
                }
            }
        }
        if (end[0] == 0) {
            throw new DataException("is zero everywhere; give an image that shows something");
        }
        long[] box = new long[size.length];
        Arrays.setAll(box, axis -> end[axis] - start[axis]);
        return box;
    }

    private static boolean[] cropped(boolean[] mask, long[] start, long[] box, long... size) {
        if (Arrays.equals(box, size)) {
            return mask;
        }
        Axes axes = new Axes(box);
        Axes whole = new Axes(size);
        boolean[] result = new boolean[axes.length()];
        long[] place = new long[size.length];
        for (int i = 0; i < result.length; i++) {
            axes.place(i, place);
            for (int axis = 0; axis < place.length; axis++) {
                place[axis] += start[axis];
            }
            result[i] = mask[whole.index(place)];
        }
        return result;
    }

    private void normalize(INDArray image, boolean... inside) {
        for (int c = 0; c < image.size(0); c++) {
            INDArray channel = image.slice(c);
            float[] values = OnHeap.floats(channel);
            normalize(processing.normalization().get(c), c, inside, values);
            INDArray changed = Nd4j.createFromArray(values);
            channel.assign(changed.reshape('c', channel.shape()));
            Release.of(changed);
        }
    }

    private static void normalize(Processing.Channel how, int channel, boolean[] inside, float... values) {
        switch (how.scheme()) {
            case Z_SCORE -> {
                boolean masked = how.masked();
                double count = 0;
                double sum = 0;
                for (int i = 0; i < values.length; i++) {
                    if (!masked || inside[i]) {
                        sum += values[i];
                        count++;
                    }
                }
                double mean = sum / count;
                double squares = 0;
                for (int i = 0; i < values.length; i++) {
                    if (!masked || inside[i]) {
                        squares += (values[i] - mean) * (values[i] - mean);
                    }
                }
                double deviation = Math.max(Math.sqrt(squares / count), LEAST_DEVIATION);
                for (int i = 0; i < values.length; i++) {
                    values[i] = !masked || inside[i] ? (float) ((values[i] - mean) / deviation) : values[i];
                }
            }
            case CT -> {
                double deviation = Math.max(how.deviation(), LEAST_DEVIATION);
                for (int i = 0; i < values.length; i++) {
                    double clipped = Math.max(how.lower(), Math.min(how.upper(), values[i]));
                    values[i] = (float) ((clipped - how.mean()) / deviation);
                }
            }
            case UNIT_RANGE -> {
                double[] range = range(values);
                double width = Math.max(range[1] - range[0], LEAST_DEVIATION);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) ((values[i] - range[0]) / width);
                }
            }
            case BYTES -> {
                double[] range = range(values);
                if (range[0] < 0 || range[1] > BYTE) {
                    throw new DataException("has values from " + range[0] + " to " + range[1] + " in channel " + channel
                            + ", and the model is for 0 to 255; give images of bytes");
                }
                for (int i = 0; i < values.length; i++) {
                    values[i] /= (float) BYTE;
                }
            }
            case NONE -> {
                // as it is
            }
        }
    }

    private static double[] range(float... values) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (float value : values) {
            range[0] = Math.min(range[0], value);
            range[1] = Math.max(range[1], value);
        }
        return range;
    }

    /** The axis that is resampled apart from the others; -1 for none. */
    private static int apart(Processing.Resampling how, double[] before, double... after) {
        if (how.apart() != null) {
            return how.apart() ? coarsest(before) : -1;
        }
        return isAnisotropic(before) ? coarsest(before) : isAnisotropic(after) ? coarsest(after) : -1;
    }

    private static boolean isAnisotropic(double... spacing) {
        return Arrays.stream(spacing).max().orElseThrow()
                        / Arrays.stream(spacing).min().orElseThrow()
                > ANISOTROPIC;
    }

    /** The axis of the largest spacing; -1 if there are several. */
    private static int coarsest(double... spacing) {
        double most = Arrays.stream(spacing).max().orElseThrow();
        int[] axes = IntStream.range(0, spacing.length)
                .filter(axis -> most / spacing[axis] == 1)
                .toArray();
        return axes.length == 1 ? axes[0] : -1;
    }

    private static Interpolation[] interpolations(Processing.Resampling how, int apart) {
        Interpolation[] interpolations = new Interpolation[AXES];
        Arrays.setAll(interpolations, axis -> interpolation(axis == apart ? how.coarseOrder() : how.order()));
        return interpolations;
    }

    private static Interpolation interpolation(int order) {
        return order == 0 ? Interpolation.NEAREST : order == 1 ? Interpolation.LINEAR : Interpolation.CUBIC;
    }

    /** At another size; where an axis is resampled apart, slices along it come first, each with its own range of values. */
    private static INDArray resampled(INDArray image, Processing.Resampling how, int apart, long... size) {
        long[] old = Axes.size(image);
        if (Arrays.equals(old, size)) {
            return image;
        }
        if (apart < 0) {
            return Resampling.of(interpolation(how.order())).clipped().apply(image, size);
        }
        int[] others =
                IntStream.range(0, old.length).filter(axis -> axis != apart).toArray();
        Regridding order = Regridding.transposing(new int[] {apart, others[0], others[1]}, old);
        INDArray ordered = order.apply(image, Resampling.NEAREST);
        INDArray slices = ordered.reshape('c', image.size(0) * old[apart], old[others[0]], old[others[1]]);
        INDArray inPlane =
                Resampling.of(interpolation(how.order())).clipped().apply(slices, size[others[0]], size[others[1]]);
        INDArray stack = inPlane.reshape('c', image.size(0), old[apart], size[others[0]], size[others[1]]);
        INDArray result = Resampling.of(interpolation(how.coarseOrder()))
                .apply(stack, size[apart], size[others[0]], size[others[1]]);
        INDArray back = Regridding.transposing(new int[] {apart, others[0], others[1]}, size)
                .restore(result, Resampling.NEAREST);
        return back.castTo(DataType.FLOAT);
    }
}
