/**
 * A run: a network, a task and a folder with what comes of them. Read {@link io.mdnc4j.training.run.Run} first, then
 * {@link io.mdnc4j.training.run.RunFolder} (what lies where) and {@link io.mdnc4j.training.run.Results}; a
 * {@link io.mdnc4j.training.run.CrossValidation} is a run for each of several folds. Networks come from a
 * {@link io.mdnc4j.training.run.ModelFactory}. {@link io.mdnc4j.training.run.RunListener} does the same for a plain fit loop.
 * {@link io.mdnc4j.training.run.ImageCases} are what models of nnU-Net are measured on. While it trains, {@link io.mdnc4j.training.run.Progress} hears of each step, and a
 * {@link io.mdnc4j.training.run.TrainingView} shows it in a browser.
 */
@NullMarked
package io.mdnc4j.training.run;

import org.jspecify.annotations.NullMarked;
