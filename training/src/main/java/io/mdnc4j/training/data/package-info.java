/**
 * Where examples come from. Read {@link io.mdnc4j.training.data.Example} and {@link io.mdnc4j.training.data.Examples} first,
 * then {@link io.mdnc4j.training.data.Sampler}, which draws training samples of them,
 * {@link io.mdnc4j.training.data.SampledBatches}, which makes batches of those, and
 * {@link io.mdnc4j.training.data.Normalization}.
 */
package io.mdnc4j.training.data;
