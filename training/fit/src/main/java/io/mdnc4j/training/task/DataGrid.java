package io.mdnc4j.training.task;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.data.DataScan.Found;
import io.mdnc4j.training.data.MedianGrid;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.GridPolicy;
import io.mdnc4j.zoo.ModelDescription;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The grid that a network is trained on, or was, and how examples come to it.
 *
 * @param assumed grid of files that do not say theirs
 * @param target that examples to train and validate with are brought to; unknown for their own
 * @param described what the network's description says
 */
record DataGrid(Grid assumed, Grid target, Grid described) {
    /** Examples that are named. */
    private static final int NAMED = 5;

    /**
     * The grid for some data.
     *
     * @param trained that of the network that is measured; {@code null} to choose one: what is stated, else the training part's median
     * @throws ArgumentException if there are not as many distances stated as axes
     * @throws DataException if an example lies on another grid, and such are refused or cannot be brought there
     */
    static DataGrid of(
            DataSource source,
            @Nullable ModelDescription model,
            int dimensions,
            List<Found> found,
            List<Found> training) {
        Grid stated = stated(source, dimensions);
        Grid median = MedianGrid.of(training.stream().map(Found::grid).toList(), dimensions);
        Grid wanted = model == null ? stated.or(median) : of(model);
        Grid assumed = stated.or(wanted);
        if (source.geometry() != GridPolicy.IGNORE) {
            DataGrid grid = new DataGrid(assumed, wanted, wanted);
            for (Found one : found) {
                Regridding way = grid.way(one);
                if (source.geometry() == GridPolicy.REFUSE && !way.isIdentity()) {
                    throw new DataException(one.entry().name() + ": its grid is " + one.grid() + ", not " + wanted
                            + "; bring it there, or set geometry to resample or ignore");
                }
            }
            return grid;
        }
        boolean same = found.stream()
                .allMatch(one -> one.grid()
                        .withAxes(dimensions)
                        .equals(found.get(0).grid().withAxes(dimensions)));
        return new DataGrid(assumed, Grid.UNKNOWN, model != null || same ? wanted : stated);
    }

    private static Grid of(ModelDescription model) {
        return new Grid(model.samplingRate(), model.spacing(), Objects.requireNonNullElse(model.orientation(), ""));
    }

    private static Grid stated(DataSource source, int dimensions) {
        List<Double> spacing = source.spacing();
        ArgumentException.require(
                spacing.size() <= 1 || spacing.size() == dimensions,
                "spacing",
                spacing,
                "give one distance, or one for each of " + dimensions + " axes");
        ArgumentException.require(
                source.samplingRate() == null || dimensions == 1,
                "samplingRate",
                source.samplingRate(),
                "leave it out: it is for signals, these data have " + dimensions + " axes");
        return new Grid(
                source.samplingRate(),
                spacing.size() == 1 ? Collections.nCopies(dimensions, spacing.get(0)) : spacing,
                "");
    }

    private Regridding way(Found found) {
        try {
            return Regridding.between(found.grid().or(assumed), target, ownSize(found));
        } catch (ArgumentException e) {
            throw new DataException(
                    found.entry().name() + ": its " + e.argument() + " is " + e.value() + "; " + e.remedy()
                            + ", leave it out, or set geometry to ignore",
                    e);
        }
    }

    private static long[] ownSize(Found found) {
        return Arrays.copyOfRange(found.inputShape(), 1, found.inputShape().length);
    }

    /** Elements of an example on each axis of the grid. */
    long[] size(Found found) {
        return way(found).size();
    }

    /** Says what was chosen, and for which examples it means something. */
    void note(List<Found> found, Consumer<String> notes) {
        List<String> changed = found.stream()
                .filter(one -> !way(one).isIdentity())
                .map(one -> one.entry().name() + ": " + way(one))
                .toList();
        if (!changed.isEmpty()) {
            notes.accept("data: " + changed.size() + " of " + found.size()
                    + " examples are brought to another grid (geometry; spacing or rate choose it):");
            list(changed, notes);
        }
        long unknown = found.stream().filter(one -> !one.grid().isKnown()).count();
        if (unknown > 0 && assumed.isKnown()) {
            notes.accept("data: " + unknown + " of " + found.size()
                    + " examples do not say their grid, which is taken to be " + assumed);
        }
        List<String> remarks = found.stream()
                .flatMap(one -> one.remarks().stream().map(remark -> one.entry().name() + ": " + remark))
                .toList();
        list(remarks, line -> notes.accept("data:" + line));
    }

    private static void list(List<String> lines, Consumer<String> notes) {
        lines.stream().limit(NAMED).forEach(line -> notes.accept("  " + line));
        if (lines.size() > NAMED) {
            notes.accept("  and " + (lines.size() - NAMED) + " more");
        }
    }

    /** A description with the grid. */
    ModelDescription describe(ModelDescription description) {
        int axes = description.inputShape().size() - 1;
        Grid known = described.withAxes(axes);
        return description.withGrid(
                known.samplingRate(), known.spacing(), known.orientation().isEmpty() ? null : known.orientation());
    }
}
