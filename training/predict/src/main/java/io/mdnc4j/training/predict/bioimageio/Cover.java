package io.mdnc4j.training.predict.bioimageio;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.predict.Probabilities;
import io.mdnc4j.zoo.Task;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A picture of what a network does: an input at the left, its output at the right, twice as wide as high. */
final class Cover {
    private static final int SIDE = 256;
    private static final int MARGIN = 12;
    private static final Color BACKGROUND = new Color(0x20, 0x24, 0x2c);
    private static final Color LINE = new Color(0x56, 0xb4, 0xe9);

    /** Colours that people tell apart who do not see all: Okabe and Ito, Color Universal Design, 2008. */
    private static final int[] CLASSES = {
        0x000000, 0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442, 0x0072b2, 0xd55e00, 0xcc79a7, 0xffffff
    };

    private final BufferedImage image = new BufferedImage(2 * SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    private final Graphics2D graphics = image.createGraphics();

    private Cover() {}

    /**
     * Draws.
     *
     * @param input {@code [C, size...]}
     * @param output {@code [C', size...]} or {@code [K]}
     * @return the picture as PNG
     */
    static byte[] png(INDArray input, INDArray output, Task task) {
        Cover cover = new Cover();
        cover.graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        cover.graphics.setColor(BACKGROUND);
        cover.graphics.fillRect(0, 0, 2 * SIDE, SIDE);
        cover.draw(0, input, false);
        cover.draw(SIDE, output, task.hasClasses() && !task.isMultiLabel() && output.rank() > 1);
        cover.graphics.dispose();
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(cover.image, "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("memory takes bytes", e);
        }
    }

    private void draw(int left, INDArray array, boolean classes) {
        switch (array.rank()) {
            case 1 -> bars(left, OnHeap.floats(array));
            case 2 -> {
                if (classes) {
                    steps(left, Probabilities.mostProbable(array));
                } else {
                    for (int c = (int) array.size(0) - 1; c >= 0; c--) {
                        curve(left, OnHeap.floats(array.slice(c).dup()));
                    }
                }
            }
            default -> picture(left, plane(array), classes);
        }
    }

    /** The middle of a volume. */
    private static INDArray plane(INDArray array) {
        if (array.rank() == 3) {
            return array;
        }
        long middle = array.size(1) / 2;
        return array.get(NDArrayIndex.all(), NDArrayIndex.point(middle), NDArrayIndex.all(), NDArrayIndex.all())
                .dup('c');
    }

    private void picture(int left, INDArray plane, boolean classes) {
        int height = (int) plane.size(1);
        int width = (int) plane.size(2);
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] colours = classes ? colours(Probabilities.mostProbable(plane)) : shades(plane);
        small.setRGB(0, 0, width, height, colours, 0, width);
        double scale = (double) (SIDE - 2 * MARGIN) / Math.max(height, width);
        int w = Math.max(1, (int) Math.round(width * scale));
        int h = Math.max(1, (int) Math.round(height * scale));
        graphics.drawImage(small, left + (SIDE - w) / 2, (SIDE - h) / 2, w, h, null);
    }

    private static int[] colours(int... classes) {
        return Arrays.stream(classes).map(k -> CLASSES[k % CLASSES.length]).toArray();
    }

    /** Grey, or red, green and blue of three channels. */
    private static int[] shades(INDArray plane) {
        int channels = plane.size(0) == 3 ? 3 : 1;
        int[] pixels = new int[(int) (plane.size(1) * plane.size(2))];
        for (int c = 0; c < 3; c++) {
            float[] values = OnHeap.floats(plane.slice(c % channels).dup('c'));
            double[] range = range(values);
            for (int i = 0; i < pixels.length; i++) {
                double part = (values[i] - range[0]) / (range[1] - range[0]);
                pixels[i] = pixels[i] << 8 | (int) Math.round(255 * Math.max(0, Math.min(1, part)));
            }
        }
        return pixels;
    }

    /** Without the darkest and the brightest, and never empty. */
    private static double[] range(float... values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        double low = sorted[sorted.length / 200];
        double high = sorted[sorted.length - 1 - sorted.length / 200];
        return new double[] {low, high > low ? high : low + 1};
    }

    private void curve(int left, float... values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        double low = sorted[0];
        double height = sorted[sorted.length - 1] > low ? sorted[sorted.length - 1] - low : 1;
        int[] x = new int[values.length];
        int[] y = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            x[i] = left + MARGIN + (int) Math.round((SIDE - 2.0 * MARGIN) * i / Math.max(1, values.length - 1));
            y[i] = SIDE - MARGIN - (int) Math.round((SIDE - 2.0 * MARGIN) * (values[i] - low) / height);
        }
        graphics.setColor(LINE);
        graphics.drawPolyline(x, y, x.length);
    }

    private void steps(int left, int... classes) {
        for (int i = 0; i < classes.length; i++) {
            int from = left + MARGIN + (SIDE - 2 * MARGIN) * i / classes.length;
            int to = left + MARGIN + (SIDE - 2 * MARGIN) * (i + 1) / classes.length;
            graphics.setColor(new Color(CLASSES[classes[i] % CLASSES.length]));
            graphics.fillRect(from, SIDE / 3, Math.max(1, to - from), SIDE / 3);
        }
    }

    /** Of numbers of a whole example, each in proportion to the largest. */
    private void bars(int left, float... values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        double each = (SIDE - 2.0 * MARGIN) / values.length;
        graphics.setColor(LINE);
        for (int k = 0; k < values.length; k++) {
            int length = (int) Math.round((SIDE - 2.0 * MARGIN) * Math.abs(values[k]) / (largest > 0 ? largest : 1));
            graphics.fillRect(left + MARGIN, (int) Math.round(MARGIN + k * each), Math.max(1, length), Math.max(1, (int)
                    Math.round(each * 0.8)));
        }
    }
}
