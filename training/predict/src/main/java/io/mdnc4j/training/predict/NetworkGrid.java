package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Resampling;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.zoo.ModelDescription;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The grid of a network, and how inputs on other ones come to it.
 *
 * @param grid of the network
 * @param assumed grid of inputs that do not say theirs
 * @param outputs how values between the elements of outputs are found
 * @param notes is told what becomes of inputs
 * @param told what need not be said again
 */
record NetworkGrid(
        Grid grid, Grid assumed, GridPolicy policy, Resampling outputs, Consumer<String> notes, Set<String> told) {
    /** How values between the elements of inputs are found. */
    static final Resampling INPUTS = Resampling.CUBIC.antiAliased();

    /** Of values; what was resampled to coarser elements comes back on finer ones, and the other way round. */
    private static final Resampling VALUES = Resampling.CUBIC.antiAliased();

    /** Of probabilities, which stay between 0 and 1 and have the sum 1 so. */
    private static final Resampling PROBABILITIES = Resampling.LINEAR;

    /**
     * That of a network.
     *
     * @param description whose grid may be unknown
     * @param stated grid of inputs that do not say theirs; what is unknown of it is taken to be the network's
     * @param classes whether it answers with probabilities
     */
    static NetworkGrid of(
            ModelDescription description, Grid stated, GridPolicy policy, boolean classes, Consumer<String> notes) {
        Grid grid = new Grid(
                description.samplingRate(),
                description.spacing(),
                Objects.requireNonNullElse(description.orientation(), ""));
        Resampling outputs = classes ? PROBABILITIES : VALUES;
        return new NetworkGrid(grid, stated, policy, outputs, notes, ConcurrentHashMap.newKeySet());
    }

    /**
     * The way of an input to the network, of which the user is told.
     *
     * @throws DataException if it is on another grid and such are refused, or cannot be brought there
     */
    Regridding way(Flow flow, long... size) {
        if (policy == GridPolicy.IGNORE) {
            return Regridding.between(Grid.UNKNOWN, Grid.UNKNOWN, size);
        }
        Grid own = flow.grid().or(assumed).withAxes(size.length);
        Grid wanted = grid.withAxes(size.length);
        Regridding way;
        try {
            way = Regridding.between(own, wanted, size);
        } catch (ArgumentException e) {
            throw new DataException(
                    flow.name() + ": its " + e.argument() + " is " + e.value() + "; " + e.remedy()
                            + ", or set geometry to ignore",
                    e);
        }
        if (!way.isIdentity() && policy == GridPolicy.REFUSE) {
            throw new DataException(flow.name() + ": its grid is " + own + ", the network's " + wanted
                    + "; bring it there, or set geometry to resample or ignore");
        }
        if (!way.isIdentity()) {
            String how = way.resamples() ? "resampled" : "turned";
            notes.accept(flow.name() + ": " + how + " " + way + " for the network, the result back");
        } else if (wanted.isKnown() && !own.isKnown()) {
            once(
                    flow.name() + " does not say its grid, which is taken to be the network's, " + wanted
                            + "; so for all that do not",
                    "grid");
        } else if (wanted.orientation().isEmpty() && !own.orientation().isEmpty() && wanted.isKnown()) {
            once("the network does not say which way its axes lead; those of inputs are taken as they are", "axes");
        } else if (!wanted.orientation().isEmpty() && own.orientation().isEmpty()) {
            once(
                    flow.name() + " does not say which way its axes lead, which is taken to be the network's, "
                            + wanted.orientation() + "; so for all that do not",
                    "axes");
        }
        Grid said = flow.grid().withAxes(size.length);
        Grid stated = assumed.withAxes(size.length);
        if (!said.isSpacedLike(stated, size.length)) {
            once(
                    flow.name() + " says its own grid, " + said + ", which counts, not the stated one, " + stated
                            + "; so for all that do",
                    "stated");
        }
        flow.remarks().forEach(remark -> notes.accept(flow.name() + ": " + remark));
        return way;
    }

    private void once(String note, String what) {
        if (told.add(what)) {
            notes.accept(note);
        }
    }
}
