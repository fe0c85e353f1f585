/**
 * Models of nnU-Net (v2, MIC-DKFZ/nnUNet).
 *
 * <p>To read in this order: {@link io.mdnc4j.zoo.nnunet.ModelFolder} (a trained model as nnU-Net leaves it),
 * {@link io.mdnc4j.zoo.nnunet.Processing} (what it says of images, kept in the model file), {@code Plans}, {@code Dataset} and
 * {@code Checkpoints} (the folder's files), {@link io.mdnc4j.zoo.nnunet.Architecture} (a network's arguments).
 */
@NullMarked
package io.mdnc4j.zoo.nnunet;

import org.jspecify.annotations.NullMarked;
