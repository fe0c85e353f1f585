/**
 * The training loop. Read {@link io.mdnc4j.training.fit.Trainer} first; it works within a
 * {@link io.mdnc4j.training.fit.Budget} by {@link io.mdnc4j.training.fit.FitConfiguration} (a
 * {@link io.mdnc4j.training.fit.LearningRate} with its {@link io.mdnc4j.training.fit.Schedule}, one of the
 * {@link io.mdnc4j.training.fit.Updaters}), keeps its place in a {@link io.mdnc4j.training.fit.TrainingState} and its
 * checkpoints in a {@link io.mdnc4j.training.fit.CheckpointStore}, and reports to a
 * {@link io.mdnc4j.training.fit.TrainingObserver}.
 */
@NullMarked
package io.mdnc4j.training.fit;

import org.jspecify.annotations.NullMarked;
