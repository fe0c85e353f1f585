package io.mdnc4j.training.files;

import io.mdnc4j.training.arrays.Release;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** NumPy's files of one array and its zips of several; numbers only, never Python objects. */
final class NumpyFormat implements RawFormat {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int MAX_HEADER = 1 << 16;
    private static final String SUFFIX = ".npy";
    private static final String ZIPPED = ".npz";
    private static final String DEFAULT_NAME = "arr_0";

    private static final Map<String, ElementType> TYPES = Map.of(
            "b1", ElementType.UINT8,
            "i1", ElementType.INT8,
            "u1", ElementType.UINT8,
            "i2", ElementType.INT16,
            "u2", ElementType.UINT16,
            "i4", ElementType.INT32,
            "u4", ElementType.UINT32,
            "i8", ElementType.INT64,
            "f4", ElementType.FLOAT32,
            "f8", ElementType.FLOAT64);

    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z]\\d+)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

    @Override
    public StoredArray read(Path file, String part) throws IOException {
        if (!isZip(file.getFileName().toString())) {
            try (InputStream in = RawNumbers.unzipped(Files.newInputStream(file))) {
                return read(in, ArrayFiles.size(file), false);
            }
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<String> names = names(zip);
            String name = part.isEmpty() && names.size() == 1 ? names.get(0) : part;
            ZipEntry entry = entry(zip, name);
            CRC32 crc = new CRC32();
            try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
                StoredArray array = read(in, ArrayFiles.size(file), true);
                if (crc.getValue() != entry.getCrc()) {
                    Release.of(array.values());
                    throw new IOException("its array is damaged (its CRC-32 is another); restore the file");
                }
                return array;
            }
        }
    }

    private static List<String> names(ZipFile zip) {
        return zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith(SUFFIX))
                .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                .toList();
    }

    private static ZipEntry entry(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name + SUFFIX);
        if (entry == null) {
            throw new IOException("it holds the arrays " + Limits.shown(names(zip))
                    + (name.isEmpty() ? "" : ", not " + name) + "; name one of them, or keep one array a file");
        }
        return entry;
    }

    /** The shapes of the arrays in a zip by their names, those of texts or of numbers; of a single number {@code [1]}. */
    static Map<String, long[]> shapes(Path file, boolean texts) throws IOException {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (String name : names(zip)) {
                try (InputStream in = zip.getInputStream(entry(zip, name))) {
                    String header = start(in).text;
                    Matcher type = TYPE.matcher(header);
                    if (type.find() && (texts ? isText(type) : TYPES.containsKey(type.group(2)))) {
                        shapes.put(name, shape(header));
                    }
                }
            }
        }
        return shapes;
    }

    private static boolean isText(Matcher type) {
        return type.group(2).matches("[US]\\d{1,4}");
    }

    /** The texts of an array of one axis in a zip. */
    static List<String> texts(Path file, String name) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile());
                InputStream in = zip.getInputStream(entry(zip, name))) {
            String header = start(in).text;
            Matcher type = found(TYPE, header, "a type");
            long[] shape = shape(header);
            if (!isText(type) || shape.length != 1) {
                throw new IOException("its array " + name + " is none of texts on one axis");
            }
            boolean wide = type.group(2).startsWith("U");
            int length = Integer.parseInt(type.group(2).substring(1)) * (wide ? Integer.BYTES : 1);
            long bytes = ArrayFiles.size(file);
            Limits.elements(ElementType.UINT8, true, bytes, shape[0], Math.max(1, length));
            Charset charset = !wide
                    ? StandardCharsets.UTF_8
                    : Charset.forName(type.group(1).equals(">") ? "UTF-32BE" : "UTF-32LE");
            List<String> texts = new ArrayList<>();
            for (long i = 0; i < shape[0]; i++) {
                byte[] one = in.readNBytes(length);
                if (one.length < length) {
                    throw new EOFException("it ends before its " + shape[0] + " texts do");
                }
                texts.add(new String(one, charset).replace("\0", "").strip());
            }
            return texts;
        }
    }

    private static StoredArray read(InputStream in, long fileBytes, boolean compressed) throws IOException {
        Header header = Header.read(in);
        if (!header.fortran) {
            return header.layout().read(in, compressed, fileBytes);
        }
        int[] axes = new int[header.shape.length];
        Arrays.setAll(axes, axis -> axes.length - 1 - axis);
        INDArray reversed = header.layout().read(in, compressed, fileBytes).values();
        INDArray values = reversed.permute(axes).dup('c');
        Release.of(reversed);
        return new StoredArray(values, false, header.type);
    }

    @Override
    public @Nullable RawLayout layout(Path file) throws IOException {
        if (isZip(file.getFileName().toString())) {
            return null;
        }
        try (InputStream in = RawNumbers.unzipped(Files.newInputStream(file))) {
            Header header = Header.read(in);
            return header.fortran ? null : header.layout();
        }
    }

    private static boolean isZip(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(ZIPPED);
    }

    /**
     * How the numbers of an array lie.
     *
     * @param fortran whether the first axis varies fastest
     * @param shape of the array as its numbers lie there, the last axis varying fastest
     * @param bytes of the header
     */
    private record Header(ElementType type, ByteOrder order, boolean fortran, long[] shape, int bytes) {
        /** Reads it; the stream is where the numbers begin then. */
        static Header read(InputStream in) throws IOException {
            Start start = start(in);
            return parse(start.text, start.bytes);
        }

        private static Header parse(String header, int bytes) throws IOException {
            Matcher type = found(TYPE, header, "a type of plain numbers; store such, not objects or records");
            ElementType elements = TYPES.get(type.group(2));
            if (elements == null) {
                throw new IOException("its type " + Limits.shown(type.group(2)) + " is not known; store one of "
                        + TYPES.keySet().stream().sorted().collect(Collectors.joining(", ")));
            }
            boolean fortran = found(ORDER, header, "an order").group(1).equals("True");
            long[] shape = NumpyFormat.shape(header);
            ByteOrder order = type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            return new Header(elements, order, fortran, fortran ? reversed(shape) : shape, bytes);
        }

        RawLayout layout() {
            return new RawLayout(
                    shape,
                    false,
                    type,
                    order,
                    DoubleUnaryOperator.identity(),
                    bytes,
                    values -> new StoredArray(values, false, type));
        }
    }

    private static long[] shape(String header) throws IOException {
        String sizes = found(SHAPE, header, "a shape").group(1).replaceAll("\\s", "");
        return sizes.isEmpty()
                ? new long[] {1}
                : Arrays.stream(sizes.split(",")).mapToLong(Long::parseLong).toArray();
    }

    /**
     * What stands before the numbers.
     *
     * @param bytes that it has with all before it
     */
    private record Start(String text, int bytes) {}

    /** What a header says; the stream is where the numbers begin then. */
    private static Start start(InputStream in) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(Arrays.copyOf(start, MAGIC.length), MAGIC)) {
            throw new IOException("it is no NumPy file");
        }
        int lengthBytes = start[MAGIC.length] == 1 ? Short.BYTES : Integer.BYTES;
        byte[] lengthField = Arrays.copyOf(in.readNBytes(lengthBytes), Integer.BYTES);
        int length = ByteBuffer.wrap(lengthField).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (length < 0 || length > MAX_HEADER) {
            throw new IOException("its header has " + length + " bytes, not up to " + MAX_HEADER);
        }
        byte[] header = in.readNBytes(length);
        if (header.length < length) {
            throw new EOFException("it ends within its header");
        }
        return new Start(new String(header, StandardCharsets.UTF_8), start.length + lengthBytes + length);
    }

    private static Matcher found(Pattern pattern, String header, String what) throws IOException {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new IOException("its header does not say " + what);
        }
        return matcher;
    }

    private static long[] reversed(long... shape) {
        long[] reversed = new long[shape.length];
        for (int axis = 0; axis < shape.length; axis++) {
            reversed[axis] = shape[shape.length - 1 - axis];
        }
        return reversed;
    }

    @Override
    public void write(Path file, String name, StoredArray array) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            if (isZip(name)) {
                ZipOutputStream zip = new ZipOutputStream(out);
                zip.putNextEntry(new ZipEntry(DEFAULT_NAME + SUFFIX));
                write(zip, array);
                zip.closeEntry();
                zip.finish();
            } else {
                write(out, array);
            }
        }
    }

    private void write(OutputStream out, StoredArray array) throws IOException {
        out.write(header(array, array.values().shape()).bytes());
        RawNumbers.write(out, array.values(), array.type(), ByteOrder.LITTLE_ENDIAN, DoubleUnaryOperator.identity());
    }

    @Override
    public boolean isRaw(String name) {
        return !isZip(name);
    }

    @Override
    public RawHeader header(StoredArray like, long... size) {
        String type = (like.type().isInteger() ? (like.type().name().startsWith("U") ? "u" : "i") : "f")
                + like.type().bytes();
        String shape = Arrays.stream(size).mapToObj(axis -> axis + ",").collect(Collectors.joining(" ", "(", ")"));
        StringBuilder text = new StringBuilder("{'descr': '" + (like.type().bytes() == 1 ? "|" : "<") + type
                + "', 'fortran_order': False, 'shape': " + shape + ", }");
        int start = MAGIC.length + 2 + Short.BYTES;
        while ((start + text.length() + 1) % ALIGNMENT != 0) {
            text.append(' ');
        }
        text.append('\n');
        ByteBuffer header = ByteBuffer.allocate(start + text.length()).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) text.length());
        header.put(text.toString().getBytes(StandardCharsets.US_ASCII));
        return new RawHeader(header.array(), ByteOrder.LITTLE_ENDIAN);
    }
}
