/**
 * The networks as Deeplearning4j ZooModels.
 *
 * <p>To read in this order: {@link io.mdnc4j.zoo.Network} and {@link io.mdnc4j.zoo.Family} (what there is),
 * {@link io.mdnc4j.zoo.SpecOption} (the table of options), {@link io.mdnc4j.zoo.SpecValues} and {@link
 * io.mdnc4j.zoo.NetworkSpec} (their values, checked), {@code HourglassAssembly}, {@code EncoderAssembly} and {@code
 * DecoderAssembly} (how a network is put together), {@link io.mdnc4j.zoo.Preset} (one row each), {@link
 * io.mdnc4j.zoo.ModelName} (how names are read), {@link io.mdnc4j.zoo.NetworkModel} and the eight models, {@link
 * io.mdnc4j.zoo.StateDict} (parameters under PyTorch's keys), {@link io.mdnc4j.zoo.ModelFiles} (model files, read with
 * {@code StoredConfiguration} and {@code Nd4jBinary}), {@link io.mdnc4j.zoo.weights} (weights from PyTorch).
 *
 * <p>Beside them: {@link io.mdnc4j.zoo.ModelDescription} (what travels with a trained model),
 * {@link io.mdnc4j.zoo.Pretrained} (trained models by name or location), {@link io.mdnc4j.zoo.Features} and
 * {@link io.mdnc4j.zoo.WeightTransfer} (parts of one network for another).
 *
 * <p>To add an option of the geometry, add a row to {@code SpecOption}; builders, command line, search and files have it then,
 * and the assemblies read it. To add a preset, add a row to {@code Preset}; to add a network, an assembly and a constant of
 * {@code Network}.
 */
@NullMarked
package io.mdnc4j.zoo;

import org.jspecify.annotations.NullMarked;
