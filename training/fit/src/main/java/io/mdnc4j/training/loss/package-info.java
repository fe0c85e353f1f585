/**
 * Losses beyond DL4J's. {@link io.mdnc4j.training.loss.Losses} names them all; {@link io.mdnc4j.training.loss.DiceLoss},
 * {@link io.mdnc4j.training.loss.FocalLoss} and {@link io.mdnc4j.training.loss.DiceCrossEntropy} are of classes,
 * {@link io.mdnc4j.blocks.conf.MultiLabelLoss} is of labels that may apply at once,
 * {@link io.mdnc4j.training.loss.SsimLoss} and {@link io.mdnc4j.training.loss.KnownValuesLoss} are of values.
 */
@NullMarked
package io.mdnc4j.training.loss;

import org.jspecify.annotations.NullMarked;
