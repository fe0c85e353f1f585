/**
 * Trained networks in use. Read in this order:
 *
 * <ol>
 *   <li>{@link io.mdnc4j.training.predict.Predictor} takes inputs of any size, in the units of the data, on any number of
 *       threads; {@link io.mdnc4j.training.predict.FilePredictions} and {@link io.mdnc4j.training.predict.FileAnswers} take
 *       files;
 *   <li>{@link io.mdnc4j.training.predict.Flow} is one input on its way: regions come out of a
 *       {@link io.mdnc4j.training.predict.RegionSource} and slabs of the output go into a
 *       {@link io.mdnc4j.training.predict.SlabSink}, each of which may stand around another one, as {@code PaddedSource} and
 *       {@code CroppedSink} do, and {@code GridSource} and {@code GridSink} for inputs on another grid than the network's; {@link io.mdnc4j.training.predict.FileSource} and {@code ResultFiles} are those of files;
 *   <li>{@link io.mdnc4j.training.predict.SlidingWindows} leads between them through any function:
 *       {@link io.mdnc4j.training.predict.WindowGrid} says where windows lie, {@link io.mdnc4j.training.predict.Padding} what
 *       is beyond the border, {@code WindowBatches} gives several at a time to the function, {@code SlabAccumulator} blends
 *       what it returns with the weights of a {@link io.mdnc4j.training.predict.Blend};
 *   <li>that function is an {@code Ensemble}: the mean over networks, each a {@code Member} with its normalisation
 *       ({@link io.mdnc4j.training.predict.Standardization}), and over {@link io.mdnc4j.training.predict.Flips}, with an
 *       {@link io.mdnc4j.training.predict.Uncertain} output on request;
 *   <li>{@link io.mdnc4j.training.predict.Decision} tells classes from probabilities, and
 *       {@link io.mdnc4j.training.predict.Cleaning} cleans them;
 *   <li>{@link io.mdnc4j.training.predict.Examples} are sets of inputs in memory, read one by one;
 *   <li>{@link io.mdnc4j.training.predict.WindowAnswer} is what one network answers to one window, for files that leave.
 * </ol>
 */
@NullMarked
package io.mdnc4j.training.predict;

import org.jspecify.annotations.NullMarked;
