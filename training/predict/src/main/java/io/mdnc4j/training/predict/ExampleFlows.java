package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Examples in memory with whole outputs; each is asked for once, in their order. */
final class ExampleFlows implements Iterator<Flow> {
    private final Examples examples;
    private final BiConsumer<Example, INDArray> consumer;
    private int next;

    ExampleFlows(Examples examples, BiConsumer<Example, INDArray> consumer) {
        this.examples = examples;
        this.consumer = consumer;
    }

    @Override
    public boolean hasNext() {
        return next < examples.size();
    }

    @Override
    public Flow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Example example = examples.get(next++);
        ArgumentException.require(
                example.input().rank() > 0 && !example.input().isEmpty(),
                "input",
                example.input().shape(),
                "give an array [C, size...] with elements");
        return new Flow() {
            @Override
            public String name() {
                return example.name();
            }

            @Override
            public Grid grid() {
                return example.grid();
            }

            @Override
            public RegionSource open() {
                return RegionSource.of(example.input());
            }

            @Override
            public SlabSink sink() {
                return SlabSink.collect(Axes.size(example.input()), output -> consumer.accept(example, output));
            }
        };
    }
}
