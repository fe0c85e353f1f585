package io.mdnc4j.zoo.nnunet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.StateDict;
import io.mdnc4j.zoo.weights.Weights;
import io.mdnc4j.zoo.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Model folders of nnU-Net, and others that look like some. */
class ModelFolderTest {
    private static final Path MODELS =
            Path.of(System.getProperty("reference.dir", "../src/reference")).resolve("nnunet/models");
    private static final Path PLAIN = MODELS.resolve("plain-3d-anisotropic");
    private static final String CHECKPOINT = "checkpoint_final.pth";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"plain-3d-anisotropic", "residual-2d-slices", "residual-3d-regions"})
    void parametersOfAllFoldsAreThoseOfTheCheckpoints(String name) throws IOException {
        ModelFolder read = ModelFolder.read(MODELS.resolve(name), null, List.of());
        Path file = folder.resolve("model.zip");
        read.write(file);
        assertEquals(read.processing(), Processing.in(file).orElseThrow());
        ModelDescription description = ModelFiles.description(file).orElseThrow();
        assertEquals(read.spec().modelName(), description.model());
        assertEquals(
                (long) read.processing().channels().size(),
                description.inputShape().get(0));
        ComputationGraph network = ModelFiles.read(file);
        List<String> folds = read.processing().folds();
        for (String fold : folds) {
            if (!fold.equals(folds.get(0))) {
                network.setParams(ModelFiles.parameters(file, Processing.parametersOf(fold), network)
                        .orElseThrow());
            }
            Weights stored =
                    Weights.load(MODELS.resolve(name).resolve("fold_" + fold).resolve(CHECKPOINT));
            Map<String, INDArray> parameters = StateDict.of(network);
            assertEquals(stored.tensors().keySet(), parameters.keySet());
            for (Map.Entry<String, INDArray> parameter : parameters.entrySet()) {
                assertEquals(stored.read(parameter.getKey(), DataType.FLOAT), parameter.getValue());
            }
        }
    }

    /** Parameters of folds are written one after the other; each are its own, and one that fails leaves no file. */
    @Test
    void foldsAreReadWhenTheyAreWritten() throws IOException {
        copy(PLAIN, plans -> {});
        Path last = Files.createDirectory(folder.resolve("fold_2")).resolve(CHECKPOINT);
        Files.copy(folder.resolve("fold_0").resolve(CHECKPOINT), last);
        ModelFolder read = ModelFolder.read(folder, null, List.of());
        Path file = Files.createDirectory(folder.resolve("written")).resolve("model.zip");
        INDArray first = read.write(file).params();
        ComputationGraph network = ModelFiles.read(file);
        assertEquals(first, network.params());
        assertEquals(
                first,
                ModelFiles.parameters(file, Processing.parametersOf("2"), network)
                        .orElseThrow());
        assertNotEquals(
                first,
                ModelFiles.parameters(file, Processing.parametersOf("1"), network)
                        .orElseThrow());
        Files.delete(file);
        Files.write(last, new byte[10]);
        assertThrows(WeightsException.class, () -> read.write(file));
        try (Stream<Path> left = Files.list(file.getParent())) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void plansSayWhatIsDone() throws IOException {
        Processing plain =
                ModelFolder.read(PLAIN, "3d_fullres", List.of("1", "0")).processing();
        assertEquals(List.of("1", "0"), plain.folds());
        assertEquals("nnUNetTrainer", plain.trainer());
        assertEquals(List.of("T1", "CT"), plain.channels());
        assertEquals(List.of(2.5, 1.0, 1.0), plain.spacing());
        assertEquals(List.of(8, 24, 24), plain.patch());
        assertEquals(List.of(0, 1, 2), plain.mirrored());
        assertEquals(
                new Processing.Channel(Scheme.Z_SCORE, true, null, null, null, null),
                plain.normalization().get(0));
        assertEquals(
                new Processing.Channel(Scheme.CT, false, 100.0, 65.0, -120.0, 330.0),
                plain.normalization().get(1));
        assertEquals(new Processing.Resampling(3, 0, null), plain.imageResampling());
        assertEquals(new Processing.Resampling(1, 0, null), plain.outputResampling());
        assertTrue(plain.regionOrder().isEmpty());

        ModelFolder slices = ModelFolder.read(MODELS.resolve("residual-2d-slices"), null, List.of());
        assertEquals(List.of(2, 0, 1), slices.processing().transpose());
        assertEquals(SpatialDims.TWO, slices.spec().dims());
        assertEquals(Network.RESIDUAL, slices.spec().network());

        Processing regions = ModelFolder.read(MODELS.resolve("residual-3d-regions"), null, List.of())
                .processing();
        assertEquals(List.of(1, 2, 3), regions.regionOrder());
        assertEquals(
                new Processing.Label("core", List.of(2, 3)), regions.labels().get(1));
    }

    /** Plans from before architectures were named describe the same network. */
    @Test
    void oldPlansAreRead() throws IOException {
        Path model = MODELS.resolve("residual-2d-slices");
        copy(model, plans -> {
            ObjectNode configuration = (ObjectNode) plans.at("/configurations/2d");
            ObjectNode arguments = (ObjectNode) configuration.at("/architecture/arch_kwargs");
            configuration.put("UNet_class_name", "ResidualEncoderUNet");
            configuration.put("UNet_base_num_features", 8);
            configuration.put("unet_max_num_features", 16);
            configuration.set("n_conv_per_stage_encoder", arguments.get("n_blocks_per_stage"));
            configuration.set("n_conv_per_stage_decoder", arguments.get("n_conv_per_stage_decoder"));
            configuration.set("pool_op_kernel_sizes", arguments.get("strides"));
            configuration.set("conv_kernel_sizes", arguments.get("kernel_sizes"));
            configuration.set("num_pool_per_axis", MAPPER.createArrayNode());
            configuration.remove("architecture");
        });
        assertEquals(
                ModelFolder.read(model, null, List.of()).spec(),
                ModelFolder.read(folder, null, List.of()).spec());
        edit("plans.json", plans -> ((ObjectNode) plans.at("/configurations/2d")).put("UNet_base_num_features", -8));
        refused("features");
    }

    @Test
    void valuesAreInherited() throws IOException {
        copy(PLAIN, plans -> {
            ObjectNode child = MAPPER.createObjectNode().put("inherits_from", "3d_fullres");
            child.set("spacing", MAPPER.createArrayNode().add(4).add(2).add(2));
            ((ObjectNode) plans.get("configurations")).set("coarse", child);
        });
        assertEquals(
                List.of(2.5, 1.0, 1.0),
                ModelFolder.read(folder, null, List.of()).processing().spacing());
        edit("plans.json", plans -> {
            ObjectNode all = (ObjectNode) plans.get("configurations");
            all.set("3d_fullres", all.remove("coarse"));
        });
        refused("inherits from itself");
    }

    static Stream<Arguments> hostilePlans() {
        return Stream.of(
                plan("is not supported", plans -> plans.put("image_reader_writer", "Tiff3DIO")),
                plan("is not supported", plans -> plans.put("label_manager", "OtherManager")),
                plan("cascade", plans -> configuration(plans).put("previous_stage", "3d_lowres")),
                plan("preprocessor", plans -> configuration(plans).put("preprocessor_name", "Other")),
                plan("normalisation", plans -> set(plans, "/normalization_schemes", 0, "eval")),
                plan("normalization_schemes", plans -> set(plans, "/normalization_schemes", 2, "CTNormalization")),
                plan("resampling", plans -> configuration(plans).put("resampling_fn_data", "resample_torch_fornnunet")),
                plan(
                        "image_resampling",
                        plans -> ((ObjectNode) configuration(plans).get("resampling_fn_data_kwargs")).put("order", 7)),
                plan(
                        "transpose",
                        plans -> ((ArrayNode) plans.get("transpose_forward"))
                                .set(0, MAPPER.getNodeFactory().numberNode(1))),
                plan("spacing", plans -> set(plans, "/spacing", 0, -1)),
                plan("spacing", plans -> set(plans, "/spacing", 0, "1e9")),
                plan("patch_size", plans -> set(plans, "/patch_size", 0, 7)),
                plan("patch_size", plans -> set(plans, "/patch_size", 0, Long.MAX_VALUE)),
                plan("is not supported", plans -> architecture(plans).put("network_class_name", "os.system")),
                plan("n_stages", plans -> arguments(plans).put("n_stages", 1 << 30)),
                plan("n_stages", plans -> arguments(plans).put("n_stages", "3")),
                plan("n_stages", plans -> arguments(plans).put("n_stages", 4)),
                plan("features", plans -> arguments(plans).put("features_per_stage", 1 << 30)),
                plan("features", plans -> set(plans, "/architecture/arch_kwargs/features_per_stage", 0, "2**3")),
                plan("features", plans -> set(plans, "/architecture/arch_kwargs/features_per_stage", 0, 0)),
                plan("strides", plans -> set(plans, "/architecture/arch_kwargs/strides", 0, 2)),
                plan("kernel_sizes", plans -> arguments(plans).set("kernel_sizes", nested(500))),
                plan("kernels", plans -> set(plans, "/architecture/arch_kwargs/kernel_sizes", 0, 4)),
                plan("n_conv_per_stage", plans -> arguments(plans).remove("n_conv_per_stage")),
                plan("n_blocks_per_stage", plans -> arguments(plans).put("n_blocks_per_stage", 2)),
                plan("conv_op", plans -> arguments(plans).put("conv_op", "torch.nn.modules.conv.Conv9d")),
                plan("norm_op", plans -> arguments(plans).put("conv_op", "torch.nn.modules.conv.Conv2d")),
                plan("norm_op", plans -> arguments(plans).put("norm_op", "torch.nn.modules.batchnorm.BatchNorm3d")),
                plan("dropout_op", plans -> arguments(plans).put("dropout_op", "torch.nn.Dropout3d")),
                plan("nonlin", plans -> arguments(plans).put("nonlin", "torch.nn.ReLU")),
                plan(
                        "nonlin_kwargs",
                        plans -> ((ObjectNode) arguments(plans).get("nonlin_kwargs")).put("negative_slope", 0.1)),
                plan("eval", plans -> arguments(plans).put("eval", "__import__('os')")),
                plan("another network", plans -> arguments(plans).put("conv_bias", false)),
                plan("another network", plans -> set(plans, "/architecture/arch_kwargs/features_per_stage", 0, 9)),
                plan("3d_lowres", plans -> configuration(plans).put("inherits_from", "3d_lowres")));
    }

    private static Arguments plan(String problem, Consumer<ObjectNode> change) {
        return Arguments.of(problem, change);
    }

    @ParameterizedTest
    @MethodSource("hostilePlans")
    void plansThatCannotBeAreRefused(String problem, Consumer<ObjectNode> change) throws IOException {
        copy(PLAIN, change);
        refused(problem);
    }

    static Stream<Arguments> hostileDatasets() {
        return Stream.of(
                plan("channels", dataset -> dataset.remove("channel_names")),
                plan("numbered", dataset -> ((ObjectNode) dataset.get("channel_names")).put("7", "PET")),
                plan("numbered", dataset -> ((ObjectNode) dataset.get("channel_names")).put("x", "PET")),
                plan("channels", dataset -> ((ObjectNode) dataset.get("channel_names")).put("2", "PET")),
                plan("file ending", dataset -> dataset.put("file_ending", ".png")),
                plan("labels", dataset -> ((ObjectNode) dataset.get("labels")).put("b", 9)),
                plan("labels", dataset -> dataset.set("labels", MAPPER.createObjectNode())),
                plan("whole number", dataset -> ((ObjectNode) dataset.get("labels")).put("b", "2")),
                plan(
                        "regions_class_order",
                        dataset -> ((ObjectNode) dataset.get("labels"))
                                .set("b", MAPPER.createArrayNode().add(1).add(2))),
                plan("another network", dataset -> ((ObjectNode) dataset.get("labels")).put("c", 3)));
    }

    @ParameterizedTest
    @MethodSource("hostileDatasets")
    void datasetsThatCannotBeAreRefused(String problem, Consumer<ObjectNode> change) throws IOException {
        copy(PLAIN, plans -> {});
        edit("dataset.json", change);
        refused(problem.equals("channels") ? "" : problem);
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        copy(PLAIN, plans -> {});
        assertMessage("fold_7", () -> ModelFolder.read(folder, null, List.of("7")));
        assertMessage("twice", () -> ModelFolder.read(folder, null, List.of("0", "0")));
        assertMessage("2d", () -> ModelFolder.read(folder, "2d", List.of()));
        Files.writeString(folder.resolve("dataset.json"), "{\"labels\": ");
        refused("not valid JSON");
        Files.delete(folder.resolve("dataset.json"));
        refused("dataset.json");
        Files.writeString(folder.resolve("plans.json"), "[".repeat(5000));
        refused("");
        Files.delete(folder.resolve("plans.json"));
        assertFalse(ModelFolder.is(folder));
        refused("plans.json");
    }

    /** A value anywhere in the plans is replaced: they are read, or refused in words. */
    @Property(tries = 40)
    void anyChangeIsReadOrRefused(@ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path made = Files.createTempDirectory("plans");
        try {
            copy(PLAIN, made, plans -> mutate(plans, random));
            ModelFolder.read(made, null, List.of("0"));
        } catch (PlansException | WeightsException e) {
            assertTrue(e.getMessage().length() > 10, e.getMessage());
        } finally {
            try (Stream<Path> files = Files.walk(made)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            }
        }
    }

    private static void mutate(JsonNode root, SplittableRandom random) {
        JsonNode node = root;
        while (true) {
            int size = node.size();
            int at = random.nextInt(size);
            String name =
                    node.isObject() ? new ArrayList<>(node.properties()).get(at).getKey() : null;
            JsonNode child = name == null ? node.get(at) : node.get(name);
            if (child.isContainerNode() && child.size() > 0 && random.nextInt(6) > 0) {
                node = child;
                continue;
            }
            JsonNode other = junk(random);
            if (name == null) {
                ((ArrayNode) node).set(at, other);
            } else {
                ((ObjectNode) node).set(name, other);
            }
            return;
        }
    }

    private static JsonNode junk(SplittableRandom random) {
        return switch (random.nextInt(9)) {
            case 0 -> MAPPER.getNodeFactory().nullNode();
            case 1 -> MAPPER.getNodeFactory().numberNode(random.nextInt());
            case 2 -> MAPPER.getNodeFactory().numberNode(random.nextLong());
            case 3 -> MAPPER.getNodeFactory().numberNode(random.nextDouble() * 1e300);
            case 4 -> MAPPER.getNodeFactory().textNode("2 * (3 + 4)");
            case 5 -> MAPPER.createArrayNode();
            case 6 -> MAPPER.createObjectNode().put("a", 1);
            case 7 -> nested(random.nextInt(1, 6));
            default -> MAPPER.getNodeFactory().booleanNode(random.nextBoolean());
        };
    }

    private static JsonNode nested(int depth) {
        ArrayNode node = MAPPER.createArrayNode();
        for (int i = 1; i < depth; i++) {
            node = MAPPER.createArrayNode().add(node);
        }
        return node;
    }

    private static ObjectNode configuration(ObjectNode plans) {
        return (ObjectNode) plans.at("/configurations/3d_fullres");
    }

    private static ObjectNode architecture(ObjectNode plans) {
        return (ObjectNode) configuration(plans).get("architecture");
    }

    private static ObjectNode arguments(ObjectNode plans) {
        return (ObjectNode) architecture(plans).get("arch_kwargs");
    }

    private static void set(ObjectNode plans, String list, int index, Object value) {
        ArrayNode node = (ArrayNode) configuration(plans).at(list);
        JsonNode element = MAPPER.valueToTree(value);
        if (index < node.size()) {
            node.set(index, element);
        } else {
            node.add(element);
        }
    }

    private void copy(Path model, Consumer<ObjectNode> change) throws IOException {
        copy(model, folder, change);
    }

    private static void copy(Path model, Path to, Consumer<ObjectNode> change) throws IOException {
        Files.copy(model.resolve("dataset.json"), to.resolve("dataset.json"));
        for (String fold : List.of("fold_0", "fold_1")) {
            if (!Files.exists(model.resolve(fold))) {
                continue;
            }
            Files.createDirectory(to.resolve(fold));
            Files.copy(model.resolve(fold).resolve(CHECKPOINT), to.resolve(fold).resolve(CHECKPOINT));
        }
        ObjectNode plans =
                (ObjectNode) MAPPER.readTree(model.resolve("plans.json").toFile());
        change.accept(plans);
        MAPPER.writeValue(to.resolve("plans.json").toFile(), plans);
    }

    private void edit(String name, Consumer<ObjectNode> change) throws IOException {
        Path file = folder.resolve(name);
        ObjectNode node = (ObjectNode) MAPPER.readTree(file.toFile());
        change.accept(node);
        MAPPER.writeValue(file.toFile(), node);
    }

    private void refused(String problem) {
        assertMessage(problem, () -> ModelFolder.read(folder, null, List.of()));
    }

    private static void assertMessage(String problem, org.junit.jupiter.api.function.Executable reading) {
        IOException e = assertThrows(IOException.class, reading);
        assertTrue(e instanceof PlansException || e instanceof WeightsException, e.toString());
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }
}
