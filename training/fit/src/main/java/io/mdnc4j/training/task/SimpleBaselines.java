package io.mdnc4j.training.task;

import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.data.DataScan.Found;
import io.mdnc4j.training.metrics.SmoothingFilter;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.training.predict.Examples;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Output;
import io.mdnc4j.zoo.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What no network should be worse than, on data of any kind. */
final class SimpleBaselines {
    private static final String KEY = "baseline";

    /** Elements of test examples that settings are chosen on. */
    private static final long ENOUGH = 1 << 22;

    private static final Map<Double, SmoothingFilter> GAUSSIANS =
            filters(SmoothingFilter.Gaussian::new, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 3.0);

    private static final Map<Integer, SmoothingFilter> MEDIANS = filters(SmoothingFilter.Median::new, 3, 5);

    private SimpleBaselines() {}

    @SafeVarargs
    private static <T> Map<T, SmoothingFilter> filters(Function<T, SmoothingFilter> filter, T... settings) {
        Map<T, SmoothingFilter> filters = new LinkedHashMap<>();
        for (T setting : settings) {
            filters.put(setting, filter.apply(setting));
        }
        return filters;
    }

    /** The input itself (of noisy ones filtered, too) or the mean for values, the mean of the training part for numbers, the most frequent class for classes, of each label whether more examples have it or not. */
    static List<Baseline> of(Task task, ModelDescription description, Found found, Supervision tested) {
        if (task.isMultiLabel()) {
            return List.of(new Baseline(KEY, SimpleBaselines::moreFrequent));
        }
        if (task.hasClasses()) {
            int classes = description.classes().size();
            return List.of(new Baseline(KEY, test -> mostFrequent(test, classes)));
        }
        if (task.perExample()) {
            return List.of(new Baseline(KEY, test -> trained(description.output())));
        }
        if (found.targetShape()[0] != found.inputShape()[0]) {
            return List.of(new Baseline(KEY, SimpleBaselines::mean));
        }
        String title = tested.ofInputsAlone() ? "the value of a neighbour" : "the input as it is";
        Baseline input = new Baseline(KEY, test -> new Baseline.Method(title, Map.of(), Example::input));
        boolean noisy = task == Task.DENOISING || description.output().residual();
        return noisy
                ? List.of(
                        input,
                        new Baseline("gaussian", test -> best("Gaussian", "sigma", GAUSSIANS, test)),
                        new Baseline("median", test -> best("median", "width", MEDIANS, test)))
                : List.of(input);
    }

    /** The filter with the smallest squared error on the test targets themselves, the first of them where they are many. */
    private static Baseline.Method best(
            String title, String setting, Map<? extends Number, ? extends SmoothingFilter> filters, Examples test) {
        Map<Number, Double> errors = new LinkedHashMap<>();
        long elements = 0;
        for (int i = 0; i < test.size() && elements < ENOUGH; i++) {
            Example example = test.get(i);
            filters.forEach((value, filter) ->
                    errors.merge(value, error(filter.filter(example.input()), example.target()), Double::sum));
            elements += example.input().length();
        }
        Number chosen = errors.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        SmoothingFilter filter = filters.get(chosen);
        return new Baseline.Method(
                "best " + title + " filter", Map.of(setting, chosen), example -> filter.filter(example.input()));
    }

    /** The sum of the squared errors where the target is known. */
    private static double error(INDArray filtered, INDArray target) {
        float[] wanted = OnHeap.floats(target);
        float[] found = OnHeap.floats(filtered);
        double error = 0;
        for (int i = 0; i < wanted.length; i++) {
            double difference = Float.isNaN(wanted[i]) ? 0 : found[i] - wanted[i];
            error += difference * difference;
        }
        return error;
    }

    private static Baseline.Method mostFrequent(Examples test, int classes) {
        long[] counts = new long[classes];
        for (int i = 0; i < test.size(); i++) {
            for (float value : test.get(i).target().data().asFloat()) {
                if (value >= 0) {
                    counts[(int) value]++;
                }
            }
        }
        int most = 0;
        for (int i = 1; i < classes; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        int chosen = most;
        return new Baseline.Method("the most frequent class", Map.of(), example -> {
            INDArray target = example.target();
            if (target.rank() != example.input().rank()) {
                return Nd4j.zeros(classes).putScalar(chosen, 1);
            }
            long[] shape = target.shape().clone();
            shape[0] = classes;
            INDArray answer = Nd4j.zeros(shape);
            answer.slice(chosen).assign(1);
            return answer;
        });
    }

    /** Says of each label always what is said more often. */
    private static Baseline.Method moreFrequent(Examples test) {
        double[] more = null;
        for (int i = 0; i < test.size(); i++) {
            INDArray target = test.get(i).target();
            more = more == null ? new double[(int) target.size(0)] : more;
            float[] values = OnHeap.floats(target);
            int length = values.length / more.length;
            for (int j = 0; j < values.length; j++) {
                more[j / length] += values[j] > 0 ? 1 : values[j] == 0 ? -1 : 0;
            }
        }
        double[] counts = Objects.requireNonNull(more);
        return new Baseline.Method("the more frequent answer for each label", Map.of(), example -> {
            INDArray answer = Nd4j.zeros(example.target().shape());
            for (int k = 0; k < counts.length; k++) {
                if (counts[k] > 0 && answer.rank() == 1) {
                    answer.putScalar(k, 1);
                } else if (counts[k] > 0) {
                    answer.slice(k).assign(1);
                }
            }
            return answer;
        });
    }

    private static Baseline.Method trained(Output output) {
        Map<String, Double> means = new LinkedHashMap<>();
        for (int k = 0; k < output.mean().size(); k++) {
            means.put(output.names().get(k), output.mean().get(k));
        }
        double[] answer =
                means.values().stream().mapToDouble(Double::doubleValue).toArray();
        return new Baseline.Method(
                "the mean of the training part",
                means,
                example -> Nd4j.createFromArray(answer).castTo(DataType.FLOAT));
    }

    private static Baseline.Method mean(Examples test) {
        double sum = 0;
        for (int i = 0; i < test.size(); i++) {
            sum += test.get(i).target().meanNumber().doubleValue() / test.size();
        }
        double mean = sum;
        return new Baseline.Method(
                "the mean of the targets",
                Map.of("mean", mean),
                example -> Nd4j.valueArrayOf(example.target().shape(), (float) mean));
    }
}
