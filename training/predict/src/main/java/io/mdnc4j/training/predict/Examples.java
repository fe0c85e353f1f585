package io.mdnc4j.training.predict;

import io.mdnc4j.training.files.DataException;
import java.util.List;

/**
 * A set of examples, read when they are asked for, since all together may be larger than the memory. Unless an implementation
 * says otherwise, for one thread at a time.
 */
public interface Examples {
    /** {@return the number of examples} */
    int size();

    /**
     * Reads an example.
     *
     * @param index from 0 to below {@link #size}
     * @return the example
     * @throws DataException if it cannot be read
     */
    Example get(int index);

    /** {@return the names of the classes, where the targets are such; empty otherwise} */
    default List<String> classes() {
        return List.of();
    }

    /**
     * A set in memory, for any number of threads.
     *
     * @param examples copied; their arrays are not
     * @return the set
     */
    static Examples of(List<Example> examples) {
        List<Example> copy = List.copyOf(examples);
        return new Examples() {
            @Override
            public int size() {
                return copy.size();
            }

            @Override
            public Example get(int index) {
                return copy.get(index);
            }
        };
    }
}
