/**
 * Signals and what networks learn from them. Read {@link io.mdnc4j.training.data.Signal} first, then
 * {@link io.mdnc4j.training.data.Denoising}, the task, with its {@link io.mdnc4j.training.data.NoisyWindows} for validation
 * and test and its {@link io.mdnc4j.training.data.RandomWindows} for training.
 */
package io.mdnc4j.training.data;
