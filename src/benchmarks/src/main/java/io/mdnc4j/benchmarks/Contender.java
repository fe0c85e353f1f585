package io.mdnc4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** One network in one engine, with its input. */
interface Contender extends AutoCloseable {
    /** The learning rate of every training step: small, so that the weights stay what they are. */
    float LEARNING_RATE = 1e-6f;

    /** Runs the network forward; the output in row-major order. */
    float[] infer();

    /** One step of gradient descent on the mean square of the output; returns once it is done. */
    void train();

    /** The norm of all gradients in a training step. */
    double gradientNorm();

    @Override
    default void close() {}

    /** The engines that can be measured. */
    enum Engine {
        /** This project's networks. */
        MDNC4J,
        /** The traced networks in libtorch. */
        LIBTORCH,
        /** Stock DL4J layers, as near as they come: other normalisation, so its output differs. */
        STOCK;

        /** The case's network with the weights in that folder. */
        Contender load(Case which, Tensors tensors, Path folder) throws IOException {
            return switch (this) {
                case MDNC4J -> new Mdnc4jContender(which, tensors);
                case LIBTORCH -> new LibTorchContender(tensors, folder);
                case STOCK -> new StockContender(which, tensors);
            };
        }

        /** Whether it computes the same numbers as the traced network. */
        boolean exact() {
            return this != STOCK;
        }
    }
}
