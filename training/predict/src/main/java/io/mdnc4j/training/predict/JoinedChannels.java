package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.files.DataException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Files of the channels of one input, one after the other. */
final class JoinedChannels implements RegionSource {
    private final List<FileSource> sources;
    private @Nullable INDArray last;

    /**
     * @throws DataException if they are of different sizes or grids
     */
    JoinedChannels(List<FileSource> sources) {
        this.sources = sources;
        FileSource first = sources.get(0);
        Grid grid = first.slabs().grid();
        for (FileSource source : sources) {
            long[] shape = source.shape();
            Grid other = source.slabs().grid();
            if (!Arrays.equals(shape, first.shape())) {
                throw new DataException("its channels have shapes " + Arrays.toString(first.shape()) + " and "
                        + Arrays.toString(shape) + "; bring them to one");
            }
            if (!other.isSpacedLike(grid, shape.length - 1)
                    || !other.orientation().equals(grid.orientation())) {
                throw new DataException(
                        "its channels lie on grids of " + grid + " and " + other + "; bring them to one");
            }
        }
    }

    @Override
    public long[] shape() {
        long[] shape = sources.get(0).shape().clone();
        shape[0] = sources.stream().mapToLong(source -> source.shape()[0]).sum();
        return shape;
    }

    @Override
    public INDArray region(long[] start, long... size) {
        Release.of(last);
        INDArray joined = Nd4j.concat(
                0, sources.stream().map(source -> source.region(start, size)).toArray(INDArray[]::new));
        last = joined;
        return joined;
    }

    @Override
    public void close() {
        Release.of(last);
        last = null;
        sources.forEach(FileSource::close);
    }
}
