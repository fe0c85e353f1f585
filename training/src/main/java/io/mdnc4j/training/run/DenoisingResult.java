package io.mdnc4j.training.run;

import io.mdnc4j.training.data.NoisyWindows;
import io.mdnc4j.training.metrics.SavitzkyGolay;
import io.mdnc4j.training.metrics.SignalToNoise;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a network makes of the test windows, beside what the best Savitzky-Golay filter does.
 *
 * @param denoised the network's outputs in the signal's unit
 * @param testSnr signal-to-noise ratio of these, in decibel
 * @param noisySnr that of the windows themselves
 * @param filterSnr that of the filtered windows
 * @param filter the best filter
 */
public record DenoisingResult(
        double[][] denoised, double testSnr, double noisySnr, double filterSnr, SavitzkyGolay filter) {
    /**
     * Runs a network on all windows.
     *
     * @param batch windows at a time
     * @throws IllegalArgumentException if its outputs have another shape than the windows
     */
    static DenoisingResult of(ComputationGraph graph, NoisyWindows windows, int batch) {
        double[][] clean = windows.clean();
        double[][] noisy = windows.noisy();
        List<INDArray> outputs = new ArrayList<>();
        for (DataSet part : windows.dataSet().batchBy(batch)) {
            outputs.add(graph.outputSingle(part.getFeatures()));
        }
        double[][] denoised = windows.restore(Nd4j.concat(0, outputs.toArray(new INDArray[0])));
        SavitzkyGolay filter = SavitzkyGolay.best(clean, noisy);
        return new DenoisingResult(
                denoised,
                SignalToNoise.decibel(clean, denoised),
                SignalToNoise.decibel(clean, noisy),
                SignalToNoise.decibel(clean, filter.filter(noisy)),
                filter);
    }
}
