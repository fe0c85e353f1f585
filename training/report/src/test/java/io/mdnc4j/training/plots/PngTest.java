package io.mdnc4j.training.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngTest {
    @TempDir
    Path folder;

    /** ImageIO would put each picture into a file there first. */
    @Test
    void needsNoTemporaryFolder() throws IOException {
        File usual = ImageIO.getCacheDirectory();
        Path gone = Files.createDirectory(folder.resolve("gone"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.setCacheDirectory(gone.toFile());
            Files.delete(gone);
            Png.write(new BufferedImage(7, 5, BufferedImage.TYPE_INT_RGB), out);
        } finally {
            ImageIO.setCacheDirectory(usual);
        }
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
        assertEquals(7, read.getWidth());
        assertEquals(5, read.getHeight());
    }
}
