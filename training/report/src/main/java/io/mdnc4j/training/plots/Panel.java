package io.mdnc4j.training.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/**
 * A picture with outlines of regions and a line of text above.
 *
 * @param planes values row by row, of grey, or of red, green and blue
 * @param high rows
 * @param wide columns
 * @param scale what becomes black and white
 * @param outlines drawn over it
 */
record Panel(String title, Color color, float[][] planes, int high, int wide, Scale scale, List<Outline> outlines) {
    private static final int LEVELS = 255;
    private static final float DARKENED = 0.85f;

    /** The borders between different classes. */
    record Outline(int[] classes, Color color) {}

    /**
     * Brightness.
     *
     * @param low value that becomes black, as all below do
     * @param most value that becomes white, as all above do
     */
    record Scale(float low, float most) {
        /** Of pictures less than that part is black, and less white, lest a few pixels make the others pale. */
        private static final double PART = 0.005;

        /** That of a picture of its own. */
        static Scale of(float[]... planes) {
            int length = Arrays.stream(planes).mapToInt(plane -> plane.length).sum();
            float[] sorted = new float[length];
            int start = 0;
            for (float[] plane : planes) {
                System.arraycopy(plane, 0, sorted, start, plane.length);
                start += plane.length;
            }
            Arrays.sort(sorted);
            int beyond = (int) (PART * length);
            Scale scale = new Scale(sorted[beyond], sorted[length - 1 - beyond]);
            // a small thing on an even ground is all that there is to see
            return scale.most > scale.low ? scale : new Scale(sorted[0], sorted[length - 1]);
        }

        /** Whether values on both are of one kind: neither is far from the other, or far narrower. */
        boolean suits(Scale other) {
            float both = Math.max(most, other.most) - Math.min(low, other.low);
            return both <= 3 * Math.min(most - low, other.most - other.low);
        }

        private float part(float value) {
            return most > low ? Math.min(Math.max((value - low) / (most - low), 0), 1) : 0;
        }
    }

    void draw(Graphics2D graphics, int left, int top, double size) {
        graphics.drawImage(picture(), left, top, (int) Math.round(wide * size), (int) Math.round(high * size), null);
        float width = (float) Math.max(1, Math.min(2, size / 3));
        for (Outline outline : outlines) {
            graphics.setColor(outline.color());
            graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            outline(graphics, outline.classes(), left, top, size);
        }
    }

    private BufferedImage picture() {
        BufferedImage picture = new BufferedImage(wide, high, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < high * wide; i++) {
            int red = level(planes[0][i]);
            boolean grey = planes.length == 1;
            Color pixel = new Color(red, grey ? red : level(planes[1][i]), grey ? red : level(planes[2][i]));
            picture.setRGB(i % wide, i / wide, pixel.getRGB());
        }
        return picture;
    }

    private int level(float value) {
        // coloured outlines are not seen on pure white
        return Math.round(LEVELS * scale.part(value) * (outlines.isEmpty() ? 1 : DARKENED));
    }

    private void outline(Graphics2D graphics, int[] classes, int left, int top, double size) {
        for (int row = 0; row < high; row++) {
            for (int column = 0; column < wide; column++) {
                int own = classes[row * wide + column];
                double x = left + column * size;
                double y = top + row * size;
                if (column > 0 && classes[row * wide + column - 1] != own) {
                    graphics.draw(new Line2D.Double(x, y, x, y + size));
                }
                if (row > 0 && classes[(row - 1) * wide + column] != own) {
                    graphics.draw(new Line2D.Double(x, y, x + size, y));
                }
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Panel that
                && Arrays.deepEquals(planes, that.planes)
                && wide == that.wide
                && title.equals(that.title);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(planes);
    }
}
