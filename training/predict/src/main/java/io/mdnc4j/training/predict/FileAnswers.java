package io.mdnc4j.training.predict;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Release;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Files for each of which a network has one answer, such as the probabilities of classes. */
public final class FileAnswers {
    private FileAnswers() {}

    /** Is told of each answer. */
    public interface Listener extends FileListener {
        /**
         * A file has its answer.
         *
         * @param input the file
         * @param output {@code [K]}, freed afterwards
         */
        void answered(Path input, INDArray output);
    }

    /**
     * Uses a network on files.
     *
     * @param predictor whose description has an input shape
     * @param files one input each; several may share a batch
     * @param listener is told of each, in their order
     * @throws ArgumentException if the description has no input shape, without which nobody knows which axis of a file is that
     *     of channels
     */
    public static void of(Predictor predictor, List<Path> files, Listener listener) {
        predictor.predict(flows(predictor, files, listener));
    }

    /**
     * The same with how much the answers of several networks, or to flipped inputs, differ.
     *
     * @param predictor whose description has an input shape
     * @param files one input each; several may share a batch
     * @param listener gets {@code [2 K]}: after the output the variance of each of its numbers ({@link Uncertain#of})
     * @throws ArgumentException as {@link #of}, or if there is one network only and nothing is flipped
     */
    public static void ofUncertain(Predictor predictor, List<Path> files, Listener listener) {
        predictor.predictUncertain(flows(predictor, files, listener));
    }

    private static Iterator<FileFlow> flows(Predictor predictor, List<Path> files, Listener listener) {
        ArgumentException.require(
                !predictor.description().inputShape().isEmpty(),
                "description",
                "has no input shape",
                "state [C, size...] in it");
        return files.stream()
                .map(file -> new FileFlow(
                        CaseFiles.of(file),
                        predictor.description(),
                        listener,
                        source -> SlabSink.collect(sizeOf(source), output -> {
                            listener.answered(file, output);
                            Release.of(output);
                        })))
                .iterator();
    }

    private static long[] sizeOf(FileSource source) {
        long[] shape = source.shape();
        return Arrays.copyOfRange(shape, 1, shape.length);
    }
}
