package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network that answers in the units of the data: each window is normalised as in its training, the answer brought back. */
record Member(NetworkPool networks, ModelDescription description) implements UnaryOperator<INDArray>, AutoCloseable {
    /** The outputs for windows {@code [N, C, window...]}, which it may change, both in the units of the data. */
    @Override
    public INDArray apply(INDArray batch) {
        Normalization how = description.normalization();
        boolean scaled = !Predictor.task(description).hasClasses()
                && (how.restored() || !description.output().equals(ModelDescription.Output.PLAIN));
        if (how.by() == Normalization.By.NONE && !scaled) {
            return networks.output(batch);
        }
        AnswerScale[] scales = new AnswerScale[(int) batch.size(0)];
        for (int n = 0; n < scales.length; n++) {
            INDArray window = batch.slice(n);
            float[] values = OnHeap.floats(window);
            Standardization levels = Standardization.of(how, values, (int) batch.size(1));
            levels.apply(values);
            scales[n] = AnswerScale.of(description, levels, values);
            write(values, window);
        }
        INDArray outputs = networks.output(batch);
        for (int n = 0; n < scales.length && scaled; n++) {
            INDArray output = outputs.slice(n);
            float[] values = OnHeap.floats(output);
            scales[n].decode(values, outputs.size(1));
            write(values, output);
        }
        return outputs;
    }

    private static void write(float[] values, INDArray target) {
        INDArray array = Nd4j.createFromArray(values);
        target.assign(array.reshape('c', target.shape()));
        Release.of(array);
    }

    @Override
    public void close() {
        networks.close();
    }
}
