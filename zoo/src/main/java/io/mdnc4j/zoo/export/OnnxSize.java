package io.mdnc4j.zoo.export;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sizes of the spatial axes of a value, as far as an ONNX graph is concerned: numbers where they are fixed, otherwise the name
 * of a vector that the graph computes. What is computed from numbers is a number, so that graphs of fixed sizes compute none.
 */
final class OnnxSize {
    private final OnnxGraph graph;
    private final long @Nullable [] numbers;
    private final String computed;

    private OnnxSize(OnnxGraph graph, String computed, long @Nullable ... numbers) {
        this.graph = graph;
        this.numbers = numbers;
        this.computed = computed;
    }

    /** Sizes that are known. */
    static OnnxSize of(OnnxGraph graph, long... numbers) {
        return new OnnxSize(graph, "", numbers);
    }

    /**
     * The sizes of a value.
     *
     * @param name of the vector
     * @param value whose first two axes are samples and channels
     * @param known its sizes; {@code null} to have them computed
     */
    static OnnxSize of(OnnxGraph graph, String name, String value, long @Nullable ... known) {
        return known != null
                ? of(graph, known)
                : new OnnxSize(
                        graph, graph.node("Shape", name, List.of(value), OnnxGraph.attribute("start", 2L)), (long[])
                                null);
    }

    /** {@return the name of the vector} */
    String vector() {
        return numbers == null ? computed : graph.integers(numbers);
    }

    /** {@return the numbers; {@code null} where they are computed} */
    long @Nullable [] numbers() {
        return numbers == null ? null : numbers.clone();
    }

    /** {@return whether these are known to be the same} */
    boolean is(OnnxSize other) {
        return numbers != null && Arrays.equals(numbers, other.numbers);
    }

    /** {@return the lesser of each two} */
    OnnxSize min(String name, OnnxSize other) {
        return with("Min", Math::min, name, other);
    }

    /** {@return the greater of each two} */
    OnnxSize max(String name, OnnxSize other) {
        return with("Max", Math::max, name, other);
    }

    /** {@return the sums} */
    OnnxSize plus(String name, OnnxSize other) {
        return with("Add", Long::sum, name, other);
    }

    /** {@return the differences} */
    OnnxSize minus(String name, OnnxSize other) {
        return with("Sub", (a, b) -> a - b, name, other);
    }

    /** {@return the halves, rounded down, of what is not negative} */
    OnnxSize half(String name) {
        return over(name, of(graph, 2));
    }

    /** {@return the least multiples that are not less} */
    OnnxSize upToMultiple(String name, long... of) {
        OnnxSize step = of(graph, of);
        OnnxSize less = of(graph, Arrays.stream(of).map(n -> n - 1).toArray());
        return plus(name + ".reached", less).over(name + ".count", step).with("Mul", (a, b) -> a * b, name, step);
    }

    private OnnxSize over(String name, OnnxSize other) {
        return with("Div", (a, b) -> a / b, name, other);
    }

    private OnnxSize with(String operator, LongBinaryOperator operation, String name, OnnxSize other) {
        long[] own = numbers;
        long[] others = other.numbers;
        if (own != null && others != null) {
            return of(
                    graph,
                    IntStream.range(0, own.length)
                            .mapToLong(i -> operation.applyAsLong(own[i], others[others.length == 1 ? 0 : i]))
                            .toArray());
        }
        return new OnnxSize(graph, graph.node(operator, name, List.of(vector(), other.vector())), (long[]) null);
    }
}
