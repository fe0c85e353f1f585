package io.mdnc4j.training.run;

import io.mdnc4j.training.fit.DataLoss;
import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.training.plots.LossPlot;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.util.Locale;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Gives a plain {@code fit} loop what a {@link Run} has: progress on standard error, {@code history.csv}, the network with the
 * lowest validation loss in {@code model.zip}, and {@code report.html}.
 *
 * <pre>{@code
 * RunListener listener = new RunListener("mine", RunFolder.create(Path.of("runs"), "mine"), validation, 20);
 * network.setListeners(listener);
 * network.fit(training, 20);
 * listener.report();
 * }</pre>
 */
public final class RunListener extends BaseTrainingListener {
    private static final double NANOS = 1e9;

    private final String title;
    private final RunFolder folder;
    private final DataSetIterator validation;
    private final int epochs;
    private final History history;

    private Progress progress;
    private TrainingState state = TrainingState.START;
    private long last = System.nanoTime();
    private long parameters;

    /**
     * @param title what the report is headed with
     * @param folder a new folder
     * @param validation batches to validate with after each epoch
     * @param epochs how many are planned, for the time left
     */
    public RunListener(String title, RunFolder folder, DataSetIterator validation, int epochs) {
        this.title = title;
        this.folder = folder;
        this.validation = validation;
        this.epochs = epochs;
        this.history = History.start(folder);
    }

    @Override
    public void onEpochStart(Model model) {
        last = System.nanoTime();
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (progress == null) {
            progress = new ProgressLines(System.err, model.batchSize());
            parameters = model.numParams();
        }
        state = state.afterStep(model.score(), lap());
        progress.step(state, model.score(), (double) state.epoch() / epochs);
    }

    @Override
    public void onEpochEnd(Model model) {
        ComputationGraph graph = (ComputationGraph) model;
        double loss = DataLoss.of(graph, validation);
        double trainLoss = state.lossSum() / state.batch();
        boolean better = state.isBetter(loss);
        state = state.afterEpoch(loss, lap());
        EpochResult result =
                new EpochResult(state.epoch(), state.step(), state.seconds(), trainLoss, loss, LearningRate.of(graph));
        history.epoch(result);
        progress.epoch(result);
        if (better) {
            folder.saveBest(graph);
        }
        last = System.nanoTime();
    }

    private double lap() {
        long now = System.nanoTime();
        double seconds = (now - last) / NANOS;
        last = now;
        return seconds;
    }

    /**
     * Writes {@code loss.png} and {@code report.html}.
     *
     * @throws IllegalStateException if no epoch has ended
     */
    public void report() {
        if (state.epoch() == 0) {
            throw new IllegalStateException("no epoch has ended yet; call fit first");
        }
        BufferedImage losses = LossPlot.draw(title, history.epochs());
        folder.writePicture(RunFolder.LOSS_PLOT, losses);
        String lead = String.format(
                Locale.ROOT,
                "%,d parameters, trained for %.0f s; %d epochs, %d steps; lowest validation loss %s after epoch %d.",
                parameters,
                state.seconds(),
                state.epoch(),
                state.step(),
                Report.text(state.bestLoss()),
                state.bestEpoch());
        Report report = new Report(title, lead)
                .picture("Training", "Losses of training and validation part over the epochs.", losses)
                .epochs(history.epochs());
        folder.write(RunFolder.REPORT, file -> Files.writeString(file, report.page()));
    }
}
