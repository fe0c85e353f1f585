/**
 * Trained networks in use: {@link io.mdnc4j.training.predict.Predictor} takes inputs of any size, in the units of the data.
 */
package io.mdnc4j.training.predict;
