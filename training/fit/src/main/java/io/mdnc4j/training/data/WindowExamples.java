package io.mdnc4j.training.data;

import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.training.predict.WindowGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Windows of one size side by side, which cover examples of any sizes; of an example with one answer, that in its middle. */
public final class WindowExamples implements Examples {
    private record Window(int example, long... start) {}

    private final CachedExamples examples;
    private final long[] size;
    private final List<Window> windows = new ArrayList<>();

    /**
     * Lays out the windows; reads no example.
     *
     * @param examples what is covered
     * @param sizes of the examples on each axis
     * @param size of a window on each axis; what lies beyond an example is its mirror image
     * @param perExample whether an example has one answer
     */
    public WindowExamples(CachedExamples examples, List<long[]> sizes, boolean perExample, long... size) {
        this.examples = examples;
        this.size = size.clone();
        for (int i = 0; i < sizes.size(); i++) {
            long[] whole = sizes.get(i);
            if (perExample) {
                long[] middle = new long[size.length];
                Arrays.setAll(middle, axis -> Math.floorDiv(whole[axis] - size[axis], 2));
                windows.add(new Window(i, middle));
            } else {
                WindowGrid grid = WindowGrid.of(whole, size, 0);
                for (int window = 0; window < grid.count(); window++) {
                    windows.add(new Window(i, grid.start(window)));
                }
            }
        }
    }

    @Override
    public int size() {
        return windows.size();
    }

    @Override
    public List<String> classes() {
        return examples.classes();
    }

    @Override
    public Example get(int index) {
        Window window = windows.get(index);
        return examples.with(window.example, example -> {
            boolean perExample = example.target().rank() != example.input().rank();
            return new Example(
                    example.name(),
                    Windows.cut(example.input(), window.start, size),
                    perExample ? example.target().dup() : Windows.cut(example.target(), window.start, size),
                    example.grid());
        });
    }
}
