package io.mdnc4j.training.predict;

import io.mdnc4j.training.files.DataException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A flow whose input is checked, and compared with those of the training: its shape when it is opened, elements when they are read. */
final class CheckedFlow extends WrappedFlow {
    private final InputCheck check;
    private final TrainingFit fit;

    CheckedFlow(Flow flow, InputCheck check, TrainingFit fit) {
        super(flow);
        this.check = check;
        this.fit = fit;
    }

    @Override
    public RegionSource open() {
        RegionSource source = flow().open();
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
}
