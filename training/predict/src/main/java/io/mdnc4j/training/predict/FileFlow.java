package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.zoo.ModelDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A file on its way to its result. */
final class FileFlow implements Flow {
    private final CaseFiles files;
    private final Path file;
    private final ModelDescription description;
    private final FileListener listener;
    private final Function<FileSource, SlabSink> sink;
    private @Nullable FileSource source;

    /**
     * @param description of the network, with an input shape
     * @param sink for what comes of the file
     */
    FileFlow(
            CaseFiles files, ModelDescription description, FileListener listener, Function<FileSource, SlabSink> sink) {
        this.files = files;
        this.file = files.channels().get(0);
        this.description = description;
        this.listener = listener;
        this.sink = sink;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public RegionSource open() {
        if (files.problem() != null) {
            throw new DataException(name() + ": " + files.problem());
        }
        List<FileSource> opened = new ArrayList<>();
        try {
            for (Path channel : files.channels()) {
                opened.add(FileSource.open(channel, description));
            }
            source = opened.get(0);
            return opened.size() == 1 ? opened.get(0) : new JoinedChannels(opened);
        } catch (DataException e) {
            opened.forEach(FileSource::close);
            throw opened.size() < files.channels().size() ? e : new DataException(name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Grid grid() {
        return Objects.requireNonNull(source).slabs().grid();
    }

    @Override
    public List<String> remarks() {
        return Objects.requireNonNull(source).slabs().remarks();
    }

    @Override
    public SlabSink sink() {
        return sink.apply(Objects.requireNonNull(source));
    }

    @Override
    public void progress(int done, int all) {
        listener.progress(file, done, all);
    }

    @Override
    public void failed(RuntimeException problem) {
        listener.failed(file, problem);
    }
}
