package io.mdnc4j.training.files;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.OnHeap;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioFormat.Encoding;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sound {@code [C, samples]}: whole numbers of 8, 16, 24 or 32 bits as parts of full scale, -1 to 1, real ones as they are. What
 * is written has the rate and bits of the file that was read.
 */
final class WaveFormat implements ArrayFormat {
    private static final int BITS_24 = 24;
    private static final int BITS_16 = 16;
    private static final float DEFAULT_RATE = 44_100;

    @Override
    public StoredArray read(Path file, String part) throws IOException {
        try (AudioInputStream in =
                AudioSystem.getAudioInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            AudioFormat format = in.getFormat();
            int bytes = sampleBytes(format);
            int channels = format.getChannels();
            if (bytes < 1 || bytes > Double.BYTES || channels < 1 || format.getFrameSize() != bytes * channels) {
                throw new IOException("its samples are " + format + "; convert it to plain PCM");
            }
            long frames = Math.min(in.getFrameLength(), ArrayFiles.size(file) / format.getFrameSize());
            if (in.getFrameLength() != frames) {
                throw new EOFException(
                        "its header says " + in.getFrameLength() + " samples, more than the file can hold");
            }
            Limits.elements(ArrayFiles.size(file) / bytes, ArrayFiles.size(file), DataType.FLOAT, channels, frames);
            INDArray values = RawNumbers.read(
                    new Samples(in, format), ElementType.FLOAT32, ByteOrder.nativeOrder(), v -> v, frames, channels);
            ElementType type = Encoding.PCM_FLOAT.equals(format.getEncoding())
                    ? bytes == Double.BYTES ? ElementType.FLOAT64 : ElementType.FLOAT32
                    : bytes == 1 ? ElementType.UINT8 : bytes == Short.BYTES ? ElementType.INT16 : ElementType.INT32;
            return new StoredArray(values.transpose().dup('c'), true, type, grid(format), List.of(), format);
        } catch (UnsupportedAudioFileException e) {
            throw new IOException("it is no WAV file with plain samples", e);
        }
    }

    private static Grid grid(AudioFormat format) {
        float rate = format.getSampleRate();
        return rate > 0 && Float.isFinite(rate) ? Grid.ofRate(rate) : Grid.UNKNOWN;
    }

    @Override
    public String suffixOfClasses(String suffix) {
        return ".csv";
    }

    private static int sampleBytes(AudioFormat format) {
        return format.getSampleSizeInBits() % Byte.SIZE == 0 ? format.getSampleSizeInBits() / Byte.SIZE : 0;
    }

    /** A stream of samples as floats of the machine's order. */
    private static final class Samples extends InputStream {
        private static final int PIECE = 1 << 14;

        private final InputStream in;
        private final AudioFormat format;
        private final int bytes;
        private ByteBuffer floats = ByteBuffer.allocate(0);

        Samples(InputStream in, AudioFormat format) {
            this.in = in;
            this.format = format;
            this.bytes = sampleBytes(format);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 1 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (!floats.hasRemaining()) {
                byte[] piece = in.readNBytes(PIECE * bytes);
                int count = piece.length / bytes;
                floats = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.nativeOrder());
                for (int i = 0; i < count; i++) {
                    floats.putFloat((float) sample(piece, i * bytes));
                }
                floats.flip();
            }
            int taken = Math.min(length, floats.remaining());
            floats.get(target, offset, taken);
            return taken == 0 && length > 0 ? -1 : taken;
        }

        private double sample(byte[] piece, int start) {
            if (Encoding.PCM_FLOAT.equals(format.getEncoding())) {
                ByteBuffer buffer = ByteBuffer.wrap(piece)
                        .order(format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
                return bytes == Double.BYTES ? buffer.getDouble(start) : buffer.getFloat(start);
            }
            long value = 0;
            for (int i = 0; i < bytes; i++) {
                int index = format.isBigEndian() ? start + i : start + bytes - 1 - i;
                value = value << Byte.SIZE | piece[index] & 0xff;
            }
            int bits = Byte.SIZE * bytes;
            if (Encoding.PCM_UNSIGNED.equals(format.getEncoding())) {
                value -= 1L << bits - 1;
            } else {
                value = value << Long.SIZE - bits >> Long.SIZE - bits;
            }
            return value / (double) (1L << bits - 1);
        }
    }

    @Override
    public int mostAxes(String suffix) {
        return 1;
    }

    @Override
    public void write(Path file, String name, StoredArray array) throws IOException {
        if (array.values().rank() > 2) {
            throw new ArgumentException("array", array.values().shape(), "give sound [samples] or [C, samples]");
        }
        INDArray values = array.values().rank() == 1
                ? array.values().reshape('c', 1, array.values().length())
                : array.values();
        int channels = (int) values.size(0);
        int bits = array.header() instanceof AudioFormat read && !Encoding.PCM_FLOAT.equals(read.getEncoding())
                ? read.getSampleSizeInBits()
                : BITS_24;
        if (bits < BITS_16) {
            bits = Byte.SIZE;
        }
        int bytes = bits / Byte.SIZE;
        Double known = array.grid().samplingRate();
        float rate = known == null ? DEFAULT_RATE : known.floatValue();
        double scale = 1L << bits - 1;
        double[] samples = OnHeap.doubles(values.transpose());
        byte[] data = new byte[Math.multiplyExact(samples.length, bytes)];
        for (int i = 0; i < samples.length; i++) {
            long value = Math.round(Math.min(Math.max(samples[i] * scale, -scale), scale - 1));
            value += bits == Byte.SIZE ? 1 << Byte.SIZE - 1 : 0;
            for (int b = 0; b < bytes; b++) {
                data[i * bytes + b] = (byte) (value >> Byte.SIZE * b);
            }
        }
        AudioFormat format = new AudioFormat(
                bits == Byte.SIZE ? Encoding.PCM_UNSIGNED : Encoding.PCM_SIGNED,
                rate,
                bits,
                channels,
                bytes * channels,
                rate,
                false);
        try (AudioInputStream in =
                new AudioInputStream(new ByteArrayInputStream(data), format, samples.length / channels)) {
            AudioSystem.write(in, AudioFileFormat.Type.WAVE, file.toFile());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
