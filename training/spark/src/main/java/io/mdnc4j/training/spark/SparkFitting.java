package io.mdnc4j.training.spark;

import io.mdnc4j.training.fit.Fitting;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Learns on Spark by parameter averaging. A step is a round: the parameters and the updater's state go to all workers, each
 * fits its shares of some batches, and the means come back.
 */
final class SparkFitting implements Fitting {
    private final JavaSparkContext spark;
    private final SparkComputationGraph network;
    private final TaskBatches batches;
    private final int workers;
    private final IterationCount iterations = new IterationCount();

    /**
     * @param graph the network, which is changed
     * @param batches what is learned
     * @param workers tasks a round, one a worker
     * @param averageEvery batches a round
     */
    SparkFitting(JavaSparkContext spark, ComputationGraph graph, TaskBatches batches, int workers, int averageEvery) {
        this.spark = spark;
        this.batches = batches;
        this.workers = workers;
        int share = Math.max(1, batches.batch() / workers);
        // the rounds are cut here, so that each has its learning rate; batches are drawn anew rather than kept by Spark
        this.network = new SparkComputationGraph(
                spark,
                graph,
                new ParameterAveragingTrainingMaster.Builder(workers, share)
                        .batchSizePerWorker(share)
                        .averagingFrequency(averageEvery)
                        .repartionData(Repartition.Never)
                        .storageLevelStreams(null)
                        .saveUpdater(true)
                        .trainingHooks(iterations)
                        .build());
    }

    @Override
    public int batchesPerEpoch() {
        return batches.data().training(batches.batch(), batches.seed()).batchesPerEpoch();
    }

    @Override
    public double validationBatches() {
        return validationCount() / (double) workers;
    }

    private int validationCount() {
        return batches.data().validation(batches.batch()).batchesPerEpoch();
    }

    /** {@inheritDoc} It is the mean over the workers of the loss of their last batch. */
    @Override
    public double fit(int epoch, int first, int count) {
        int epochs = network.getNetwork().getEpochCount();
        iterations.startAt(network.getNetwork().getIterationCount());
        network.fitPaths(distribute(TaskBatches.names(epoch, first, count, workers)), batches);
        // DL4J takes every call for an epoch
        network.getNetwork().getConfiguration().setEpochCount(epochs);
        return network.getScore();
    }

    private JavaRDD<String> distribute(Stream<String> names) {
        List<String> list = names.toList();
        return spark.parallelize(list, Math.min(workers, list.size()));
    }

    @Override
    public List<DataSet> batches() {
        return List.of();
    }

    @Override
    public double validate() {
        return network.calculateScoreMultiDataSet(
                distribute(TaskBatches.validation(validationCount())).map(batches::batch), true, batches.batch());
    }
}
