package io.mdnc4j.training.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Consecutive windows of a signal with the same noise every time, for validation and test. */
public final class NoisyWindows {
    private final List<NoisyWindow> windows;

    private NoisyWindows(List<NoisyWindow> windows) {
        this.windows = windows;
    }

    /** The whole windows between two indices; the tail is dropped. */
    static NoisyWindows of(double[] samples, int from, int to, int length, long seed) {
        Random random = new Random(seed);
        List<NoisyWindow> windows = new ArrayList<>();
        for (int start = from; start + length <= to; start += length) {
            windows.add(NoisyWindow.cut(samples, start, length, random));
        }
        return new NoisyWindows(windows);
    }

    /** Number of windows. */
    public int size() {
        return windows.size();
    }

    /** The windows without noise, in the signal's unit. */
    public double[][] clean() {
        return windows.stream().map(NoisyWindow::clean).toArray(double[][]::new);
    }

    /** The windows with noise, in the signal's unit. */
    public double[][] noisy() {
        return windows.stream().map(NoisyWindow::noisy).toArray(double[][]::new);
    }

    /** Normalised windows: noisy features and clean labels, float {@code [N, 1, L]} each. */
    public DataSet dataSet() {
        return dataSet(windows);
    }

    /**
     * The outputs of a network in the signal's unit.
     *
     * @param outputs {@code [N, 1, L]}, computed from the features of {@link #dataSet()}
     * @throws IllegalArgumentException if their shape differs from that of the features
     */
    public double[][] restore(INDArray outputs) {
        int length = windows.get(0).clean().length;
        if (outputs.length() != (long) windows.size() * length || outputs.size(0) != windows.size()) {
            throw new IllegalArgumentException("outputs: shape " + java.util.Arrays.toString(outputs.shape())
                    + " is not that of the windows, [" + windows.size() + ", 1, " + length
                    + "]; use a network with one output channel that keeps the length");
        }
        double[][] restored = new double[windows.size()][];
        for (int n = 0; n < restored.length; n++) {
            Normalization normalization = windows.get(n).normalization();
            double[] values = outputs.get(NDArrayIndex.point(n)).dup('c').data().asDouble();
            for (int i = 0; i < values.length; i++) {
                values[i] = normalization.restore(values[i]);
            }
            restored[n] = values;
        }
        return restored;
    }

    /** Normalised windows as float {@code [N, 1, L]} features and labels. */
    static DataSet dataSet(List<NoisyWindow> windows) {
        int length = windows.get(0).clean().length;
        float[] features = new float[windows.size() * length];
        float[] labels = new float[features.length];
        for (int n = 0; n < windows.size(); n++) {
            windows.get(n).putNormalized(features, labels, n * length);
        }
        long[] shape = {windows.size(), 1, length};
        return new DataSet(
                Nd4j.createFromArray(features).reshape('c', shape),
                Nd4j.createFromArray(labels).reshape('c', shape));
    }
}
