package io.mdnc4j.training.fuzz;

import com.sun.management.ThreadMXBean;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.bioimageio.PackageException;
import io.mdnc4j.training.search.SpaceFile;
import io.mdnc4j.zoo.ModelFileException;
import io.mdnc4j.zoo.weights.WeightsException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The readers of files from elsewhere. Whatever a file holds, its reader ends, within bounds of time and memory in proportion
 * to the file, either with what it read or with its documented exceptions, whose texts can be shown.
 */
enum FuzzTarget {
    /** NIfTI, also gzipped. */
    NIFTI(Place.file(".nii"), Readings::array, DataException.class),
    /** NumPy's single arrays. */
    NPY(Place.file(".npy"), Readings::array, DataException.class),
    /** Its zips of them. */
    NPZ(Place.file(".npz"), Readings::array, DataException.class),
    /** HDF5 of all layouts and filters. */
    HDF5(Place.file(".h5"), Readings::array, DataException.class),
    /** Tables, also gzipped. */
    TABLE(Place.file(".csv"), Readings::array, DataException.class),
    /** Images: their readers are told by their bytes, so that there is one target for PNG, JPEG and TIFF. */
    IMAGE(Place.file(".png"), Readings::array, DataException.class),
    /** Sound. */
    WAVE(Place.file(".wav"), Readings::array, DataException.class),
    /** Lists of the files of a data set. */
    LIST(Place.file(".csv"), Readings::listing, DataException.class, ArgumentException.class),
    /** Weights in safetensors. */
    SAFETENSORS(Place.file(".safetensors"), Readings::weights, WeightsException.class),
    /** Weights in both forms of {@code torch.save}. */
    TORCH(Place.file(".pth"), Readings::weights, WeightsException.class),
    /** The pickle inside the zip form, behind a right checksum. */
    PICKLE(Place.entry(Seeds::torch, "weights/data.pkl"), Readings::weights, WeightsException.class),
    /** Model files. */
    MODEL(Place.file(".zip"), Readings::model, ModelFileException.class),
    /** The network's configuration inside, behind a right checksum. */
    CONFIGURATION(Place.entry(Seeds::model, "configuration.json"), Readings::model, ModelFileException.class),
    /** The parameters inside. */
    PARAMETERS(Place.entry(Seeds::model, "coefficients.bin"), Readings::model, ModelFileException.class),
    /** The model's description inside. */
    DESCRIPTION(Place.entry(Seeds::model, "mdnc4j.json"), Readings::description, ModelFileException.class),
    /** What a package of bioimage.io says, behind a right checksum. */
    RDF(Place.entry(Seeds::packaged, "rdf.yaml"), Readings::packaged, PackageException.class),
    /** The state of a training inside its checkpoint. */
    STATE(
            Place.entry(RunFiles::checkpoint, "training.json"),
            RunFiles::resumeFromState,
            DataException.class,
            ArgumentException.class),
    /** The history of a run. */
    HISTORY(Place.file(".csv"), RunFiles::resumeFromHistory, DataException.class, ArgumentException.class),
    /** Files of options. */
    OPTIONS(Place.file(".json"), Readings::options),
    /** What settings may be in a search. */
    SPACE(Place.file(".json"), SpaceFile::read, ArgumentException.class),
    /** What a server answers. */
    DOWNLOAD(Place.file(".http"), Readings::download, IOException.class);

    /** Heap that any file may take: buffers, and the libraries' own structures. */
    private static final long HEAP = 64L << 20;

    /** Heap for each byte of a file, which may be compressed. */
    private static final long HEAP_PER_BYTE = 4 * 1032;

    /** Time of the processor, so that other programs do not count. */
    private static final Duration TIME = Duration.ofSeconds(20);

    private static final int LONGEST_MESSAGE = 2_000;

    /** Of arrays, in MiB, in place of 1,024, which the small files here need not have. */
    static final String MAX_ARRAY = "4";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Place place;
    private final Reading reading;
    private final Set<Class<?>> documented;

    FuzzTarget(Place place, Reading reading, Class<?>... documented) {
        this.place = place;
        this.reading = reading;
        this.documented = Set.of(documented);
    }

    /** Reads from a file. */
    interface Reading {
        void read(Path file) throws IOException;
    }

    /** Whole files, or entries of files, to begin with. */
    List<byte[]> seeds() throws IOException {
        return Seeds.of(this, place);
    }

    /** The name of its method in {@link FuzzedReaders}, which is also the folder of its inputs. */
    String method() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Gives a file with these bytes to the reader.
     *
     * @return whether it took them
     * @throws AssertionError if it breaks its promise
     */
    boolean attack(byte[] bytes) throws IOException {
        Path file = place.put(bytes, Seeds.FOLDER.resolve("fuzzed-" + method()));
        Cost cost = cost(file);
        if (!cost.isBounded()) {
            // classes are loaded, and changed by Jazzer, when they are used first
            cost = cost(file);
        }
        require(cost.isBounded(), cost::toString, null);
        return cost.taken;
    }

    /**
     * What reading a file took.
     *
     * @param size of the file
     * @param memory on the heap, in all
     * @param time of the processor, in nanoseconds
     * @param taken whether the reader took it
     */
    private record Cost(long size, long memory, long time, boolean taken) {
        boolean isBounded() {
            return memory <= HEAP + HEAP_PER_BYTE * size && time <= TIME.toNanos();
        }
    }

    private Cost cost(Path file) throws IOException {
        long memory = THREADS.getCurrentThreadAllocatedBytes();
        long time = THREADS.getCurrentThreadCpuTime();
        boolean taken = true;
        try {
            reading.read(file);
        } catch (IOException | RuntimeException e) {
            requireDocumented(e);
            taken = false;
        }
        return new Cost(
                Files.size(file),
                THREADS.getCurrentThreadAllocatedBytes() - memory,
                THREADS.getCurrentThreadCpuTime() - time,
                taken);
    }

    private void requireDocumented(Exception e) {
        require(documented.contains(e.getClass()), () -> "an undocumented exception: " + e, e);
        String message = String.valueOf(e.getMessage());
        require(message.length() <= LONGEST_MESSAGE, () -> "a message of " + message.length() + " characters", e);
        require(!message.endsWith("null"), () -> "a message that says nothing: " + message, e);
        require(
                message.chars().noneMatch(Character::isISOControl),
                () -> "a message that steers terminals: " + message,
                e);
    }

    private static void require(boolean condition, Supplier<String> problem, Exception cause) {
        if (!condition) {
            throw new AssertionError(problem.get(), cause);
        }
    }
}
