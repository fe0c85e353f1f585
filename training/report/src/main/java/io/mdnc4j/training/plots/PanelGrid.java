package io.mdnc4j.training.plots;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Panels in rows and columns, all at one scale, with a legend below. */
final class PanelGrid {
    private static final int GAP = 14;
    private static final int TEXT = 24;
    private static final int LEGEND = 34;
    private static final int SWATCH = 26;
    private static final double TARGET_WIDTH = 1150;
    private static final double MAX_SCALE = 12;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);

    private PanelGrid() {}

    /**
     * Draws panels row by row.
     *
     * @param legend texts and the colours of their lines, in this order
     */
    static BufferedImage draw(List<Panel> panels, int columns, Map<String, Color> legend) {
        int high = panels.stream().mapToInt(Panel::high).max().orElseThrow();
        int[] wide = new int[columns];
        for (int i = 0; i < panels.size(); i++) {
            wide[i % columns] = Math.max(wide[i % columns], panels.get(i).wide());
        }
        double scale = Math.min(
                MAX_SCALE,
                (TARGET_WIDTH - GAP * (columns + 1)) / Arrays.stream(wide).sum());
        int[] left = new int[columns + 1];
        left[0] = GAP;
        for (int i = 0; i < columns; i++) {
            left[i + 1] = left[i] + (int) Math.ceil(wide[i] * scale) + GAP;
        }
        int cellHigh = (int) Math.ceil(high * scale) + GAP + TEXT;
        int rows = (panels.size() + columns - 1) / columns;
        BufferedImage picture = new BufferedImage(
                left[columns], cellHigh * rows + GAP + (legend.isEmpty() ? 0 : LEGEND), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        graphics.setFont(FONT);
        for (int i = 0; i < panels.size(); i++) {
            Panel panel = panels.get(i);
            int x = left[i % columns];
            int top = GAP + i / columns * cellHigh;
            graphics.setColor(panel.color());
            graphics.drawString(
                    fitted(panel.title(), graphics.getFontMetrics(), left[i % columns + 1] - GAP - x),
                    x,
                    top + TEXT - 8);
            panel.draw(graphics, x, top + TEXT, scale);
        }
        legend(graphics, legend, picture.getHeight() - LEGEND / 2);
        graphics.dispose();
        return picture;
    }

    private static String fitted(String text, FontMetrics metrics, int width) {
        String fitted = text;
        while (fitted.length() > 1 && metrics.stringWidth(fitted) > width) {
            fitted = fitted.substring(0, fitted.length() - 2) + "\u2026";
        }
        return fitted;
    }

    private static void legend(Graphics2D graphics, Map<String, Color> legend, int middle) {
        int left = GAP;
        for (Map.Entry<String, Color> entry : legend.entrySet()) {
            graphics.setColor(entry.getValue());
            graphics.fillRect(left, middle - 1, SWATCH, 3);
            graphics.setColor(PlotStyle.DARK);
            graphics.drawString(entry.getKey(), left + SWATCH + 6, middle + 5);
            left += SWATCH + GAP + 10 + graphics.getFontMetrics().stringWidth(entry.getKey());
        }
    }
}
