package io.mdnc4j.training.search;

/** Hears of the progress of a search, on the threads that train. */
public interface SearchObserver {
    /**
     * A candidate is trained.
     *
     * @param fraction part of its budget used, 0 to 1
     */
    default void progress(int index, double fraction) {}

    /** A candidate has ended and is in the log. */
    default void ended(CandidateRecord candidate) {}
}
