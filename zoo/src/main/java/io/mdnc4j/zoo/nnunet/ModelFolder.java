package io.mdnc4j.zoo.nnunet;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.NetworkModel;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.Task;
import io.mdnc4j.zoo.weights.Match;
import io.mdnc4j.zoo.weights.Weights;
import io.mdnc4j.zoo.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * A trained model as nnU-Net (v2) leaves it: a folder with {@code plans.json}, {@code dataset.json} and
 * {@code fold_N/checkpoint_final.pth}.
 *
 * <pre>{@code
 * ModelFolder folder = ModelFolder.read(Path.of("nnUNetTrainer__nnUNetPlans__3d_fullres"), null, List.of());
 * folder.write(Path.of("model.zip"));
 * }</pre>
 *
 * <p>The files are not trusted: nothing in them is called, sizes are checked before memory is taken, and what is not
 * supported (cascades, other networks, readers of other formats than NIfTI, other resampling) is refused in one line.
 */
public final class ModelFolder {
    private final NetworkSpec spec;
    private final Processing processing;
    private final Checkpoints checkpoints;
    private final String dataset;

    private ModelFolder(NetworkSpec spec, Processing processing, Checkpoints checkpoints, String dataset) {
        this.spec = spec;
        this.processing = processing;
        this.checkpoints = checkpoints;
        this.dataset = dataset;
    }

    /**
     * {@return whether that is a folder with plans}
     *
     * @param folder any path
     */
    public static boolean is(Path folder) {
        return Files.isRegularFile(folder.resolve("plans.json"));
    }

    /**
     * Reads all but the values of the parameters, and checks that these fit the network.
     *
     * @param folder the folder
     * @param configuration name of a configuration of the plans; {@code null} for the one that was trained
     * @param folds names of folds, such as {@code 0}; empty for all that there are
     * @return the model
     * @throws PlansException if plans, data set or folds are missing, damaged, or ask for what is not supported
     * @throws WeightsException if a checkpoint cannot be read, or does not fit the plans
     */
    public static ModelFolder read(Path folder, @Nullable String configuration, List<String> folds)
            throws PlansException, WeightsException {
        JsonFile plans = JsonFile.read(folder.resolve("plans.json"));
        JsonFile dataset = JsonFile.read(folder.resolve("dataset.json"));
        Checkpoints checkpoints = Checkpoints.in(folder, folds);
        Plans chosen = Plans.of(plans, chosen(plans, configuration, checkpoints));
        Dataset described = Dataset.of(dataset);
        Architecture architecture = chosen.architecture();
        NetworkSpec spec = spec(plans, architecture, described);
        Processing processing = chosen.processing(described, checkpoints);
        try {
            spec.inputType(processing.patch().stream().mapToLong(size -> size).toArray());
        } catch (ArgumentException e) {
            throw plans.refusal("patch_size: " + e.getMessage());
        }
        for (String fold : checkpoints.folds()) {
            requireFit(checkpoints.of(fold), folder.resolve("fold_" + fold), spec, processing);
        }
        String name = plans.has("dataset_name") ? plans.text("dataset_name") : "";
        return new ModelFolder(spec, processing, checkpoints, name);
    }

    private static NetworkSpec spec(JsonFile plans, Architecture architecture, Dataset dataset) throws PlansException {
        try {
            return architecture.spec(dataset.channels().size(), dataset.labels().size());
        } catch (PlansException e) {
            throw plans.refusal(e.getMessage());
        }
    }

    private static String chosen(JsonFile plans, @Nullable String wanted, Checkpoints checkpoints)
            throws PlansException {
        String trained = checkpoints.configuration();
        if (wanted != null && trained != null && !wanted.equals(trained)) {
            throw plans.refusal(
                    "configuration \"" + wanted + "\" is asked for, but the checkpoints are of \"" + trained + "\"");
        }
        if (wanted != null || trained != null) {
            return wanted == null ? trained : wanted;
        }
        List<String> all = Plans.configurations(plans);
        if (all.size() != 1) {
            throw plans.refusal("has the configurations " + all + ", and the checkpoints do not say which; name one");
        }
        return all.get(0);
    }

    private static void requireFit(Weights weights, Path fold, NetworkSpec spec, Processing processing)
            throws WeightsException {
        Match match = weights.match(StateDict.shapesOf(spec));
        if (!match.complete()) {
            throw new WeightsException(fold + ": trainer " + processing.trainer()
                    + " has another network than the plans' " + spec.modelName() + ": " + match);
        }
    }

    /** {@return the network's geometry} */
    public NetworkSpec spec() {
        return spec;
    }

    /** {@return what is done before and after the network} */
    public Processing processing() {
        return processing;
    }

    /**
     * {@return the network with the parameters of the first fold}
     *
     * @throws WeightsException if they cannot be read
     */
    public ComputationGraph network() throws WeightsException {
        return checkpoints.of(processing.folds().get(0)).network(model());
    }

    private NetworkModel model() {
        long[] patch = processing.patch().stream().mapToLong(size -> size).toArray();
        // regions may lie in each other; which number each position gets is decided behind the network
        boolean regions = !processing.regionOrder().isEmpty();
        return NetworkModel.builder(spec, patch)
                .task(regions ? Task.MULTI_LABEL_SEGMENTATION : Task.SEGMENTATION)
                .build();
    }

    /** {@return what the model file says of the model} */
    public ModelDescription description() {
        List<Long> shape = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(spec.inPlanes()),
                        processing.patch().stream().map(Integer::longValue))
                .toList();
        return new ModelDescription(
                        spec.modelName(),
                        Task.SEGMENTATION.code(),
                        shape,
                        null,
                        processing.labels().stream().map(Processing.Label::name).toList(),
                        null,
                        null,
                        processing.spacing(),
                        Map.of("data", dataset, "folds", String.join(" ", processing.folds())))
                .withWindows(new ModelDescription.Windows(0.5, "gaussian", "zero", processing.mirrored(), true));
    }

    /**
     * Writes a model file: the network with the parameters of the first fold, those of the others under
     * {@link Processing#parametersOf}, the description, and the note {@value Processing#NOTE}. It is there whole, or not at all.
     *
     * @param file the file
     * @return the network that was written
     * @throws IOException if a checkpoint cannot be read, or the file not written
     */
    public ComputationGraph write(Path file) throws IOException {
        ComputationGraph network = network();
        Map<String, String> notes =
                Map.of(ModelDescription.NOTE, description().toJson(), Processing.NOTE, processing.toJson());
        Map<String, Weights> others = new LinkedHashMap<>();
        for (String fold : processing.folds().subList(1, processing.folds().size())) {
            others.put(Processing.parametersOf(fold), checkpoints.of(fold));
        }
        // one network for all others: five folds of a hundred million parameters are two gigabytes
        ComputationGraph other = others.isEmpty() ? network : model().initUnset();
        ModelFiles.write(network, file, notes, others.keySet(), name -> {
            others.get(name).into(other);
            return other.params();
        });
        return network;
    }
}
