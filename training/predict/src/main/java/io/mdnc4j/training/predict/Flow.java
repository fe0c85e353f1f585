package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Grid;
import java.util.List;

/** One input on its way to its output. Several may be under way at a time, since their windows share batches. */
public interface Flow {
    /** {@return what messages call the input, such as the file's name} Default: {@code input}. */
    default String name() {
        return "input";
    }

    /**
     * Opens the input; called once.
     *
     * @return the input, which is closed when all of it was read
     */
    RegionSource open();

    /** {@return where the input's elements lie; asked for after {@link #open}} Default: unknown. */
    default Grid grid() {
        return Grid.UNKNOWN;
    }

    /** {@return what one should know of the input; asked for after {@link #open}} Default: nothing. */
    default List<String> remarks() {
        return List.of();
    }

    /**
     * Opens what takes the output; called once, after {@link #open}.
     *
     * @return the sink, which is closed after its {@link SlabSink#finish}, or when something failed
     */
    SlabSink sink();

    /**
     * Is told after each batch how far this input is. Default: does nothing.
     *
     * @param done windows that are done
     * @param all windows of this input
     */
    default void progress(int done, int all) {
        // nobody looks
    }

    /**
     * Is told that this input has no output, since its source, its sink or the function failed; source and sink are closed.
     * Default: throws the exception, and so ends the other inputs, too.
     *
     * @param problem what was thrown; by the function, for all inputs of which it had windows
     */
    default void failed(RuntimeException problem) {
        throw problem;
    }
}
