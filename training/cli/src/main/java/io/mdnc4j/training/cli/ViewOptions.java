package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.run.TrainingPages;
import io.mdnc4j.training.run.TrainingView;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether and where a training is shown while it runs. */
final class ViewOptions {
    /** Keys of these options, which are not for the next run to repeat. */
    static final String UI = "ui";

    static final String PORT = "ui-port";

    private static final String UI_PORT = "uiPort";
    private static final int USUAL_PORT = 9000;
    private static final int MAX_PORT = 0xFFFF;

    @Option(
            names = "--" + UI,
            description = "show the training in Deeplearning4j's training UI while it runs (needs mvn -Pui package)")
    private boolean ui;

    @Option(names = "--" + PORT, paramLabel = "P", description = "port of --ui, 0 for any that is free (default: 9000)")
    private Integer port;

    /**
     * The pages, if they were asked for.
     *
     * @throws ArgumentException if this build has none, or the port cannot be had
     */
    Optional<TrainingPages> open() {
        ArgumentException.require(
                port == null || port >= 0 && port <= MAX_PORT, UI_PORT, port + " is no port", "give 1 to " + MAX_PORT);
        ArgumentException.require(port == null || ui, UI_PORT, port + " without --" + UI, "give both");
        if (!ui) {
            return Optional.empty();
        }
        return Optional.of(TrainingView.find().open(port == null ? USUAL_PORT : port));
    }
}
