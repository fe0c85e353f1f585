/**
 * The training loop. Read {@link io.mdnc4j.training.fit.Trainer} first; it works within a
 * {@link io.mdnc4j.training.fit.Budget}, follows a {@link io.mdnc4j.training.fit.LearningRate}, keeps its place in a
 * {@link io.mdnc4j.training.fit.TrainingState} and its checkpoints in a {@link io.mdnc4j.training.fit.CheckpointStore}, and
 * reports to a {@link io.mdnc4j.training.fit.TrainingObserver}.
 */
package io.mdnc4j.training.fit;
