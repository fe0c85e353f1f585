package io.mdnc4j.training.run;

import io.mdnc4j.blocks.ArgumentException;
import java.util.ServiceLoader;

/**
 * Shows trainings in a browser while they run. An optional module has one, {@code mdnc4j-ui}, which {@link ServiceLoader}
 * finds.
 */
public interface TrainingView {
    /**
     * Starts to serve its pages.
     *
     * @param port on this machine, 0 for any that is free
     * @return the pages, to be closed
     * @throws ArgumentException if the port cannot be had
     */
    TrainingPages open(int port);

    /**
     * The view of this class path.
     *
     * @return the first that is found
     * @throws ArgumentException if there is none, with how to get it
     */
    static TrainingView find() {
        return ServiceLoader.load(TrainingView.class)
                .findFirst()
                .orElseThrow(() -> new ArgumentException(
                        "ui",
                        "this build has no training UI",
                        "make it with mvn -Pui -DskipTests package, which puts mdnc4j-ui.jar beside mdnc4j.jar"));
    }
}
