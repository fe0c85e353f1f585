package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.zoo.weights.Mutations;
import io.mdnc4j.zoo.weights.Weights;
import io.mdnc4j.zoo.weights.WeightsException;
import io.mdnc4j.zoo.weights.Zips;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.distribution.Distribution;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.variational.ReconstructionDistribution;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.embeddings.EmbeddingInitializer;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Model files made to do harm, or damaged. */
@Timeout(1200) // only against endless loops
class HostileModelFilesTest {
    private static final String CONFIGURATION = ModelSerializer.CONFIGURATION_JSON;

    @TempDir
    Path folder;

    private ComputationGraph network;
    private Path good;

    @BeforeEach
    void writeOne() throws IOException {
        network = model(2).init();
        network.fit(new DataSet(Nd4j.rand(2, 1, 8), Nd4j.rand(2, 1, 8)));
        good = folder.resolve("good.zip");
        ModelFiles.write(network, good, Map.of("note", "{}"));
    }

    private static NetworkModel model(int channel) {
        return NetworkModel.builder("conv.ae1d")
                .channel(channel)
                .layers(1, 1)
                .inputShape(1, 8)
                .build();
    }

    private Path changed(String entry, UnaryOperator<byte[]> change) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(Zips.read(good));
        entries.put(entry, change.apply(entries.get(entry)));
        return Zips.write(folder.resolve("changed.zip"), entries);
    }

    private static byte[] replace(byte[] text, String from, String to) {
        String old = new String(text, StandardCharsets.UTF_8);
        assertTrue(old.contains(from), from);
        return old.replace(from, to).getBytes(StandardCharsets.UTF_8);
    }

    private static void refused(String problem, Path file) {
        ModelFileException e = assertThrows(ModelFileException.class, () -> ModelFiles.read(file));
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }

    @Test
    void ourFilesAndDl4jsAreTheSame() throws IOException {
        ComputationGraph theirs = ModelSerializer.restoreComputationGraph(good.toFile(), true);
        assertEquals(network.params(), theirs.params());
        assertEquals(
                network.getUpdater().getStateViewArray(), theirs.getUpdater().getStateViewArray());
        Path written = folder.resolve("theirs.zip");
        ModelSerializer.writeModel(network, written.toFile(), true);
        ComputationGraph ours = ModelFiles.read(written);
        assertEquals(network.params(), ours.params());
        assertEquals(network.getUpdater().getStateViewArray(), ours.getUpdater().getStateViewArray());
        assertEquals("{}", ModelFiles.readNote(good, "note"));
        assertThrows(ModelFileException.class, () -> ModelFiles.readNote(good, "absent"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"preprocessor.bin", "normalizer.bin", "other"})
    void serialisedObjects(String entry) throws IOException {
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(object)) {
            out.writeObject(new Trap());
        }
        refused("Java objects", changed(entry, old -> object.toByteArray()));
        assertEquals(0, Trap.sprung);
    }

    /** Tells when it is deserialised. */
    static final class Trap implements java.io.Serializable {
        static int sprung;

        private void readObject(java.io.ObjectInputStream in) {
            sprung++;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javax.swing.JEditorPane",
                "java.util.ArrayList",
                "org.nd4j.shade.jackson.databind.node.POJONode",
                "io.mdnc4j.blocks.conf.PReLU<javax.swing.JEditorPane>",
                "[Lio.mdnc4j.blocks.conf.PReLU;",
                "io.mdnc4jx.Evil",
                ""
            })
    void foreignClasses(String name) throws IOException {
        refused(
                "neither DL4J's nor ours",
                changed(CONFIGURATION, json -> replace(json, "io.mdnc4j.blocks.conf.PReLU", name)));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"nin\" : 2', '\"nin\" : 2000000000'",
        "'\"nin\" : 2', '\"nin\" : -2'",
        "'\"nout\" : 2', '\"nout\" : 9223372036854775807'",
        "'\"nout\" : 2', '\"nout\" : 3'"
    })
    void sizesThatDoNotMatch(String from, String to) throws IOException {
        refused("", changed(CONFIGURATION, json -> replace(json, from, to)));
    }

    @Test
    void arraysThatDoNotMatch() throws IOException {
        refused("damaged", changed(ModelSerializer.COEFFICIENTS_BIN, bytes -> Arrays.copyOf(bytes, bytes.length + 1)));
        refused("", changed(ModelSerializer.COEFFICIENTS_BIN, bytes -> Arrays.copyOf(bytes, bytes.length - 1)));
        refused("", changed(ModelSerializer.COEFFICIENTS_BIN, bytes -> new byte[0]));
        refused("", changed(ModelSerializer.UPDATER_BIN, bytes -> Arrays.copyOf(bytes, bytes.length / 2)));
        refused("no entry", Zips.write(folder.resolve("empty.zip"), Map.of("note.json", new byte[2])));
    }

    @Test
    void nestingAndSizes() throws IOException {
        refused("", changed(CONFIGURATION, json -> "[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8)));
        refused("at most", Zips.pack(folder.resolve("text.zip"), Map.of(CONFIGURATION, new byte[64 << 20])));
    }

    /** Parameters of 0 that pack to a thousandth, with a configuration that does want as many. */
    @Test
    void bomb() throws IOException {
        NetworkModel large = model(3000);
        String json = large.conf().toJson();
        long count = StateDict.shapesOf(large.spec()).values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum();
        byte[] head = Arrays.copyOf(Zips.read(good).get(ModelSerializer.COEFFICIENTS_BIN), 0x71);
        byte[] zeros = Arrays.copyOf(head, (int) (head.length + count * Float.BYTES));
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(CONFIGURATION, json.getBytes(StandardCharsets.UTF_8));
        entries.put(ModelSerializer.COEFFICIENTS_BIN, zeros);
        refused("unpacks to", Zips.pack(folder.resolve("bomb.zip"), entries));
    }

    @Test
    void damagedFiles() throws IOException {
        fuzz(400);
    }

    @Test
    @Tag("long")
    void manyDamagedFiles() throws IOException {
        fuzz(20_000);
    }

    /** Half of the files are damaged as a whole, half in one entry, with checksums that are right again. */
    private void fuzz(int count) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        byte[] whole = Files.readAllBytes(good);
        String[] names = Zips.read(good).keySet().toArray(String[]::new);
        int loaded = 0;
        for (int i = 0; i < count; i++) {
            boolean outside = i % 2 == 0;
            Path file = outside
                    ? Files.write(folder.resolve("damaged.zip"), Mutations.of(whole, random))
                    : changed(names[random.nextInt(names.length)], bytes -> Mutations.of(bytes, random));
            try {
                ComputationGraph found = ModelFiles.read(file);
                loaded++;
                if (outside) {
                    assertEquals(network.params(), found.params());
                }
            } catch (ModelFileException e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            }
        }
        assertTrue(loaded < count, "no damage was seen");
    }

    /** Says when it is initialised, which happens when Jackson loads it. */
    public static final class Loaded {
        static {
            initialised = true;
        }
    }

    /** A class of the program's, which strangers must not name either. */
    public static final class Own extends DenseLayer {
        private static final long serialVersionUID = 1;

        static {
            initialised = true;
        }
    }

    private static boolean initialised;

    private static final String LOADED = "io.mdnc4j.zoo.HostileModelFilesTest$Loaded";
    private static final ObjectMapper TREES = new ObjectMapper();

    /** A network of DL4J's own layers. */
    private static ComputationGraph stock(Layer first) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .updater(new Adam(new StepSchedule(ScheduleType.ITERATION, 0.1, 0.9, 10)))
                .graphBuilder()
                .addInputs("in")
                .addLayer("first", first, "in")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(3)
                                .nOut(2)
                                .build(),
                        "first")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    private Path stockWith(Consumer<ObjectNode> change) throws IOException {
        Layer dense = new DenseLayer.Builder()
                .nIn(4)
                .nOut(3)
                .activation(Activation.RELU)
                .weightInit(new NormalDistribution(0, 0.1))
                .build();
        ModelFiles.write(stock(dense), good);
        return changed(CONFIGURATION, bytes -> {
            try {
                ObjectNode root = (ObjectNode) TREES.readTree(bytes);
                change.accept((ObjectNode) root.at("/vertices/first/layerConf/layer"));
                return TREES.writeValueAsBytes(root);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private static ArrayNode array(String name) {
        return TREES.createArrayNode().add(name).add(TREES.createObjectNode());
    }

    static Stream<Arguments> forms() {
        Map<String, Consumer<ObjectNode>> forms = new LinkedHashMap<>();
        for (String key : new String[] {"iupdater", "activationFn", "weightInitFn", "idropout", "biasUpdater"}) {
            forms.put(key, layer -> layer.set(key, array(LOADED)));
            forms.put(key + " subtype", layer -> layer.set(key, array(Own.class.getName())));
        }
        forms.put(
                "argument of a type",
                layer -> layer.set("iupdater", array("org.nd4j.linalg.learning.config.Adam<" + LOADED + ">")));
        forms.put("array of a type", layer -> layer.set("iupdater", array("[L" + LOADED + ";")));
        forms.put("property", layer -> ((ObjectNode) layer.get("iupdater")).put("@class", LOADED));
        forms.put(
                "within a distribution",
                layer -> ((ObjectNode) layer.get("weightInitFn")).set("distribution", array(LOADED)));
        forms.put(
                "within a schedule",
                layer -> ((ObjectNode) layer.get("iupdater")).set("learningRateSchedule", array(LOADED)));
        return forms.entrySet().stream().map(form -> Arguments.of(form.getKey(), form.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void classesAreNamedInManyForms(String form, Consumer<ObjectNode> change) throws IOException {
        initialised = false;
        Path file = stockWith(change);
        assertThrows(ModelFileException.class, () -> ModelFiles.read(file));
        assertFalse(initialised, "the class was loaded");
        refused("configuration", file);
    }

    /** DL4J reads what it takes for a file from before 1.0.0-beta4 by a mapper that loads any class; here it is passed over. */
    @Test
    void distributionsOfOldFiles() throws IOException {
        initialised = false;
        ModelFiles.read(stockWith(layer -> {
            layer.remove("weightInitFn");
            layer.put("weightInit", "DISTRIBUTION").set("dist", array(LOADED));
        }));
        assertFalse(initialised, "the class was loaded");
    }

    @Test
    void layersAndVerticesAreNamedInArrays() throws IOException {
        initialised = false;
        for (String name : new String[] {LOADED, Own.class.getName()}) {
            for (String at : new String[] {"/vertices/", "/vertices/conv_first/layerConf/layer"}) {
                refused("neither DL4J's nor ours", changed(CONFIGURATION, bytes -> {
                    try {
                        ObjectNode root = (ObjectNode) TREES.readTree(bytes);
                        if (at.endsWith("layer")) {
                            ((ObjectNode) root.at("/vertices/conv_first/layerConf")).set("layer", array(name));
                        } else {
                            ((ObjectNode) root.get("vertices")).set("conv_first", array(name));
                        }
                        return TREES.writeValueAsBytes(root);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }));
            }
        }
        assertFalse(initialised, "the class was loaded");
    }

    @Test
    void theFormBeforeOnePointZeroIsRefused() throws IOException {
        refused(
                "configuration",
                stockWith(layer ->
                        layer.set("activationFn", TREES.createObjectNode().set("ReLU", TREES.createObjectNode()))));
    }

    @Test
    void ownLayersAreAllowedByName() throws IOException {
        OwnLayer layer = new OwnLayer();
        layer.setNIn(4);
        layer.setNOut(3);
        ComputationGraph graph = stock(layer);
        ModelFiles.write(graph, good);
        refused("ModelFiles.allow", good);
        ModelFiles.allow(OwnLayer.class);
        assertEquals(graph.params(), ModelFiles.read(good).params());
        assertThrows(ArgumentException.class, () -> ModelFiles.allow(Layer.class));
    }

    /** A layer as users write them. */
    public static final class OwnLayer extends DenseLayer {
        private static final long serialVersionUID = 1;
    }

    @Test
    void stockLayersLoad() throws IOException {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .updater(new Nesterovs(new MapSchedule(ScheduleType.EPOCH, new java.util.HashMap<>(Map.of(0, 0.1)))))
                .l2(0.1)
                .weightNoise(new DropConnect(0.5))
                .constrainWeights(new MaxNormConstraint(2, 1))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(8, 8, 2))
                .addLayer(
                        "conv",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(3)
                                .dropOut(new GaussianDropout(0.5))
                                .build(),
                        "in")
                .addLayer(
                        "frozen",
                        new FrozenLayer(
                                new Deconvolution2D.Builder(2, 2).nOut(3).build()),
                        "conv")
                .addLayer(
                        "norm",
                        new BatchNormalization.Builder().useLogStd(false).build(),
                        "frozen")
                .addLayer("pool", new SubsamplingLayer.Builder().build(), "norm")
                .addVertex("scaled", new ScaleVertex(2), "pool")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "pool", "scaled")
                .addLayer("all", new GlobalPoolingLayer(), "sum")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(new LossBinaryXENT(Nd4j.createFromArray(1f, 2f)))
                                .activation(Activation.SIGMOID)
                                .nOut(2)
                                .build(),
                        "all")
                .setOutputs("out")
                .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        ModelFiles.write(graph, good);
        ComputationGraph found = ModelFiles.read(good);
        // what DL4J makes of it, which forgets the constraints of frozen layers
        String json = graph.getConfiguration().toJson();
        assertEquals(
                ComputationGraphConfiguration.fromJson(json).toJson(),
                found.getConfiguration().toJson());
        assertEquals(graph.params(), found.params());
        var input = Nd4j.rand(2, 2, 8, 8);
        assertEquals(graph.outputSingle(input), found.outputSingle(input));
    }

    /** What DL4J and this project have of the kinds that configurations consist of. */
    @Test
    void theListOfClassesIsThatOfTheLibraries() throws Exception {
        List<Class<?>> kinds = List.of(
                Layer.class,
                GraphVertex.class,
                InputPreProcessor.class,
                IUpdater.class,
                ISchedule.class,
                IActivation.class,
                ILossFunction.class,
                IDropout.class,
                IWeightNoise.class,
                IWeightInit.class,
                EmbeddingInitializer.class,
                Distribution.class,
                LayerConstraint.class,
                Regularization.class,
                InputType.class,
                ReconstructionDistribution.class);
        Set<String> expected = new TreeSet<>();
        for (Class<?> inLibrary : List.of(Layer.class, IUpdater.class, PReLU.class)) {
            for (String name : classesBeside(inLibrary)) {
                Class<?> type = Class.forName(name, false, inLibrary.getClassLoader());
                boolean stored = !Modifier.isAbstract(type.getModifiers())
                        && !type.isAnonymousClass()
                        && kinds.stream().anyMatch(kind -> kind.isAssignableFrom(type));
                if (stored && !name.contains("Legacy") || name.endsWith("XavierLegacy")) {
                    expected.add(name);
                }
            }
        }
        Set<String> listed = new TreeSet<>();
        try (var lines = Files.lines(Path.of(
                HostileModelFilesTest.class.getResource("stored-classes.txt").toURI()))) {
            // losses come from a module that is not here
            lines.filter(line -> !line.startsWith("#") && !line.startsWith("io.mdnc4j.training."))
                    .forEach(listed::add);
        }
        assertEquals(String.join("\n", expected), String.join("\n", listed));
    }

    private static List<String> classesBeside(Class<?> type) throws Exception {
        Path place =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> names = new java.util.ArrayList<>();
        if (Files.isDirectory(place)) {
            try (Stream<Path> files = Files.walk(place)) {
                files.forEach(
                        file -> names.add(place.relativize(file).toString().replace(java.io.File.separatorChar, '/')));
            }
        } else {
            try (java.util.zip.ZipFile jar = new java.util.zip.ZipFile(place.toFile())) {
                jar.stream().forEach(entry -> names.add(entry.getName()));
            }
        }
        return names.stream()
                .filter(name -> name.endsWith(".class") && !name.contains("-"))
                .filter(name -> name.startsWith("org/deeplearning4j/nn/")
                        || name.startsWith("org/deeplearning4j/preprocessors/")
                        || name.startsWith("org/nd4j/linalg/")
                        || name.startsWith("io/mdnc4j/"))
                .map(name ->
                        name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                .toList();
    }

    @Test
    void networksWithoutParameters() throws IOException {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addVertex("out", new ScaleVertex(2), "in")
                .setOutputs("out")
                .build());
        graph.init();
        ModelFiles.write(graph, good, Map.of("note", "{}"));
        var input = Nd4j.rand(2, 3);
        assertEquals(graph.outputSingle(input), ModelFiles.read(good).outputSingle(input));
        assertEquals("{}", ModelFiles.readNote(good, "note"));
    }

    @Test
    void pipesAndFolders() throws Exception {
        Path pipe = folder.resolve("pipe");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        assertEquals(
                0,
                new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor());
        // against waiting for ever, no matter how long it takes
        assertTimeoutPreemptively(Duration.ofMinutes(5), () -> {
            refused("regular file", pipe);
            assertThrows(ModelFileException.class, () -> ModelFiles.description(pipe));
            WeightsException e = assertThrows(WeightsException.class, () -> Weights.load(pipe));
            assertTrue(e.getMessage().contains("regular file"), e.getMessage());
        });
        refused("folder", folder);
        refused("no such file", folder.resolve("absent.zip"));
    }

    @Test
    void largeAndOtherConfigurations() throws IOException {
        refused(
                "at most",
                changed(
                        CONFIGURATION,
                        json -> ("{\"vertices\":null" + " ".repeat(30 << 20) + "}").getBytes(StandardCharsets.UTF_8)));
        for (String text : new String[] {"{}", "null", "{\"vertices\":null}", "[]", "{\"vertices\":{\"a\":null}}"}) {
            ModelFileException e = assertThrows(
                    ModelFileException.class,
                    () -> ModelFiles.read(changed(CONFIGURATION, json -> text.getBytes(StandardCharsets.UTF_8))));
            assertFalse(e.getMessage().contains("because"), e.getMessage());
        }
        refused("lacks what", changed(CONFIGURATION, json -> replace(json, "\"vertexInputs\"", "\"other\"")));
    }

    @Test
    void controlCharactersStayOutOfMessages() throws IOException {
        String hidden = "\u001b[31m\u202e\u0007\r\n";
        for (Path file : new Path[] {
            Zips.write(folder.resolve("names.zip"), Map.of("a" + hidden + ".bin", new byte[1])),
            Zips.write(folder.resolve("format.zip"), Map.of("a\u202e.bin", new byte[1])),
            changed(CONFIGURATION, json -> replace(json, "io.mdnc4j.blocks.conf.PReLU", "\\u001b[31m\\r\\n"))
        }) {
            ModelFileException e = assertThrows(ModelFileException.class, () -> ModelFiles.read(file));
            assertFalse(e.getMessage().matches("(?s).*[\\p{Cc}\\p{Cf}].*"), e.getMessage());
            assertTrue(e.getMessage().contains("\\u"), e.getMessage());
        }
    }
}
