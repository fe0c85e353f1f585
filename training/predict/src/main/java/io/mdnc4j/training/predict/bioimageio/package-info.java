/**
 * Packages of models by the specification of bioimage.io, which deepImageJ, Icy, ilastik, QuPath and others open: {@link
 * io.mdnc4j.training.predict.bioimageio.ModelPackage} writes one, from what {@link
 * io.mdnc4j.training.predict.bioimageio.PackageText} says of it, with the description that {@code ResourceDescription} makes, tensors of
 * {@code TestInput} and a picture by {@code Cover}; {@link io.mdnc4j.training.predict.bioimageio.PackagedWeights} reads those that
 * have weights of PyTorch. Source: https://github.com/bioimage-io/spec-bioimage-io, version 0.5.
 */
@NullMarked
package io.mdnc4j.training.predict.bioimageio;

import org.jspecify.annotations.NullMarked;
