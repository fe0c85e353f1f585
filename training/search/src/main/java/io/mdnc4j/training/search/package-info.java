/**
 * Search for the best network and its settings, with Arbiter.
 *
 * <p>To read in this order: {@link io.mdnc4j.training.search.Hyperparameter} and {@link io.mdnc4j.training.search.Range} (what can
 * be searched), {@link io.mdnc4j.training.search.ZooSpace} (the space, for Arbiter), {@link
 * io.mdnc4j.training.search.Hyperparameters} (one candidate), {@link io.mdnc4j.training.search.SearchMethod} and {@code Strategy}
 * (how candidates are chosen), {@link io.mdnc4j.training.search.SearchGenerator} (the same for Arbiter's runners), {@link
 * io.mdnc4j.training.search.Search} and {@code CandidateTask} (training them), {@link
 * io.mdnc4j.training.search.CandidateLog}.
 *
 * <p>To add a setting, add a constant to {@code Hyperparameter}, a field to {@code Hyperparameters} and its meaning to {@code
 * ZooSpace.model}; to add a method, a {@code Strategy} and a constant of {@code SearchMethod}.
 */
@NullMarked
package io.mdnc4j.training.search;

import org.jspecify.annotations.NullMarked;
