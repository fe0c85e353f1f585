package io.mdnc4j.training.metrics;

import io.mdnc4j.training.objects.TouchingObjects;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Metrics that are functions of sums over examples, so that results of any selection of examples follow from what was counted
 * for each of them.
 */
public interface Measures {
    /**
     * What is measured of a network's task.
     *
     * @param task what the network is for
     * @param description names the classes and the spacing, where there are such
     * @return the measures
     */
    static Measures of(Task task, ModelDescription description) {
        return switch (task) {
            case DENOISING, REGRESSION -> new ValueMeasures().and(new ImageMeasures());
            case ESTIMATION -> new NumberMeasures(description.output().names());
            case CLASSIFICATION -> new ClassMeasures(description.classes(), false);
            case MULTI_LABEL_CLASSIFICATION, MULTI_LABEL_SEGMENTATION ->
                new MultiLabelMeasures(description.classes(), !task.perExample());
            case SEGMENTATION -> {
                Measures positions = new ClassMeasures(description.classes(), true)
                        .and(new SurfaceMeasures(description.classes().size(), description.spacing()));
                yield TouchingObjects.CODE.equals(description.trainedOn().classValues())
                        ? new ObjectMeasures().and(positions)
                        : positions;
            }
        };
    }

    /**
     * What is counted for one example.
     *
     * @param target as in {@link io.mdnc4j.training.predict.Example}
     * @param output a network's output without the batch: values {@code [C, size...]}, probabilities {@code [K, size...]} or
     *     {@code [K]}
     * @return {@link #counts} numbers, to be added up over examples
     * @throws IllegalArgumentException if the shapes do not go together
     */
    double[] count(INDArray target, INDArray output);

    /**
     * What is counted for one example, where it matters how far apart its elements are.
     *
     * @param example with a target
     * @param output a network's output without the batch, on the example's grid
     * @return {@link #counts} numbers, to be added up over examples
     * @throws IllegalArgumentException if the shapes do not go together
     */
    default double[] count(Example example, INDArray output) {
        return count(example.target(), output);
    }

    /** {@return how many numbers {@link #count} gives} */
    int counts();

    /**
     * The metrics by name, the leading one first.
     *
     * @param sums of the counts of some examples
     * @return the metrics; one that the examples do not tell is NaN or left out
     */
    Map<String, Double> metrics(double[] sums);

    /**
     * How often each class was taken for each, where that is among what was counted.
     *
     * @param sums of the counts of some examples
     * @return row by row, true classes in rows, found ones in columns; empty if classes are not counted
     */
    default double[] confusion(double[] sums) {
        return new double[0];
    }

    /**
     * These and further ones; the counts of these come first, and so do their metrics.
     *
     * @param further the further ones
     * @return both
     */
    default Measures and(Measures further) {
        return new BothMeasures(this, further);
    }
}
