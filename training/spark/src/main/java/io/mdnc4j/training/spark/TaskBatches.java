package io.mdnc4j.training.spark;

import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.task.DataSource;
import io.mdnc4j.training.task.TrainingData;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkFiles;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The batches of some data, drawn where they are used: what travels to the machines are the description of the data and the
 * batches' names, such as {@code 3/17/0/2} for the first of two shares of batch 17 of epoch 3. They are the same as in a
 * training on a single machine with that seed.
 *
 * @param source {@link DataSource#toJson()}
 * @param fingerprint of the data as the driver has them, which those of every machine must have; {@code null} for any
 * @param batch samples a batch
 * @param seed of their order and of what is left to chance
 */
record TaskBatches(String source, String fingerprint, int batch, long seed) implements MultiDataSetLoader {
    /** The epoch number that stands for the validation part. */
    private static final int VALIDATION = 0;

    private static final Map<String, TrainingData> DATA = new ConcurrentHashMap<>();

    /** Names of training batches that some workers share: first all of the first worker's shares, then the second's. */
    static Stream<String> names(int epoch, int first, int count, int workers) {
        return IntStream.range(0, workers)
                .boxed()
                .flatMap(share -> IntStream.range(first, first + count)
                        .mapToObj(index -> epoch + "/" + index + "/" + share + "/" + workers));
    }

    /** Names of validation batches, whole ones. */
    static Stream<String> validation(int count) {
        return names(VALIDATION, 0, count, 1);
    }

    /**
     * The data, read once a process. A file that Spark has distributed is found by its name.
     *
     * @throws DataException if this machine has others than the driver
     */
    TrainingData data() {
        TrainingData data = DATA.computeIfAbsent(source, key -> load(DataSource.fromJson(key), note -> {}));
        if (fingerprint != null && !fingerprint.equals(data.fingerprint())) {
            throw new DataException("data: " + DataSource.fromJson(source).data()
                    + " is not the same on all machines (its SHA-256 is another); copy it to them anew");
        }
        return data;
    }

    /**
     * Reads the data.
     *
     * @param notes takes what the user should know
     */
    static TrainingData load(DataSource source, Consumer<String> notes) {
        String data = source.data();
        String local =
                isRemote(data) ? SparkFiles.get(Path.of(data).getFileName().toString()) : data;
        return source.withData(local).load(notes);
    }

    /** Whether data are given as a URI, as for Hadoop's file systems, which Spark copies to each machine. */
    static boolean isRemote(String data) {
        return data.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
    }

    /** The named share of a batch; of a batch with fewer samples than shares, one sample. */
    MultiDataSet batch(String name) {
        int[] parts = Stream.of(name.split("/")).mapToInt(Integer::parseInt).toArray();
        int epoch = parts[0];
        EpochIterator batches = epoch == VALIDATION ? data().validation(batch) : data().training(batch, seed);
        // one batch is wanted, not those after it
        batches.readAhead(0);
        batches.startEpoch(Math.max(1, epoch));
        batches.skip(parts[1]);
        DataSet whole = batches.next();
        int share = parts[2];
        int shares = parts[3];
        int samples = whole.numExamples();
        int from = share * samples / shares;
        int to = Math.max(from + 1, (share + 1) * samples / shares);
        return new DataSet(part(whole.getFeatures(), from, to), part(whole.getLabels(), from, to)).toMultiDataSet();
    }

    private static INDArray part(INDArray samples, int from, int to) {
        return samples.get(NDArrayIndex.interval(from, to)).dup('c');
    }

    @Override
    public MultiDataSet load(Source source) {
        return batch(source.getPath());
    }
}
