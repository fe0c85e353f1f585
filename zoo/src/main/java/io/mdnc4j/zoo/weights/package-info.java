/**
 * Weights from PyTorch: checkpoints of {@code torch.save} and safetensors.
 *
 * <p>To read in this order: {@link io.mdnc4j.zoo.weights.Weights} (what users call), {@code StoredTensor} and
 * {@code Storage} (where values are in a file), the three formats ({@code SafetensorsFormat}, {@code TorchZipFormat},
 * {@code TorchLegacyFormat}), {@code PickleReader} and {@code TorchClasses} (pickles that can do nothing but hold tensors),
 * {@code StateFinder} (which of a file's dictionaries is meant), {@code TensorReader} (the values),
 * {@link io.mdnc4j.zoo.weights.Match} (what fits a network) and {@code GeometryInference} (which network).
 */
@NullMarked
package io.mdnc4j.zoo.weights;

import org.jspecify.annotations.NullMarked;
