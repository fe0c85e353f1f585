package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Grid;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/** A flow around another one, which answers for it but for the input, and for what else is overridden. */
abstract class WrappedFlow implements Flow {
    private final Flow flow;

    WrappedFlow(Flow flow) {
        this.flow = flow;
    }

    /** Each of some flows with others around it, made when it is asked for. */
    static Iterator<Flow> each(Iterator<? extends Flow> flows, UnaryOperator<Flow> wrapping) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return flows.hasNext();
            }

            @Override
            public Flow next() {
                return wrapping.apply(flows.next());
            }
        };
    }

    /** The flow within. */
    final Flow flow() {
        return flow;
    }

    @Override
    public String name() {
        return flow.name();
    }

    @Override
    public Grid grid() {
        return flow.grid();
    }

    @Override
    public List<String> remarks() {
        return flow.remarks();
    }

    @Override
    public SlabSink sink() {
        return flow.sink();
    }

    @Override
    public void progress(int done, int all) {
        flow.progress(done, all);
    }

    @Override
    public void failed(RuntimeException problem) {
        flow.failed(problem);
    }
}
