package io.mdnc4j.zoo.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damages files as accidents and attackers do; the same for the same seed. */
public final class Mutations {
    private static final long[] EXTREMES = {
        0, -1, 1, 1L << 60, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, 1 << 31
    };

    /** What opens another level in JSON or a pickle. */
    private static final List<String> OPENINGS = List.of("[", "{\"a\":", "(", "]", "}", "\u0085");

    private interface Mutation {
        byte[] apply(byte[] file, SplittableRandom random);
    }

    private static final List<Mutation> ALL = List.of(
            (file, random) -> Arrays.copyOf(file, random.nextInt(file.length)),
            Mutations::flip,
            Mutations::flip,
            Mutations::flip,
            Mutations::number,
            Mutations::number,
            Mutations::swap,
            Mutations::repeat,
            (file, random) -> {
                int from = random.nextInt(file.length);
                return splice(file, from, Math.min(file.length, from + 1 + random.nextInt(64)), new byte[0]);
            },
            (file, random) -> {
                String opening = OPENINGS.get(random.nextInt(OPENINGS.size()));
                byte[] nested = opening.repeat(1 << random.nextInt(4, 17))
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
                int at = random.nextInt(file.length);
                return splice(file, at, at, nested);
            });

    private Mutations() {}

    /** The file, damaged in one way or two. */
    public static byte[] of(byte[] file, SplittableRandom random) {
        byte[] damaged = ALL.get(random.nextInt(ALL.size())).apply(file, random);
        return damaged.length > 0 && random.nextInt(4) == 0
                ? ALL.get(random.nextInt(ALL.size())).apply(damaged, random)
                : damaged;
    }

    private static byte[] flip(byte[] file, SplittableRandom random) {
        byte[] damaged = file.clone();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            damaged[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    private static byte[] number(byte[] file, SplittableRandom random) {
        byte[] damaged = file.clone();
        int at = random.nextInt(file.length);
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        number.putLong(0, EXTREMES[random.nextInt(EXTREMES.length)]);
        int length = Math.min(1 << random.nextInt(4), file.length - at);
        System.arraycopy(number.array(), 0, damaged, at, length);
        return damaged;
    }

    /** Exchanges two parts of equal length, such as offsets. */
    private static byte[] swap(byte[] file, SplittableRandom random) {
        byte[] damaged = file.clone();
        int length = Math.min(file.length, 1 + random.nextInt(16));
        int one = random.nextInt(file.length - length + 1);
        int other = random.nextInt(file.length - length + 1);
        System.arraycopy(file, one, damaged, other, length);
        System.arraycopy(file, other, damaged, one, length);
        return damaged;
    }

    private static byte[] repeat(byte[] file, SplittableRandom random) {
        int from = random.nextInt(file.length);
        int to = Math.min(file.length, from + 1 + random.nextInt(256));
        return splice(file, to, to, Arrays.copyOfRange(file, from, to));
    }

    private static byte[] splice(byte[] file, int from, int to, byte[] instead) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, from);
        out.write(instead, 0, instead.length);
        out.write(file, to, file.length - to);
        return out.toByteArray();
    }
}
