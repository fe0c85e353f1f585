/**
 * How good a denoised signal is, and what a classical filter reaches. Read
 * {@link io.mdnc4j.training.metrics.SignalToNoise} first, then {@link io.mdnc4j.training.metrics.SavitzkyGolay}.
 */
package io.mdnc4j.training.metrics;
