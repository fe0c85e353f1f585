/**
 * Models of nnU-Net (v2, MIC-DKFZ/nnUNet): {@link io.mdnc4j.zoo.nnunet.Architecture} (a network's arguments, as in its plans).
 */
@NullMarked
package io.mdnc4j.zoo.nnunet;

import org.jspecify.annotations.NullMarked;
