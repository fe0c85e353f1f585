package io.mdnc4j.training.plots;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as PNG. */
public final class Png {
    private Png() {}

    /**
     * Writes a picture; not through a temporary file as ImageIO does, which needs a folder for that and cannot be deleted while
     * the process is being ended.
     *
     * @param picture to write
     * @param out where it goes, not closed
     * @throws IOException if it cannot be written
     */
    public static void write(BufferedImage picture, OutputStream out) throws IOException {
        try (ImageOutputStream image = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(picture, "png", image);
        }
    }
}
