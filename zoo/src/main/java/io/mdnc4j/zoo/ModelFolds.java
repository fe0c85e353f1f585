package io.mdnc4j.zoo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The networks of several folds in one model file. It is that of the first fold, with its description, and so can be used as any
 * other; the others' parameters and descriptions, which may normalise otherwise, are beside it. {@code Predictor} averages what
 * all of them answer.
 */
public final class ModelFolds {
    /** Name of the note with the other folds' descriptions, and of the property that tells how many folds there are. */
    public static final String NOTE = "folds";

    /** More than anybody trains, and fewer than would take much memory. */
    private static final int MOST = 1000;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ModelFolds() {}

    /**
     * {@return the name under which a model file has the parameters of a fold but the first: {@link ModelFiles#parameters}}
     *
     * @param fold its name
     */
    public static String parametersOf(String fold) {
        return "fold_" + fold;
    }

    /** Gives the parameters of folds, one after the other. */
    @FunctionalInterface
    public interface Parameters {
        /**
         * {@return parameters, a vector like {@link ComputationGraph#params()}}
         *
         * @param fold from 1, the second one
         * @throws IOException if they cannot be read
         */
        INDArray of(int fold) throws IOException;
    }

    /**
     * Writes the networks of all folds, atomically and without the state of updaters.
     *
     * @param network of the first fold
     * @param descriptions of all folds, at least one
     * @param parameters of the other folds
     * @param file the file
     * @throws IOException if it cannot be written, or parameters not be had
     */
    public static void write(
            ComputationGraph network, List<ModelDescription> descriptions, Parameters parameters, Path file)
            throws IOException {
        Map<String, Integer> folds = new LinkedHashMap<>();
        List<JsonNode> others = new ArrayList<>();
        for (int fold = 1; fold < descriptions.size(); fold++) {
            folds.put(parametersOf(String.valueOf(fold + 1)), fold);
            others.add(MAPPER.readTree(descriptions.get(fold).toJson()));
        }
        ComputationGraph plain = new ComputationGraph(network.getConfiguration());
        plain.init(network.params(), false);
        ModelFiles.write(
                plain,
                file,
                Map.of(
                        ModelDescription.NOTE,
                        descriptions.get(0).toJson(),
                        NOTE,
                        MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(others)),
                folds.keySet(),
                name -> parameters.of(folds.get(name)));
    }

    /**
     * The descriptions of the folds but the first.
     *
     * @param file a model file
     * @return empty if it has one network only
     * @throws ModelFileException if it cannot be read, or says what cannot be
     */
    public static List<ModelDescription> others(Path file) throws ModelFileException {
        Optional<String> note = ModelFiles.note(file, NOTE);
        List<ModelDescription> others = new ArrayList<>();
        try {
            if (note.isPresent()) {
                JsonNode stored = MAPPER.readTree(note.get());
                if (!stored.isArray() || stored.size() > MOST) {
                    throw new IOException("the note " + NOTE + " is no list of " + MOST + " folds at most");
                }
                for (JsonNode other : stored) {
                    others.add(ModelDescription.fromJson(other.toString()));
                }
            }
        } catch (JsonProcessingException e) {
            throw new ModelFileException(file, "the note " + NOTE + " is not valid: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelFileException(file, e.getMessage(), e);
        }
        return others;
    }

    /**
     * The parameters of a fold.
     *
     * @param file a model file
     * @param fold its name; from 2 for those of {@link #write}
     * @param network that of the first fold
     * @return as many numbers as {@link ComputationGraph#params()}
     * @throws ModelFileException if they cannot be read, or do not fit the network
     * @throws ArgumentException if the file has none
     */
    public static INDArray parameters(Path file, String fold, ComputationGraph network) throws ModelFileException {
        return ModelFiles.parameters(file, parametersOf(fold), network)
                .orElseThrow(() -> new ArgumentException(
                        "model",
                        file + " has no parameters of fold " + fold,
                        "restore it, or train or import it again"));
    }
}
