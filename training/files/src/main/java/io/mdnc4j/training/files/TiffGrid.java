package io.mdnc4j.training.files;

import io.mdnc4j.training.arrays.Grid;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.plugins.tiff.TIFFTag;
import javax.imageio.stream.ImageInputStream;

/**
 * The size of pixels in TIFF files: elements a centimetre or inch (TIFF revision 6.0, section 8), or in the unit that ImageJ
 * names in the first page's description, where it tells the distance of pages, too. 72 and 96 an inch are what programs write
 * that know nothing, and so are units that are no lengths.
 */
final class TiffGrid {
    private static final int TIFF = 42;
    private static final int ENTRY = 12;
    private static final int RATIONAL = 5;
    private static final int ASCII = 2;
    private static final int SHORT = 3;
    private static final int INCH = 2;
    private static final int CENTIMETRE = 3;
    private static final double MM_PER_INCH = 25.4;
    private static final double MM_PER_CM = 10;
    private static final double SCREEN = 72;
    private static final double OTHER_SCREEN = 96;
    private static final double SAME = 0.01;

    /** Longest description that is looked at, in bytes. */
    private static final int MAX_TEXT = 1 << 14;

    /** Parts of a pixel that a resolution is written in. */
    private static final long PARTS = 10_000;

    private static final Pattern UNIT = Pattern.compile("(?m)^unit=(\\S+)\\s*$");
    private static final Pattern DISTANCE = Pattern.compile("(?m)^spacing=([-+.0-9eE]{1,32})\\s*$");

    /** Millimetres in the units of ImageJ. */
    private static final Map<String, Double> UNITS = new HashMap<>();

    static {
        List.of("nm", "nanometer", "nanometre").forEach(name -> UNITS.put(name, 1e-6));
        List.of("um", "\u00b5m", "\u03bcm", "\\u00b5m", "\\u00B5m", "micron", "microns", "micrometer", "micrometre")
                .forEach(name -> UNITS.put(name, 1e-3));
        List.of("mm", "millimeter", "millimetre").forEach(name -> UNITS.put(name, 1.0));
        List.of("cm", "centimeter", "centimetre").forEach(name -> UNITS.put(name, MM_PER_CM));
        List.of("inch", "in").forEach(name -> UNITS.put(name, MM_PER_INCH));
        List.of("m", "meter", "metre").forEach(name -> UNITS.put(name, 1e3));
    }

    private TiffGrid() {}

