/**
 * Networks on their way out: to PyTorch and to ONNX runtimes.
 *
 * <p>To read in this order: {@link io.mdnc4j.zoo.export.ExportFormat} (what users call), {@code StateTensors} (the
 * state_dict), {@code SafetensorsWriter}, {@code TorchWriter} with {@code TorchPickle}; for ONNX {@link
 * io.mdnc4j.zoo.export.OnnxExport} (what may be in it), {@code OnnxWriter} (the file), {@code OnnxNetwork} (the graph, vertex by
 * vertex), {@code OnnxOperators} (one row for each layer), {@code OnnxSurroundings} (what comes before and after the network) with
 * {@code OnnxLevels} (normalisation) and {@code OnnxPadding}, and {@code OnnxSize} (sizes that are known or computed).
 */
@NullMarked
package io.mdnc4j.zoo.export;

import org.jspecify.annotations.NullMarked;
