/**
 * Trained networks in use: {@link io.mdnc4j.training.predict.Predictor} takes inputs of any size, in the units of the data;
 * {@link io.mdnc4j.training.predict.FilePredictions} reads them from files and writes what comes of them.
 */
package io.mdnc4j.training.predict;
