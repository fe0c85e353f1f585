package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.objects.ClassMap;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Postprocessing;
import java.util.List;

/**
 * Cleans the classes of whole inputs as a model's description says ({@link ModelDescription#postprocessing}): all classes of an
 * input are in memory then, since what hangs together shows only in the whole.
 *
 * @param steps what is done, one after the other
 * @param trained the grid on whose elements sizes are counted
 */
public record Cleaning(List<Postprocessing> steps, Grid trained) {
    /** Bytes on the heap for each position: its class, and runs and marks while components are found. */
    private static final int BYTES = 8;

    /**
     * Copies the steps.
     *
     * @param steps what is done, one after the other
     * @param trained the grid on whose elements sizes are counted
     */
    public Cleaning {
        steps = List.copyOf(steps);
    }

    /** What a description says. */
    static Cleaning of(ModelDescription description) {
        return new Cleaning(
                description.postprocessing(), new Grid(description.samplingRate(), description.spacing(), ""));
    }

    /** {@return whether nothing is done} */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /**
     * Cleans classes.
     *
     * @param classes of all positions of an input, the last axis fastest; changed
     * @param own where the positions lie, so that sizes are as large on another grid; unknown for the one trained on
     * @param size of the input on each axis
     */
    public void apply(int[] classes, Grid own, long... size) {
        ClassMap map = new ClassMap(classes, size);
        double scale = elements(own.withAxes(size.length)) / elements(trained.withAxes(size.length));
        for (Postprocessing step : steps) {
            if (step.largest()) {
                map.keepLargest(step.of());
            } else if (step.least() > 1) {
                map.removeSmaller(step.of(), Math.round(step.least() * (Double.isFinite(scale) ? scale : 1)));
            }
            if (step.holes()) {
                map.fillHoles(step.of());
            }
        }
    }

    /** Elements for each unit of space; NaN if unknown. */
    private static double elements(Grid grid) {
        if (grid.samplingRate() != null) {
            return grid.samplingRate();
        }
        return grid.spacing().isEmpty()
                ? Double.NaN
                : 1 / grid.spacing().stream().reduce(1.0, (a, b) -> a * b);
    }

    /**
     * Refuses an input whose classes are too many for the memory.
     *
     * @param name of the input
     * @throws DataException if they are
     */
    static void requireRoom(String name, long... size) {
        HeapRoom.require(
                name,
                "the classes of all %d positions are cleaned together, as the model says",
                BYTES,
                "cut the input, or leave postprocessing out (no-postprocessing)",
                size);
    }
}
