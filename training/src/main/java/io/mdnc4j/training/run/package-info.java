/**
 * A run: a network, a task and a folder with what comes of them. Read {@link io.mdnc4j.training.run.DenoisingRun} first, then
 * {@link io.mdnc4j.training.run.RunFolder}. Networks come from a {@link io.mdnc4j.training.run.ModelFactory}.
 */
package io.mdnc4j.training.run;
