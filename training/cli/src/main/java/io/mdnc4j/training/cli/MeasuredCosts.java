package io.mdnc4j.training.cli;

import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.StepTime;
import io.mdnc4j.training.loss.Losses;
import io.mdnc4j.training.options.SpecOptions;
import io.mdnc4j.training.run.ModelFactory;
import io.mdnc4j.training.task.SampleSizes;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.training.task.TrainingPlan;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.summary.LayerTable;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What steps of the network that is to be trained take: memory from its description, time from the smallest samples on this
 * machine, in proportion to the multiply-accumulates of others.
 */
final class MeasuredCosts implements TrainingPlan.Costs {
    private final Function<List<Long>, Geometry> networks;
    private final SampleSizes sizes;
    private final Losses loss;
    private final FitConfiguration settings;

    /** Seconds for each multiply-accumulate, 0 before it was measured. */
    private double pace;

    /**
     * A network.
     *
     * @param model its name
     * @param options what is given of it; not changed
     */
    record Geometry(String model, SpecOptions options) {}

    /**
     * @param options what is given of the network; not changed
     * @param settings how it is to be trained, with the batch that is measured
     */
    MeasuredCosts(String model, SpecOptions options, SampleSizes sizes, Losses loss, FitConfiguration settings) {
        this(window -> new Geometry(model, options), sizes, loss, settings);
    }

    /**
     * @param networks the one that samples of a size are for
     * @param settings how it is to be trained, with the batch that is measured
     */
    MeasuredCosts(Function<List<Long>, Geometry> networks, SampleSizes sizes, Losses loss, FitConfiguration settings) {
        this.networks = networks;
        this.sizes = sizes;
        this.loss = loss;
        this.settings = settings;
    }

    /**
     * The size of samples and batches that suits this machine.
     *
     * @param fixed whether the settings' batch is given
     * @param mebibytes memory that a step may take
     * @param seconds of the training; infinite where they do not matter
     */
    TrainingPlan plan(boolean fixed, double mebibytes, double seconds) {
        boolean timed = sizes.windows().size() > 1;
        return TrainingPlan.choose(
                sizes.windows(),
                settings.batch(),
                fixed,
                this,
                mebibytes,
                timed ? seconds / settings.accumulate() : Double.POSITIVE_INFINITY);
    }

    /** What is said of a plan. */
    static String told(TrainingPlan plan) {
        String steps =
                Double.isInfinite(plan.steps()) ? "" : String.format(Locale.ROOT, ", about %.0f steps", plan.steps());
        return "training on windows of "
                + LayerTable.shape(
                        plan.window().stream().mapToLong(Long::longValue).toArray())
                + ", " + plan.batch() + " a batch" + steps;
    }

    @Override
    public double mebibytes(List<Long> window, int batch) {
        return table(window).trainingMebibytes(batch);
    }

    @Override
    public double seconds(List<Long> window, int batch) {
        if (pace == 0) {
            pace = measured();
        }
        TrainingData data = sizes.at().apply(window);
        // each epoch is followed by a validation, whose forward passes take about half as long as steps
        double validating = 1 + 0.5 * data.validation().size() / data.training().size();
        return pace * table(window).multiplyAccumulates() * batch * validating;
    }

    private double measured() {
        List<Long> smallest = sizes.windows().get(sizes.windows().size() - 1);
        TrainingData data = sizes.at().apply(smallest);
        Geometry network = networks.apply(smallest);
        ComputationGraph graph = factory(data, network.model, network.options.copy())
                .create(data.inputShape(), settings, settings.seed());
        EpochIterator batches = data.training(settings.batch(), settings.seed());
        // one batch is wanted, not those after it
        batches.readAhead(0);
        double taken = StepTime.of(graph, batches.next());
        Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        // arrays live outside the heap, whose collector does not see how much they hold
        System.gc();
        return taken / (table(smallest).multiplyAccumulates() * (double) settings.batch());
    }

    private LayerTable table(List<Long> window) {
        TrainingData data = sizes.at().apply(window);
        Geometry network = networks.apply(window);
        SpecOptions copy = network.options.copy();
        factory(data, network.model, copy);
        ModelName name = ModelName.parse(network.model);
        return LayerTable.of(
                name.name(),
                copy.network(name),
                window.stream().mapToLong(Long::longValue).toArray());
    }

    private ModelFactory factory(TrainingData data, String model, SpecOptions of) {
        return Models.named(model, of, data, data.recipes().apply(ModelName.parse(model)), loss);
    }
}
