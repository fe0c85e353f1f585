package io.mdnc4j.training.search;

/** Hears of the progress of a search, on the threads that train. */
public interface SearchObserver {
    /**
     * A candidate is trained.
     *
     * @param index number of the candidate, from 0
     * @param fraction part of its budget used, 0 to 1
     */
    default void progress(int index, double fraction) {}

    /**
     * A candidate has ended and is in the log.
     *
     * @param candidate what became of it
     */
    default void ended(CandidateRecord candidate) {}
}
