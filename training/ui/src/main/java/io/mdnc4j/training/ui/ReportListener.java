package io.mdnc4j.training.ui;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.ui.model.stats.J7StatsListener;
import org.deeplearning4j.ui.model.stats.api.StatsReport;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Collects reports from a network that is trained. It reads only. */
final class ReportListener extends J7StatsListener {
    private final ReportSchedule schedule;

    ReportListener(ReportStore store) {
        this(store, new ReportSchedule(System::nanoTime));
    }

    private ReportListener(ReportStore store, ReportSchedule schedule) {
        super(store, null, schedule, null, null);
        this.schedule = schedule;
    }

    @Override
    public StatsReport getNewStatsReport() {
        return new NamedReport();
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        timed(() -> super.onForwardPass(model, kept((ComputationGraph) model, activations)));
    }

    @Override
    public void onGradientCalculation(Model model) {
        timed(() -> super.onGradientCalculation(model));
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        timed(() -> super.iterationDone(model, iteration, epoch));
        schedule.stepDone();
    }

    private void timed(Runnable collecting) {
        long start = System.nanoTime();
        collecting.run();
        schedule.spent(System.nanoTime() - start);
    }

    /** The activations without those that a later vertex has written its own over. */
    private Map<String, INDArray> kept(ComputationGraph network, Map<String, INDArray> activations) {
        if (!schedule.due()) {
            return activations;
        }
        Map<String, INDArray> kept = new LinkedHashMap<>(activations);
        network.getConfiguration()
                .getVertexInputs()
                .forEach((vertex, inputs) -> inputs.stream()
                        .filter(input -> sameMemory(activations.get(vertex), activations.get(input)))
                        .forEach(kept::remove));
        return kept;
    }

    private static boolean sameMemory(INDArray one, INDArray other) {
        return one != null
                && other != null
                && one.data().address() == other.data().address()
                && one.offset() == other.offset();
    }
}
