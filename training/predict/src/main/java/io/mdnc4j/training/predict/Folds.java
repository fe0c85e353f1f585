package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Release;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The answers of several networks one after the other in the channels, to be blended each by itself and averaged afterwards
 * ({@link #mean}).
 *
 * @param members from {@code [N, C, window...]} to {@code [N, C', window...]}
 */
record Folds(List<? extends UnaryOperator<INDArray>> members) implements UnaryOperator<INDArray> {
    /** From {@code [N, C, window...]} to {@code [N, members C', window...]}. */
    @Override
    public INDArray apply(INDArray batch) {
        if (members.size() == 1) {
            return members.get(0).apply(batch);
        }
        INDArray[] answers = members.stream()
                .map(member -> {
                    // which the member may change
                    INDArray copy = batch.dup('c');
                    INDArray answer = member.apply(copy);
                    Release.of(copy);
                    return answer;
                })
                .toArray(INDArray[]::new);
        INDArray all = Nd4j.concat(1, answers);
        Release.of(answers);
        return all;
    }

    /** From slabs {@code [count C', rows, rest...]} to the mean {@code [C', rows, rest...]} of so many. */
    static SlabSink mean(int count, SlabSink sink) {
        return count == 1 ? sink : new Mean(count, sink);
    }

    private record Mean(int count, SlabSink sink) implements SlabSink {
        @Override
        public void accept(INDArray slab) {
            long[] shape = slab.shape().clone();
            shape[0] /= count;
            INDArray mean = Nd4j.zeros(slab.dataType(), shape);
            for (int c = 0; c < slab.size(0); c++) {
                mean.slice(c % shape[0]).addi(slab.slice(c));
            }
            Release.of(slab);
            sink.accept(mean.divi(count));
        }

        @Override
        public void finish() {
            sink.finish();
        }

        @Override
        public void close() {
            sink.close();
        }
    }
}
