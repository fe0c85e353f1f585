/** Losses beyond DL4J's: {@link io.mdnc4j.training.loss.DiceCrossEntropy}. */
package io.mdnc4j.training.loss;
