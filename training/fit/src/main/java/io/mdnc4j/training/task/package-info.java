/**
 * What networks are trained with. Read {@link io.mdnc4j.training.task.DataSource} first, which says which data are used and
 * how, as a value that travels; what it reads is {@link io.mdnc4j.training.task.TrainingData}: examples in three parts (in {@link
 * io.mdnc4j.training.task.DataFolds} in several ways) and a
 * {@link io.mdnc4j.zoo.Task}, which says which loss is minimised and what is measured. Data that come along are {@link
 * io.mdnc4j.training.task.Denoising}, {@link io.mdnc4j.training.task.Digits} and {@link io.mdnc4j.training.task.Brain}, each
 * with a {@link io.mdnc4j.training.task.Baseline} to beat and a {@link io.mdnc4j.training.task.Recipe} that was found to suit
 * it; {@link io.mdnc4j.training.task.Supervision} says what is learned from where nothing is clean; {@code FileData} reads anybody's files, {@code DataGrid} brings them to one grid. {@link io.mdnc4j.training.task.Encoding} makes features and labels of examples.
 */
@NullMarked
package io.mdnc4j.training.task;

import org.jspecify.annotations.NullMarked;
