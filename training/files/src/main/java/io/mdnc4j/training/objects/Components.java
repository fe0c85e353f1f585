package io.mdnc4j.training.objects;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The connected components of a mask over a grid of any number of axes: elements that touch by a face belong together (four
 * neighbours in a plane, six in a volume). It is kept as runs along the last axis, so that it takes little beside the mask.
 *
 * <pre>{@code
 * Components objects = Components.of(i -> mask[i], 64, 64);
 * objects.count()                       // how many
 * objects.size(objects.largest())       // elements of the largest one
 * }</pre>
 */
public final class Components {
    private static final int FIRST_RUNS = 64;

    private final Axes axes;
    private int[] starts = new int[FIRST_RUNS];
    private int[] ends = new int[FIRST_RUNS];
    private int[] parents = new int[FIRST_RUNS];
    private int runs;
    private long[] sizes = {};
    private boolean[] touching = {};

    private Components(long... size) {
        axes = new Axes(size);
    }

    /**
     * Finds the components.
     *
     * @param inside whether the element of that number, from 0, belongs to the mask; the last axis varies fastest
     * @param size elements of each axis of the grid; one axis at least
     * @return the components, numbered from 0 in the order of their first elements
     * @throws ArgumentException if the grid has no axis
     * @throws ArithmeticException if it has more elements than an array on the heap can have
     */
    public static Components of(IntPredicate inside, long... size) {
        ArgumentException.require(size.length > 0, "size", "no axis", "give the elements of one axis at least");
        Components components = new Components(size);
        components.scan(inside);
        components.number();
        return components;
    }

    /** Visits runs. */
    @FunctionalInterface
    public interface RunVisitor {
        /**
         * A run of neighbouring elements.
         *
         * @param from number of its first element
         * @param to number of the element after its last
         * @param component which they belong to
         */
        void run(int from, int to, int component);
    }

    private void scan(IntPredicate inside) {
        int length = axes.length();
        int row = (int) axes.size(axes.count() - 1);
        int rows = row == 0 ? 0 : length / row;
        int[] firstOfRow = new int[rows + 1];
        for (int r = 0; r < rows; r++) {
            firstOfRow[r] = runs;
            addRuns(inside, r * row, (r + 1) * row);
            firstOfRow[r + 1] = runs;
            int stride = 1;
            for (int axis = axes.count() - 2; axis >= 0; axis--) {
                if (r / stride % axes.size(axis) > 0) {
                    int other = r - stride;
                    join(firstOfRow[r], firstOfRow[other], firstOfRow[other + 1], stride * row);
                }
                stride *= (int) axes.size(axis);
            }
        }
    }

    private void addRuns(IntPredicate inside, int from, int to) {
        for (int i = from; i < to; i++) {
            if (inside.test(i)) {
                int start = i;
                while (i < to && inside.test(i)) {
                    i++;
                }
                add(start, i);
            }
        }
    }

    private void add(int start, int end) {
        if (runs == starts.length) {
            starts = Arrays.copyOf(starts, 2 * runs);
            ends = Arrays.copyOf(ends, 2 * runs);
            parents = Arrays.copyOf(parents, 2 * runs);
        }
        starts[runs] = start;
        ends[runs] = end;
        parents[runs] = runs;
        runs++;
    }

    /** Joins the runs from one on with those of another row that they lie beside. */
    private void join(int first, int otherFirst, int otherEnd, int distance) {
        int run = first;
        int other = otherFirst;
        while (run < runs && other < otherEnd) {
            if (starts[run] < ends[other] + distance && starts[other] + distance < ends[run]) {
                unite(run, other);
            }
            if (ends[other] + distance < ends[run]) {
                other++;
            } else {
                run++;
            }
        }
    }

    private int root(int run) {
        int root = run;
        while (parents[root] != root) {
            parents[root] = parents[parents[root]];
            root = parents[root];
        }
        return root;
    }

    /** The lower number stays the root, so that components come in the order of their first elements. */
    private void unite(int one, int other) {
        int a = root(one);
        int b = root(other);
        parents[Math.max(a, b)] = Math.min(a, b);
    }

    /** Replaces each run's root by the number of its component. */
    private void number() {
        int[] roots = new int[runs];
        for (int run = 0; run < runs; run++) {
            roots[run] = root(run);
        }
        int count = 0;
        for (int run = 0; run < runs; run++) {
            // a root comes before all others of its component
            parents[run] = roots[run] == run ? count++ : parents[roots[run]];
        }
        sizes = new long[count];
        touching = new boolean[count];
        for (int run = 0; run < runs; run++) {
            sizes[parents[run]] += ends[run] - starts[run];
            touching[parents[run]] |= onEdge(run);
        }
    }

    private boolean onEdge(int run) {
        int row = (int) axes.size(axes.count() - 1);
        if (starts[run] % row == 0 || ends[run] % row == 0) {
            return true;
        }
        int rest = starts[run] / row;
        for (int axis = axes.count() - 2; axis >= 0; axis--) {
            int size = (int) axes.size(axis);
            if (rest % size == 0 || rest % size == size - 1) {
                return true;
            }
            rest /= size;
        }
        return false;
    }

    /** {@return how many there are} */
    public int count() {
        return sizes.length;
    }

    /**
     * Elements of a component.
     *
     * @param component from 0
     * @return how many
     */
    public long size(int component) {
        return sizes[component];
    }

    /**
     * Whether a component has an element on the border of the grid.
     *
     * @param component from 0
     * @return whether it has
     */
    public boolean touchesBorder(int component) {
        return touching[component];
    }

    /** {@return the one with the most elements, the first of equals; -1 if there is none} */
    public int largest() {
        int largest = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (largest < 0 || sizes[i] > sizes[largest]) {
                largest = i;
            }
        }
        return largest;
    }

    /**
     * Goes through all elements of all components, in the order of their numbers.
     *
     * @param visitor is told of each run
     */
    public void forEach(RunVisitor visitor) {
        for (int run = 0; run < runs; run++) {
            visitor.run(starts[run], ends[run], parents[run]);
        }
    }

    /** {@return for each element of the grid the number of its component, from 1; 0 outside of all} */
    public int[] labels() {
        int[] labels = new int[axes.length()];
        forEach((from, to, component) -> Arrays.fill(labels, from, to, component + 1));
        return labels;
    }
}
