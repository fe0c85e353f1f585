package io.mdnc4j.training.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.List;

/** A confusion matrix: how often each class was taken for each. */
public final class ConfusionPlot {
    private static final int TITLE = 46;
    private static final int MAX_CLASSES = 40;
    private static final int PAD = 16;
    private static final double DARK = 0.55;

    private ConfusionPlot() {}

    /**
     * Draws a matrix, coloured by the share of its row.
     *
     * @param confusion row by row; true classes in rows, found ones in columns
     * @param classes their names, in the order of the matrix
     * @return the picture
     */
    public static BufferedImage draw(List<String> classes, double[] confusion) {
        int k = classes.size();
        int cell = Math.max(16, Math.min(64, 900 / k));
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(9, Math.min(14, cell / 3)));
        BufferedImage scratch = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        FontMetrics metrics = scratch.createGraphics().getFontMetrics(font);
        int names = classes.stream().mapToInt(metrics::stringWidth).max().orElseThrow() + 2 * PAD;
        int size = k * cell;
        BufferedImage picture =
                new BufferedImage(TITLE + names + size + PAD, TITLE + names + size + PAD, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        graphics.setFont(font);
        int left = TITLE + names;
        int top = PAD;
        for (int row = 0; row < k; row++) {
            double sum = 0;
            for (int column = 0; column < k; column++) {
                sum += confusion[row * k + column];
            }
            for (int column = 0; column < k; column++) {
                double count = confusion[row * k + column];
                cell(graphics, left + column * cell, top + row * cell, cell, count, sum > 0 ? count / sum : 0, k);
            }
            graphics.setColor(PlotStyle.DARK);
            String name = classes.get(row);
            graphics.drawString(
                    name,
                    left - 8 - metrics.stringWidth(name),
                    top + row * cell + (cell + metrics.getAscent()) / 2 - 2);
            drawTurned(
                    graphics,
                    name,
                    left + row * cell + cell / 2 + metrics.getAscent() / 2 - 2,
                    top + size + 8 + metrics.stringWidth(name));
        }
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
        FontMetrics bold = graphics.getFontMetrics();
        graphics.drawString("found", left + (size - bold.stringWidth("found")) / 2, top + size + names + PAD);
        drawTurned(graphics, "true class", PAD + 12, top + (size + bold.stringWidth("true class")) / 2);
        graphics.dispose();
        return picture;
    }

    private static void cell(Graphics2D graphics, int left, int top, int cell, double count, double share, int k) {
        graphics.setColor(PlotStyle.between(Color.WHITE, PlotStyle.BLUE, Math.sqrt(share)));
        graphics.fillRect(left, top, cell - 1, cell - 1);
        if (count > 0 && k <= MAX_CLASSES) {
            graphics.setColor(Math.sqrt(share) > DARK ? Color.WHITE : PlotStyle.DARK);
            String text =
                    count < 1e5 ? String.valueOf((long) count) : String.format(java.util.Locale.ROOT, "%.1e", count);
            FontMetrics metrics = graphics.getFontMetrics();
            graphics.drawString(
                    text, left + (cell - metrics.stringWidth(text)) / 2, top + (cell + metrics.getAscent()) / 2 - 2);
        }
    }

    /** Text from bottom to top, which ends above {@code bottom}. */
    private static void drawTurned(Graphics2D graphics, String text, int left, int bottom) {
        AffineTransform before = graphics.getTransform();
        graphics.rotate(-Math.PI / 2, left, bottom);
        graphics.drawString(text, left, bottom);
        graphics.setTransform(before);
    }
}
