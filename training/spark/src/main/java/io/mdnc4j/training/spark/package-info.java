/**
 * Training and prediction on Spark. Read {@link io.mdnc4j.training.spark.SparkTrain} first, the command line's {@code train}
 * whose steps are rounds of parameter averaging: {@link io.mdnc4j.training.spark.SparkFitting}, over batches that each
 * machine draws for itself, {@link io.mdnc4j.training.spark.TaskBatches}. Files are kept in a
 * {@link io.mdnc4j.training.spark.Store}. {@link io.mdnc4j.training.spark.SparkPredict} runs a trained network over a folder.
 */
package io.mdnc4j.training.spark;
