package io.mdnc4j.training.run;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.conf.MultiLabelLoss;
import io.mdnc4j.blocks.conf.SpatialLossLayer;
import io.mdnc4j.training.fit.DataLoss;
import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.training.plots.LossPlot;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gives a plain {@code fit} loop what a {@link Run} has: progress on standard error, {@code history.csv}, the network with the
 * lowest validation loss in {@code model.zip}, and {@code report.html}. Early stopping calls it as well.
 *
 * <pre>{@code
 * RunListener listener = new RunListener("mine", RunFolder.create(Path.of("runs"), "mine"), validation, 20);
 * network.setListeners(listener);
 * network.fit(training, 20);
 * listener.report();
 * Predictor predictor = Predictor.read(Path.of("runs/mine/model.zip"));
 * }</pre>
 *
 * <p><b>Losses.</b> Both are means over examples (a smaller last batch counts less), of the data alone, without penalties of
 * L1, L2 or weight decay. Of an epoch of training it is the mean of its steps, each before the parameters change, in
 * training mode, so that dropout and batch normalisation work as they do when training; the validation loss follows at the
 * end of the epoch, in inference mode. Parameters that stand still and layers that know no modes give equal losses on equal
 * data.
 *
 * <p><b>Description.</b> {@code model.zip} says how it is used ({@link ModelDescription}), so that {@code Predictor},
 * {@code predict} and {@code evaluate} take it. What {@link #description} was not told is taken from the network and the first
 * batch: the shape of an example; the task, {@link Task#CLASSIFICATION} or {@link Task#SEGMENTATION} if the output activation
 * is softmax, the same of several labels at once if the loss is {@link MultiLabelLoss}, otherwise {@link Task#REGRESSION} or, of whole examples, {@link Task#ESTIMATION}; classes, and numbers of whole
 * examples, by their places from 0. Inputs are taken as they are: a normalisation that
 * the data went through before, and names of classes, must be told.
 */
public final class RunListener extends BaseTrainingListener {
    private static final double NANOS = 1e9;

    private final String title;
    private final RunFolder folder;
    private final DataSetIterator validation;
    private final int epochs;
    private final History history;

    private ModelDescription description = new ModelDescription(null, null, null, null, null, null, null, null, null);
    private boolean described;
    private long @Nullable [] inputShape;
    private @Nullable Progress progress;
    private TrainingState state = TrainingState.START;
    private long last = System.nanoTime();
    private long parameters;
    private double stepLoss;
    private double lossSum;
    private long examples;

    /**
     * @param title what the report is headed with
     * @param folder a new folder; who made it closes it, or nobody else writes to it while the process lives
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

    /**
     * What is known of the model, for {@code model.zip}; fields that are {@code null} or empty are found as the class says.
     *
     * @param known the description
     * @return this
     * @throws ArgumentException if its task is unknown
     */
    public RunListener description(ModelDescription known) {
        if (known.task() != null) {
            Task.parse(known.task());
        }
        description = known;
        described = false;
        return this;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ArgumentException if it is not a {@link ComputationGraph} of one input and one output, or neither its last layer
     *     nor the description tells the task
     */
    @Override
    public void onEpochStart(Model model) {
        ArgumentException.require(
                model instanceof ComputationGraph,
                "network",
                model.getClass().getSimpleName(),
                "give a ComputationGraph, such as MultiLayerNetwork.toComputationGraph()");
        ComputationGraph graph = (ComputationGraph) model;
        ArgumentException.require(
                graph.getNumInputArrays() == 1 && graph.getNumOutputArrays() == 1,
                "network",
                graph.getNumInputArrays() + " inputs, " + graph.getNumOutputArrays() + " outputs",
                "give one of one input and one output");
        if (description.task() == null) {
            hasClasses(graph);
        }
        last = System.nanoTime();
    }

    /** Takes the loss of a step, before the parameters change. */
    @Override
    public void onGradientCalculation(Model model) {
        stepLoss = model.score() - ((ComputationGraph) model).calcRegularizationScore(true);
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (progress == null) {
            progress = new ProgressLines(System.err, model.batchSize());
            parameters = model.numParams();
            long[] batch = ((ComputationGraph) model).getInput(0).shape();
            inputShape = Arrays.copyOfRange(batch, 1, batch.length);
        }
        lossSum += stepLoss * model.batchSize();
        examples += model.batchSize();
        state = state.afterStep(stepLoss, lap());
        progress.step(state, stepLoss, (double) state.epoch() / epochs);
    }

    @Override
    public void onEpochEnd(Model model) {
        ComputationGraph graph = (ComputationGraph) model;
        double loss = DataLoss.of(graph, validation);
        boolean better = state.isBetter(loss);
        state = state.afterEpoch(loss, lap());
        EpochResult result = new EpochResult(
                state.epoch(), state.step(), state.seconds(), lossSum / examples, loss, LearningRate.of(graph));
        lossSum = 0;
        examples = 0;
        history.epoch(result);
        progress.epoch(result);
        if (better) {
            describe(graph);
            folder.saveBest(graph);
        }
        last = System.nanoTime();
    }

    private void describe(ComputationGraph graph) {
        if (!described) {
            folder.describe(complete(graph));
            described = true;
        }
    }

    /** The description with what the network and its data tell. */
    private ModelDescription complete(ComputationGraph graph) {
        long[] batch =
                LongStream.concat(LongStream.of(1), Arrays.stream(inputShape)).toArray();
        INDArray output = graph.outputSingle(Nd4j.zeros(graph.getConfiguration().getDataType(), batch));
        boolean perExample = output.rank() == 2;
        Task task = description.task() != null ? Task.parse(description.task()) : task(graph, perExample);
        // values of whole examples, told to be those of positions: windows could not be put together, so they go in
        // whole
        boolean whole = perExample && !task.perExample();
        List<Long> shape = description.inputShape().isEmpty() && !whole
                ? Arrays.stream(inputShape).boxed().toList()
                : description.inputShape();
        List<String> classes =
                description.classes().isEmpty() && task.hasClasses() ? places(output.size(1)) : description.classes();
        return new ModelDescription(
                description.model(),
                task.code(),
                shape,
                description.normalization(),
                classes,
                description.unit(),
                description.samplingRate(),
                description.spacing(),
                description.orientation(),
                description.windows(),
                output(task, output.size(1)),
                description.trainedOn(),
                description.postprocessing(),
                description.properties());
    }

    /** That which is known, with the numbers of whole examples called by their places from 0. */
    private ModelDescription.Output output(Task task, long numbers) {
        ModelDescription.Output known = description.output();
        return task != Task.ESTIMATION || !known.names().isEmpty()
                ? known
                : new ModelDescription.Output(known.residual(), places(numbers), known.mean(), known.deviation());
    }

    private static List<String> places(long count) {
        return LongStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    private static Task task(ComputationGraph graph, boolean perExample) {
        if (graph.getOutputLayer(0).conf().getLayer() instanceof SpatialLossLayer layer
                && layer.getLossFn() instanceof MultiLabelLoss) {
            return perExample ? Task.MULTI_LABEL_CLASSIFICATION : Task.MULTI_LABEL_SEGMENTATION;
        }
        if (!hasClasses(graph)) {
            return perExample ? Task.ESTIMATION : Task.REGRESSION;
        }
        return perExample ? Task.CLASSIFICATION : Task.SEGMENTATION;
    }

    /** Whether the output is probabilities of classes. */
    private static boolean hasClasses(ComputationGraph graph) {
        if (graph.getOutputLayer(0).conf().getLayer() instanceof BaseLayer layer) {
            return layer.getActivationFn() instanceof ActivationSoftmax;
        }
        throw new ArgumentException(
                "description",
                "not given, and the output layer \""
                        + graph.getConfiguration().getNetworkOutputs().get(0)
                        + "\" has no activation that tells the task",
                "give a description with its task");
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
