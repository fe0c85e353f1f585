package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ArraySlabs;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.zoo.ModelDescription;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The array of a file, of which the rows that a region needs are in memory, where its format can be read so. */
public final class FileSource implements RegionSource {
    private static final String NO_OPACITY = "its opacity (alpha) is left out, as in the training";

    private final ArraySlabs slabs;

    /** Rows from {@link #first} to {@link #end}, {@code [C, rows, rest...]}. */
    private @Nullable INDArray kept;

    private long first;
    private long end;

    private FileSource(ArraySlabs slabs) {
        this.slabs = slabs;
    }

    /**
     * Opens a file.
     *
     * @param file whose name tells the format
     * @param description of the network, with an input shape
     * @return its array, of pictures with the channels that the network takes
     * @throws DataException if it cannot be read, or has more or fewer axes
     */
    public static FileSource open(Path file, ModelDescription description) {
        Channels channels = Predictor.channels(description);
        List<Long> trained = description.inputShape();
        return new FileSource(ArrayFiles.open(file, trained.size() - 1, read -> {
            StoredArray input = read.with(channels);
            // a palette of which this picture has greys only
            boolean grey = read.hasPalette() && input.values().size(0) < trained.get(0);
            StoredArray known = grey ? input.with(Channels.RGB) : input;
            return read.hasOpacity() && channels != Channels.ALL ? known.remarked(NO_OPACITY) : known;
        }));
    }

    /** {@return the file, for what else it says, and to write others like it} */
    public ArraySlabs slabs() {
        return slabs;
    }

    @Override
    public long[] shape() {
        return slabs.shape();
    }

    @Override
    public INDArray region(long[] start, long... size) {
        long[] place = start.clone();
        INDArray rows = rows(start[0], start[0] + size[0]);
        place[0] -= first;
        return Regions.of(rows, place, size);
    }

    private INDArray rows(long from, long to) {
        INDArray before = kept;
        if (before != null && from >= first && to <= end) {
            return before;
        }
        long[] shape = slabs.shape();
        shape[1] = to - from;
        INDArray rows = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
        long known = before == null ? from : Math.max(from, end);
        if (before != null && from < end) {
            Regions.rows(rows, 0, end - from).assign(Regions.rows(before, from - first, end - first));
        }
        INDArray read = slabs.read(known, to);
        Regions.rows(rows, known - from, to - from).assign(read);
        Release.of(read, before);
        kept = rows;
        first = from;
        end = to;
        return rows;
    }

    @Override
    public void close() {
        Release.of(kept);
        kept = null;
        slabs.close();
    }
}
