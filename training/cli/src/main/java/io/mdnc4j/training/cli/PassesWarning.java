package io.mdnc4j.training.cli;

import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.training.task.SampleSizes;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Says once, as soon as the pace is known, that a training will see its data too few times to learn from them. */
final class PassesWarning implements TrainingObserver {
    private static final double FEW = 3;

    /** Part of the budget after which steps have their usual pace, and steps that suffice for that. */
    private static final double PART = 0.1;

    private static final int STEPS = 25;

    private final TrainingObserver next;
    private final SampleSizes sizes;
    private final List<Long> window;
    private final int samples;
    private final Consumer<String> notes;
    /** Steps that the whole budget is expected to suffice for. */
    private double steps;

    private boolean done;

    /**
     * @param next is told everything
     * @param window size of a sample on each axis
     * @param samples of a step
     */
    PassesWarning(TrainingObserver next, SampleSizes sizes, List<Long> window, int samples, Consumer<String> notes) {
        this.next = next;
        this.sizes = sizes;
        this.window = window;
        this.samples = samples;
        this.notes = notes;
    }

    @Override
    public void step(TrainingState state, double loss, double fraction) {
        next.step(state, loss, fraction);
        steps = state.step() / fraction;
        if (fraction >= PART || state.step() >= STEPS) {
            warn();
        }
    }

    /** Also where the budget ends before steps have their pace. */
    @Override
    public void epoch(EpochResult result) {
        next.epoch(result);
        warn();
    }

    private void warn() {
        double passes = sizes.passes(steps * samples, window);
        if (!done && passes < FEW) {
            notes.accept(String.format(
                    Locale.ROOT,
                    "about %.2g passes over the training part fit into the budget; a network learns little from fewer than"
                            + " %.0f: give a larger --minutes or --steps, or a smaller network (--channel, --layers)",
                    passes,
                    FEW));
        }
        done = true;
    }
}
