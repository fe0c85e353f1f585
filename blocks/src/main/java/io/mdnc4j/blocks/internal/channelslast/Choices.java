package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.Tuning;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Which {@link Way} is taken, for passes of convolutions by machine, number of threads and shape. */
public final class Choices {
    /** Shapes; those that come after so many keep to the rules. */
    static final int MOST = 10_000;

    /** None, which is the rules'. */
    public static final Choices RULES = new Choices(false, null);

    /** In memory, and those of each file that was named; a key is its path. */
    private static final Map<String, Choices> OF_MACHINE = new ConcurrentHashMap<>();

    private final Map<String, Way> ways = new ConcurrentHashMap<>();
    private final boolean open;
    private final Path file;

    private Choices(boolean open, Path file) {
        this.open = open;
        this.file = file;
    }

    /**
     * What was found on this machine, in this JVM and, where a file is named, before; it grows.
     *
     * @throws ArgumentException if the file is none of choices
     */
    public static Choices ofMachine() {
        Optional<Path> file = Tuning.file();
        return OF_MACHINE.computeIfAbsent(file.map(Path::toString).orElse(""), missing -> {
            Choices choices = new Choices(true, file.orElse(null));
            file.ifPresent(path -> choices.ways.putAll(ChoicesFile.read(path)));
            return choices;
        });
    }

    /** Open ones of which none has been made, kept in no file. */
    static Choices empty() {
        return new Choices(true, null);
    }

    /**
     * Those and no others.
     *
     * @param ways by key
     * @throws ArgumentException if one is unknown
     */
    public static Choices fixed(Map<String, String> ways) {
        ArgumentException.require(ways.size() <= MOST, "kernels", ways.size() + " choices", "give at most " + MOST);
        Choices choices = new Choices(false, null);
        ways.forEach((key, way) -> choices.ways.put(key, Coded.parse(Way.class, "kernels", way)));
        return choices;
    }

    /** Whether trials are to be made. */
    public boolean isOpen() {
        return open;
    }

    /** The choices of these keys, by short name, as far as there are any. */
    public SortedMap<String, String> of(Collection<String> keys) {
        SortedMap<String, String> known = new TreeMap<>();
        keys.forEach(key -> {
            Way way = ways.get(key);
            if (way != null) {
                known.put(key, way.code());
            }
        });
        return known;
    }

    /** All of them. */
    public SortedMap<String, String> all() {
        return of(ways.keySet());
    }

    /** How many there are. */
    public int size() {
        return ways.size();
    }

    /** What was chosen, if it suits here: files come from anywhere. */
    Optional<Way> way(Pass pass, Convolved convolved) {
        return ways.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(ways.get(key(pass, convolved)))
                        .filter(way -> Way.candidates(pass, convolved).contains(way));
    }

    /** Whether there is room for another shape. */
    boolean isFull() {
        return ways.size() >= MOST;
    }

    void put(Pass pass, Convolved convolved, Way way) {
        if (!isFull()) {
            ways.put(key(pass, convolved), way);
        }
    }

    /** Writes the file, where one is named. */
    void save() {
        if (file != null) {
            ChoicesFile.write(file, ways);
        }
    }

    /** Whether one of the keys is of this machine, with as many threads as there are, or with one, which takes a share. */
    public static boolean concern(Collection<String> keys) {
        return keys.stream().anyMatch(key -> key.startsWith(prefix(threads())) || key.startsWith(prefix(1)));
    }

    static String key(Pass pass, Convolved convolved) {
        return prefix(threads()) + pass.code() + " " + convolved;
    }

    private static String prefix(int threads) {
        return Machine.NAME + ", threads " + threads + ": ";
    }

    private static int threads() {
        Nd4j.getBackend(); // which brings the native operations with it
        return NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads();
    }

    /** Looked up once, on first use. */
    private static final class Machine {
        static final String NAME = Processor.name() + ", " + OneDnn.instructionSet() + ", oneDNN " + OneDnn.version();
    }
}
