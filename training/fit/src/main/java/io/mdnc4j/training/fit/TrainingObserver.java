package io.mdnc4j.training.fit;

/** Hears of the progress of a training, on the thread that trains. */
public interface TrainingObserver {
    /**
     * A step is done.
     *
     * @param state where the training stands
     * @param loss training loss of the step
     * @param fraction part of the budget used, 0 to 1
     */
    default void step(TrainingState state, double loss, double fraction) {}

    /**
     * An epoch and its validation are done.
     *
     * @param result its losses, time and learning rate
     */
    default void epoch(EpochResult result) {}
}
