package io.mdnc4j.training.task;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.AnswerScale;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Standardization;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes features and labels of examples: normalised values, classes as one-hot channels, and labels that may apply at once as they
 * are.
 *
 * @param task what a network is to answer
 * @param description says how features are normalised, what the classes are, and what answers are
 */
public record Encoding(Task task, ModelDescription description) implements Function<List<Example>, DataSet> {
    /**
     * Features {@code [N, C, size...]} and labels, values {@code [N, C', size...]} or one-hot classes {@code [N, K, size...]}
     * or {@code [N, K]}; of labels that may apply at once 1, 0 and, where unknown, -1.
     *
     * @throws DataException if sizes differ, a class is unknown, or a label is none of these
     */
    @Override
    public DataSet apply(List<Example> examples) {
        float[][] inputs = new float[examples.size()][];
        float[][] targets = new float[examples.size()][];
        long[] inputShape = examples.get(0).input().shape();
        long[] targetShape = examples.get(0).target().shape();
        for (int n = 0; n < inputs.length; n++) {
            Example example = examples.get(n);
            requireShape(example, inputShape, targetShape);
            inputs[n] = values(example.input());
            targets[n] = values(example.target());
            Standardization levels = Standardization.of(description.normalization(), inputs[n], (int) inputShape[0]);
            levels.apply(inputs[n]);
            if (task.isMultiLabel()) {
                requireLabels(example, targets[n]);
            } else if (task.hasClasses()) {
                targets[n] = oneHot(example, targets[n]);
            } else {
                AnswerScale.of(description, levels, inputs[n]).encode(targets[n]);
            }
        }
        if (task.hasClasses() && !task.isMultiLabel()) {
            targetShape = targetShape.clone();
            targetShape[0] = description.classes().size();
        }
        return new DataSet(stack(inputs, inputShape), stack(targets, targetShape));
    }

    private static void requireShape(Example example, long[] inputShape, long[] targetShape) {
        if (!Arrays.equals(inputShape, example.input().shape())
                || !Arrays.equals(targetShape, example.target().shape())) {
            throw new DataException("data: " + example.name() + " has shape "
                    + Arrays.toString(example.input().shape()) + " and target "
                    + Arrays.toString(example.target().shape()) + ", others " + Arrays.toString(inputShape) + " and "
                    + Arrays.toString(targetShape) + "; cut windows of one size, or use a batch of 1");
        }
    }

    private void requireLabels(Example example, float[] values) {
        if (example.target().size(0) != description.classes().size()) {
            throw new DataException("data: " + example.name() + " has a target of "
                    + example.target().size(0) + " channels or numbers, not one for each of "
                    + description.classes() + "; correct it");
        }
        for (float value : values) {
            if (value != 0 && value != 1 && value != Example.UNLABELLED) {
                throw new DataException("data: " + example.name() + " has the value " + value
                        + " in its target; use 1 for a label that is there, 0 for one that is not, -1 where that is not"
                        + " known");
            }
        }
    }

    private float[] oneHot(Example example, float[] numbers) {
        int classes = description.classes().size();
        float[] channels = new float[classes * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            int number = (int) numbers[i];
            if (number == Example.UNLABELLED && task == Task.SEGMENTATION) {
                continue;
            }
            if (number != numbers[i] || number < 0 || number >= classes) {
                throw new DataException("data: " + example.name() + " has the class " + numbers[i] + ", not one of 0.."
                        + (classes - 1) + "; correct it, or name all classes");
            }
            channels[number * numbers.length + i] = 1;
        }
        return channels;
    }

    private static float[] values(INDArray array) {
        return OnHeap.floats(array);
    }

    private static INDArray stack(float[][] samples, long... shape) {
        int length = samples[0].length;
        float[] all = new float[samples.length * length];
        for (int n = 0; n < samples.length; n++) {
            System.arraycopy(samples[n], 0, all, n * length, length);
        }
        return Nd4j.createFromArray(all).reshape('c', Axes.prepended(samples.length, shape));
    }
}
