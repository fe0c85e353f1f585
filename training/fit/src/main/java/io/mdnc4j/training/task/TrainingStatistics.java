package io.mdnc4j.training.task;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Levels;
import io.mdnc4j.training.data.DataScan.Found;
import io.mdnc4j.training.data.Reading;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.zoo.TrainedOn;
import io.mdnc4j.zoo.TrainedOn.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What the examples are like that a network is trained on, for its description. */
final class TrainingStatistics {
    private TrainingStatistics() {}

    /** Of examples in files. */
    static TrainedOn of(List<Found> training, Reading reading) {
        return of(
                training.stream().map(found -> found.facts().levels()).toList(),
                training.stream()
                        .map(found -> Arrays.copyOfRange(found.inputShape(), 1, found.inputShape().length))
                        .toList(),
                reading.channels() == Channels.COLOURS
                        ? null
                        : reading.channels().code(),
                reading.mapping().isEmpty() ? null : reading.mapping().toString());
    }

    /** Of examples in memory. */
    static TrainedOn of(List<Example> training) {
        List<List<Levels>> levels = training.stream()
                .map(example -> IntStream.range(0, (int) example.input().size(0))
                        .mapToObj(c -> Levels.of(example.input().slice(c)))
                        .toList())
                .toList();
        return of(
                levels,
                training.stream().map(example -> Axes.size(example.input())).toList(),
                null,
                null);
    }

    private static TrainedOn of(List<List<Levels>> levels, List<long[]> sizes, String channels, String classValues) {
        List<Values> values = new ArrayList<>();
        for (int c = 0; c < levels.get(0).size(); c++) {
            int channel = c;
            List<Levels> its =
                    levels.stream().map(example -> example.get(channel)).toList();
            values.add(new Values(
                    extreme(its, Levels::minimum, Math::min),
                    extreme(its, Levels::low, Math::min),
                    median(its, Levels::median),
                    extreme(its, Levels::high, Math::max),
                    extreme(its, Levels::maximum, Math::max),
                    median(its, Levels::spread)));
        }
        return new TrainedOn(
                levels.size(), channels, classValues, values, extreme(sizes, Math::min), extreme(sizes, Math::max));
    }

    private static double extreme(List<Levels> levels, ToDoubleFunction<Levels> of, DoubleBinaryOperator which) {
        return levels.stream().mapToDouble(of).reduce(which).orElseThrow();
    }

    private static double median(List<Levels> levels, ToDoubleFunction<Levels> of) {
        double[] sorted = levels.stream().mapToDouble(of).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static List<Long> extreme(List<long[]> sizes, DoubleBinaryOperator which) {
        return IntStream.range(0, sizes.get(0).length)
                .mapToObj(axis -> (long) sizes.stream()
                        .mapToDouble(size -> size[axis])
                        .reduce(which)
                        .orElseThrow())
                .toList();
    }
}
