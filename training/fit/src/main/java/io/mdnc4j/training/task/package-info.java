/**
 * What networks are trained for. Read {@link io.mdnc4j.training.task.TrainingData} first: data in three parts and a
 * {@link io.mdnc4j.zoo.Task}, which says what is lost and what is measured. {@link
 * io.mdnc4j.training.task.Tasks} has the table of the data that come along: {@link io.mdnc4j.training.task.Denoising},
 * {@link io.mdnc4j.training.task.Digits} and {@link io.mdnc4j.training.task.Brain}, each with a
 * {@link io.mdnc4j.training.task.Baseline} to beat and a {@link io.mdnc4j.training.task.Recipe} that was found to suit it.
 * {@link io.mdnc4j.training.task.OwnData} makes a task of anybody's files.
 * {@link io.mdnc4j.training.task.Encoding} makes features and labels of examples.
 */
package io.mdnc4j.training.task;
