package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.files.DataException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Flows whose inputs are checked, and compared with those of the training: their shapes when they are opened, their elements
 * when they are read. */
final class CheckedFlows implements Iterator<Flow> {
    private final Iterator<? extends Flow> flows;
    private final InputCheck check;
    private final TrainingFit fit;

    CheckedFlows(Iterator<? extends Flow> flows, InputCheck check, TrainingFit fit) {
        this.flows = flows;
        this.check = check;
        this.fit = fit;
    }

    @Override
    public boolean hasNext() {
        return flows.hasNext();
    }

    @Override
    public Flow next() {
        return new CheckedFlow(flows.next(), check, fit);
    }

    private record CheckedFlow(Flow flow, InputCheck check, TrainingFit fit) implements Flow {
        @Override
        public String name() {
            return flow.name();
        }

        @Override
        public RegionSource open() {
            RegionSource source = flow.open();
            try {
                require(check.ofShape(source.shape()));
            } catch (DataException e) {
                source.close();
                throw e;
            }
            TrainingFit.Look look = fit.look(name(), source.shape());
            return new RegionSource() {
                @Override
                public long[] shape() {
                    return source.shape();
                }

                @Override
                public INDArray region(long[] start, long... size) {
                    INDArray region = source.region(start, size);
                    require(check.ofElements(region, start));
                    look.at(region);
                    return region;
                }

                @Override
                public void close() {
                    look.end();
                    source.close();
                }
            };
        }

        private void require(InputCheck.@Nullable Fault fault) {
            if (fault != null) {
                throw new DataException(name() + ": " + fault.value() + "; " + fault.remedy());
            }
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
}
