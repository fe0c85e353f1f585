package io.mdnc4j.training.files;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Images {@code [C, rows, columns]} of 8 or 16 bits, in the numbers of the file; those with a palette as its indices, which
 * {@link StoredArray#with(Channels)} replaces by colours. A TIFF file
 * of several pages is a volume {@code [C, pages, rows, columns]}.
 */
final class ImageFormat implements ArrayFormat {
    /** Pixels of which one byte of a file tells at most: eight bits of each of the bytes that deflate makes of one. */
    private static final long MAX_PIXELS_PER_BYTE = Limits.MAX_COMPRESSED * Byte.SIZE;

    private static final int MAX_CHANNELS = 4;

    @Override
    public StoredArray read(Path file, String part) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            if (in == null) {
                throw new IOException("it cannot be opened");
            }
            ImageStructure.requireBounded(in);
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("it is no PNG, JPEG or TIFF image");
            }
            Grid grid = TiffGrid.of(in);
            ImageReader reader = readers.next();
            try {
                // without metadata, which may be any text of any length
                reader.setInput(in, false, true);
                return read(reader, ArrayFiles.size(file)).on(grid);
            } finally {
                reader.dispose();
            }
        }
    }

    private static StoredArray read(ImageReader reader, long fileBytes) throws IOException {
        int pages = reader.getNumImages(true);
        int rows = reader.getHeight(0);
        int columns = reader.getWidth(0);
        ImageTypeSpecifier told = reader.getRawImageType(0);
        requireAllowed(fileBytes, told == null ? MAX_CHANNELS : told.getNumBands(), pages, rows, columns);
        int atOnce = Math.max(1, RawNumbers.PIECE / columns);
        @Nullable INDArray values = null;
        PixelFormat format = new PixelFormat(false, null);
        ElementType type = ElementType.UINT8;
        for (int page = 0; page < pages; page++) {
            if (reader.getHeight(page) != rows || reader.getWidth(page) != columns) {
                throw new IOException("page " + (page + 1) + " has another size than the first one; split the file");
            }
            BufferedImage picture = reader.read(page);
            Raster raster = picture.getRaster();
            PixelFormat its = format(picture.getColorModel());
            if (values == null) {
                format = its;
                requireAllowed(fileBytes, raster.getNumBands(), pages, rows, columns);
                type = type(raster.getTransferType());
                values = Nd4j.createUninitialized(
                        DataType.FLOAT, new long[] {(long) raster.getNumBands() * pages * rows * columns}, 'c');
            }
            if (!Arrays.equals(its.palette(), format.palette())) {
                throw new IOException("page " + (page + 1) + " has another palette than the first one; split the file");
            }
            if ((long) raster.getNumBands() * pages * rows * columns != values.length()) {
                throw new IOException("page " + (page + 1) + " has other channels than the first one; split the file");
            }
            for (int c = 0; c < raster.getNumBands(); c++) {
                // many rows at a time: each call has its price, which is more than that of a row
                for (int row = 0; row < rows; row += atOnce) {
                    double[] lines =
                            raster.getSamples(0, row, columns, Math.min(atOnce, rows - row), c, (double[]) null);
                    RawNumbers.put(values, (((long) c * pages + page) * rows + row) * columns, lines);
                }
            }
        }
        if (values == null) {
            throw new IOException("it has no page");
        }
        long channels = values.length() / ((long) pages * rows * columns);
        return new StoredArray(
                pages == 1
                        ? values.reshape('c', channels, rows, columns)
                        : values.reshape('c', channels, pages, rows, columns),
                true,
                type,
                Grid.UNKNOWN,
                List.of(),
                format);
    }

    private static PixelFormat format(ColorModel model) {
        if (model instanceof IndexColorModel indexed) {
            int[] palette = new int[indexed.getMapSize()];
            indexed.getRGBs(palette);
            return new PixelFormat(false, palette);
        }
        return new PixelFormat(model.hasAlpha(), null);
    }

    private static void requireAllowed(long fileBytes, long... shape) throws IOException {
        Limits.elements(fileBytes * MAX_PIXELS_PER_BYTE, fileBytes, DataType.FLOAT, shape);
    }

    private static ElementType type(int transferType) {
        return switch (transferType) {
            case DataBuffer.TYPE_BYTE -> ElementType.UINT8;
            case DataBuffer.TYPE_USHORT -> ElementType.UINT16;
            case DataBuffer.TYPE_SHORT -> ElementType.INT16;
            case DataBuffer.TYPE_FLOAT, DataBuffer.TYPE_DOUBLE -> ElementType.FLOAT32;
            // colours packed into one number
            default -> ElementType.UINT8;
        };
    }

    @Override
    public void write(Path file, String name, StoredArray array) throws IOException {
        INDArray values = array.values();
        if (values.rank() == 2) {
            values = values.reshape('c', 1, values.size(0), values.size(1));
        }
        if (values.rank() == 3 && !array.channels() && values.size(0) > MAX_CHANNELS) {
            values = values.reshape('c', 1, values.size(0), values.size(1), values.size(2));
        }
        String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean tiff = suffix.startsWith("tif");
        if (values.rank() < 3 || values.rank() > (tiff ? 4 : 3) || values.size(0) > MAX_CHANNELS) {
            throw new ArgumentException(
                    "array",
                    values.shape(),
                    "give an image up to " + MAX_CHANNELS + " channels of two axes, or of three in TIFF");
        }
        ImageWriter writer = ImageIO.getImageWritersBySuffix(suffix).next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            if (out == null) {
                throw new IOException("no file can be opened there");
            }
            writer.setOutput(out);
            if (values.rank() == 3) {
                BufferedImage image = image(values, type(array.type(), suffix));
                writer.write(new IIOImage(image, null, metadata(writer, image, array.grid(), 1)));
            } else {
                writer.prepareWriteSequence(null);
                for (int page = 0; page < values.size(1); page++) {
                    INDArray plane = values.get(
                            NDArrayIndex.all(), NDArrayIndex.point(page), NDArrayIndex.all(), NDArrayIndex.all());
                    BufferedImage image = image(plane, type(array.type(), suffix));
                    IIOMetadata metadata = metadata(writer, image, array.grid(), (int) values.size(1));
                    writer.writeToSequence(new IIOImage(image, null, metadata), null);
                }
                writer.endWriteSequence();
            }
        } finally {
            writer.dispose();
        }
    }

    /** With the size of pixels, where the format is TIFF and it is known; {@code null} for none. */
    private static @Nullable IIOMetadata metadata(ImageWriter writer, BufferedImage image, Grid grid, int pages)
            throws IOException {
        if (!grid.isKnown()
                || !List.of(writer.getOriginatingProvider().getFormatNames()).contains("tiff")) {
            return null;
        }
        return TiffGrid.with(
                grid,
                pages,
                writer.getDefaultImageMetadata(
                        ImageTypeSpecifier.createFromRenderedImage(image), writer.getDefaultWriteParam()));
    }

    @Override
    public int mostAxes(String suffix) {
        return suffix.startsWith(".tif") ? 3 : 2;
    }

    @Override
    public boolean holdsReal() {
        return false;
    }

    @Override
    public String suffixOfClasses(String suffix) {
        return suffix.startsWith(".jp") ? ".png" : suffix;
    }

    /** The type of a pixel's channel in memory: JPEG has bytes, PNG whole numbers. */
    private static int type(ElementType type, String suffix) {
        if (type.bytes() == 1 || suffix.startsWith("jp")) {
            return DataBuffer.TYPE_BYTE;
        }
        return type.isInteger() || suffix.equals("png") ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_FLOAT;
    }

    private static BufferedImage image(INDArray planes, int type) {
        int channels = (int) planes.size(0);
        int rows = (int) planes.size(1);
        int columns = (int) planes.size(2);
        boolean alpha = channels % 2 == 0;
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(channels > 2 ? ColorSpace.CS_sRGB : ColorSpace.CS_GRAY),
                alpha,
                false,
                alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
                type);
        WritableRaster raster = model.createCompatibleWritableRaster(columns, rows);
        float most = type == DataBuffer.TYPE_BYTE ? 0xff : 0xffff;
        float[] values = OnHeap.floats(planes);
        float[] line = new float[columns];
        for (int c = 0; c < channels; c++) {
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    float value = values[(c * rows + row) * columns + column];
                    line[column] =
                            type == DataBuffer.TYPE_FLOAT ? value : Math.min(Math.max(Math.round(value), 0), most);
                }
                raster.setSamples(0, row, columns, 1, c, line);
            }
        }
        return new BufferedImage(model, raster, false, null);
    }
}
