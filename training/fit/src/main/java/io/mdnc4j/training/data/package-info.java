/**
 * Where examples come from. Read {@link io.mdnc4j.training.predict.Example} and {@link io.mdnc4j.training.predict.Examples} first,
 * then {@link io.mdnc4j.training.data.Sampler}, which draws training samples of them,
 * {@link io.mdnc4j.training.data.SampledBatches}, which makes batches of those, and
 * {@link io.mdnc4j.training.predict.Standardization}. Sets in files: {@link io.mdnc4j.training.data.DataListing} finds the examples,
 * {@link io.mdnc4j.training.data.DataScan} reads each once, {@link io.mdnc4j.training.data.MedianGrid} chooses the grid, {@link io.mdnc4j.training.data.DataSplit} makes the parts,
 * {@link io.mdnc4j.training.data.FileExamples} reads them when they are needed, and
 * {@link io.mdnc4j.training.data.Patches} cuts training samples out of them, and {@link io.mdnc4j.training.data.BlindSpots}
 * lets a network learn from noisy ones alone.
 */
@NullMarked
package io.mdnc4j.training.data;

import org.jspecify.annotations.NullMarked;
