/**
 * Networks on their way out: to PyTorch and to ONNX runtimes.
 *
 * <p>To read in this order: {@link io.mdnc4j.zoo.export.ExportFormat} (what users call), {@code StateTensors} (the
 * state_dict), {@code SafetensorsWriter}, {@code TorchWriter} with {@code TorchPickle}; for ONNX {@code OnnxWriter} (the
 * file), {@code OnnxNetwork} (the graph, vertex by vertex) and {@code OnnxOperators} (one row for each layer).
 */
@NullMarked
package io.mdnc4j.zoo.export;

import org.jspecify.annotations.NullMarked;
