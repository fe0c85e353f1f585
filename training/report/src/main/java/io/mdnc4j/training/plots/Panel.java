package io.mdnc4j.training.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/**
 * A grey picture with outlines of regions and a line of text above.
 *
 * @param values row by row; the least is black, the greatest white
 * @param high rows
 * @param wide columns
 * @param low value that becomes black
 * @param most value that becomes white
 * @param outlines drawn over it
 */
record Panel(
        String title, Color color, float[] values, int high, int wide, float low, float most, List<Outline> outlines) {
    private static final int GREY = 255;
    private static final float DARKENED = 0.85f;

    /** The borders between different classes. */
    record Outline(int[] classes, Color color) {}

    /** With the picture's own extremes. */
    static Panel of(String title, Color color, float[] values, int high, int wide, List<Outline> outlines) {
        float low = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            low = Math.min(low, value);
            most = Math.max(most, value);
        }
        return new Panel(title, color, values, high, wide, low, most, outlines);
    }

    void draw(Graphics2D graphics, int left, int top, double scale) {
        graphics.drawImage(picture(), left, top, (int) Math.round(wide * scale), (int) Math.round(high * scale), null);
        float width = (float) Math.max(1, Math.min(2, scale / 3));
        for (Outline outline : outlines) {
            graphics.setColor(outline.color());
            graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            outline(graphics, outline.classes(), left, top, scale);
        }
    }

    private BufferedImage picture() {
        BufferedImage picture = new BufferedImage(wide, high, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < values.length; i++) {
            float part = most > low ? Math.min(Math.max((values[i] - low) / (most - low), 0), 1) : 0;
            // coloured outlines are not seen on pure white
            int grey = Math.round(GREY * part * (outlines.isEmpty() ? 1 : DARKENED));
            picture.setRGB(i % wide, i / wide, new Color(grey, grey, grey).getRGB());
        }
        return picture;
    }

    private void outline(Graphics2D graphics, int[] classes, int left, int top, double scale) {
        for (int row = 0; row < high; row++) {
            for (int column = 0; column < wide; column++) {
                int own = classes[row * wide + column];
                double x = left + column * scale;
                double y = top + row * scale;
                if (column > 0 && classes[row * wide + column - 1] != own) {
                    graphics.draw(new Line2D.Double(x, y, x, y + scale));
                }
                if (row > 0 && classes[(row - 1) * wide + column] != own) {
                    graphics.draw(new Line2D.Double(x, y, x + scale, y));
                }
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Panel that
                && Arrays.equals(values, that.values)
                && wide == that.wide
                && title.equals(that.title);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
