package io.mdnc4j.training.data;

import io.mdnc4j.training.arrays.Grid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The grid in the middle of several: on each axis one that they have, half of them finer and half coarser. */
public final class MedianGrid {
    private MedianGrid() {}

    /**
     * The median of what is known of grids; axes are those of the orientation that most of them have, the first of several.
     *
     * @param grids of arrays with that many axes
     * @param axes after that of the channels
     * @return unknown if nothing is known of any; of an even number the finer of the two in the middle
     */
    public static Grid of(Collection<Grid> grids, int axes) {
        List<Grid> known = grids.stream().map(grid -> grid.withAxes(axes)).toList();
        Double rate = median(
                known.stream().map(Grid::samplingRate).filter(Objects::nonNull).toList(), true);
        int most = known.stream().mapToInt(grid -> grid.spacing().size()).max().orElse(0);
        List<Grid> complete =
                known.stream().filter(grid -> grid.spacing().size() == most).toList();
        String orientation = mostFrequent(complete);
        List<Double> spacing = new ArrayList<>();
        for (int axis = 0; axis < most; axis++) {
            int place = axis;
            spacing.add(median(
                    complete.stream()
                            .map(grid -> grid.turned(orientation).spacing().get(place))
                            .toList(),
                    false));
        }
        return new Grid(rate, spacing, orientation);
    }

    private static Double median(List<Double> values, boolean higher) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? null : sorted.get((sorted.size() - (higher ? 0 : 1)) / 2);
    }

    private static String mostFrequent(List<Grid> grids) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Grid grid : grids) {
            if (!grid.orientation().isEmpty()) {
                counts.merge(grid.orientation(), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .max(Comparator.comparingInt(Map.Entry<String, Integer>::getValue))
                .map(Map.Entry::getKey)
                .orElse("");
    }
}
