package io.mdnc4j.training.search;

import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.Task;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.dataset.DataSet;

/** What the candidates of a search learn. They are scored by their loss on the validation part: the lower the better. */
public interface Objective {
    /** Short name of the data. */
    String name();

    /** Shape of the features of one sample, {@code [C, size...]}. */
    long[] inputShape();

    /** Channels of the output, or classes. */
    int outputs();

    /** Loss and output activation. */
    Task task();

    /** The networks whose output has the shape of the labels. */
    Set<Network> networks();

    /**
     * Batches for training.
     *
     * @param batch samples a batch
     * @param seed of everything random in them
     */
    EpochIterator training(int batch, long seed);

    /** Features and labels that candidates are scored on. */
    DataSet validation();

    /**
     * What is noted in a model's file.
     *
     * @param model name of the network, such as {@code resnet.ae1d}
     * @param properties what else is worth knowing
     */
    ModelDescription describe(String model, Map<String, String> properties);
}
