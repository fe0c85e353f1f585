/**
 * Trained networks in use. Read in this order:
 *
 * <ol>
 *   <li>{@link io.mdnc4j.training.predict.Predictor} takes inputs of any size, in the units of the data, on any number of
 *       threads;
 *   <li>{@link io.mdnc4j.training.predict.SlidingWindows}, which it uses, applies any function to arrays larger than the
 *       function takes: {@link io.mdnc4j.training.predict.WindowGrid} says where windows lie,
 *       {@link io.mdnc4j.training.predict.Blend} how much each counts;
 *   <li>{@link io.mdnc4j.training.predict.Standardization} brings windows to the level and scale that a network was trained
 *       on, {@link io.mdnc4j.training.predict.Probabilities} reads classes from outputs;
 *   <li>{@link io.mdnc4j.training.predict.Examples} are sets of inputs, read one by one;
 *       {@link io.mdnc4j.training.predict.FilePredictions} reads them from files and writes what comes of them.
 * </ol>
 */
@NullMarked
package io.mdnc4j.training.predict;

import org.jspecify.annotations.NullMarked;