    /**
     * What a file's first page says, of rows and columns, or pages, rows and columns; unknown if it is no TIFF file.
     *
     * @param in is left at its beginning
     */
    static Grid of(ImageInputStream in) throws IOException {
        ByteOrder order = in.getByteOrder();
        try {
            in.seek(0);
            int first = in.readUnsignedByte() << Byte.SIZE | in.readUnsignedByte();
            if (first != 0x4949 && first != 0x4d4d) {
                return Grid.UNKNOWN;
            }
            in.setByteOrder(first == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            return in.readUnsignedShort() == TIFF ? grid(in, in.readUnsignedInt()) : Grid.UNKNOWN;
        } catch (EOFException e) {
            // what of the image can be used, the reader knows
            return Grid.UNKNOWN;
        } finally {
            in.setByteOrder(order);
            in.seek(0);
        }
    }

    private static Grid grid(ImageInputStream in, long directory) throws IOException {
        double x = Double.NaN;
        double y = Double.NaN;
        int unit = INCH;
        String text = "";
        in.seek(directory);
        int entries = in.readUnsignedShort();
        for (int i = 0; i < entries; i++) {
            in.seek(directory + Short.BYTES + (long) i * ENTRY);
            int tag = in.readUnsignedShort();
            int type = in.readUnsignedShort();
            long count = in.readUnsignedInt();
            if (tag == BaselineTIFFTagSet.TAG_RESOLUTION_UNIT && type == SHORT) {
                unit = in.readUnsignedShort();
            } else if (tag == BaselineTIFFTagSet.TAG_X_RESOLUTION && type == RATIONAL) {
                x = rational(in);
            } else if (tag == BaselineTIFFTagSet.TAG_Y_RESOLUTION && type == RATIONAL) {
                y = rational(in);
            } else if (tag == BaselineTIFFTagSet.TAG_IMAGE_DESCRIPTION && type == ASCII && count > Integer.BYTES) {
                in.seek(in.readUnsignedInt());
                byte[] bytes = new byte[(int) Math.min(count, MAX_TEXT)];
                in.readFully(bytes);
                text = new String(bytes, StandardCharsets.ISO_8859_1);
            }
        }
        return grid(text, unit, x, y);
    }

    private static double rational(ImageInputStream in) throws IOException {
        in.seek(in.readUnsignedInt());
        double above = in.readUnsignedInt();
        return above / in.readUnsignedInt();
    }

    private static Grid grid(String text, int unit, double x, double y) {
        Matcher named = UNIT.matcher(text);
        boolean imageJ = text.startsWith("ImageJ=");
        double length = imageJ && named.find()
                ? UNITS.getOrDefault(named.group(1), Double.NaN)
                : unit == INCH && !isScreen(x) ? MM_PER_INCH : unit == CENTIMETRE ? MM_PER_CM : Double.NaN;
        List<Double> spacing = new ArrayList<>();
        Matcher distance = DISTANCE.matcher(text);
        if (imageJ && distance.find()) {
            spacing.add(length * number(distance.group(1)));
        }
        spacing.add(length / y);
        spacing.add(length / x);
        boolean known = spacing.stream().allMatch(step -> step > 0 && Double.isFinite(step));
        return known ? Grid.of(spacing, "") : Grid.UNKNOWN;
    }

    private static boolean isScreen(double perInch) {
        return Math.abs(perInch - SCREEN) < SAME || Math.abs(perInch - OTHER_SCREEN) < SAME;
    }

    private static double number(String text) {
        try {
            return Math.abs(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /**
     * What a page's metadata become with the size of its pixels.
     *
     * @param plain what the writer makes of the image by itself
     * @param pages of the file
     */
    static IIOMetadata with(Grid grid, int pages, IIOMetadata plain) throws IIOInvalidTreeException {
        int axes = grid.spacing().size();
        if (axes < 2) {
            return plain;
        }
        TIFFDirectory directory = TIFFDirectory.createFromMetadata(plain);
        BaselineTIFFTagSet tags = BaselineTIFFTagSet.getInstance();
        put(
                directory,
                tags.getTag(BaselineTIFFTagSet.TAG_X_RESOLUTION),
                MM_PER_CM / grid.spacing().get(axes - 1));
        put(
                directory,
                tags.getTag(BaselineTIFFTagSet.TAG_Y_RESOLUTION),
                MM_PER_CM / grid.spacing().get(axes - 2));
        directory.addTIFFField(new TIFFField(tags.getTag(BaselineTIFFTagSet.TAG_RESOLUTION_UNIT), CENTIMETRE));
        if (axes > 2 && pages > 1) {
            String text = String.format(
                    Locale.ROOT,
                    "ImageJ=1.53\nimages=%d\nslices=%d\nunit=cm\nspacing=%s\n",
                    pages,
                    pages,
                    grid.spacing().get(axes - 3) / MM_PER_CM);
            directory.addTIFFField(new TIFFField(
                    tags.getTag(BaselineTIFFTagSet.TAG_IMAGE_DESCRIPTION), TIFFTag.TIFF_ASCII, 1, new String[] {text}));
        }
        return directory.getAsMetadata();
    }

    private static void put(TIFFDirectory directory, TIFFTag tag, double perCentimetre) {
        long parts = Math.round(perCentimetre * PARTS);
        long most = 0xffff_ffffL;
        long[] rational = parts <= most
                ? new long[] {Math.max(1, parts), PARTS}
                : new long[] {Math.min(most, Math.round(perCentimetre)), 1};
        directory.addTIFFField(new TIFFField(tag, TIFFTag.TIFF_RATIONAL, 1, new long[][] {rational}));
    }
}
