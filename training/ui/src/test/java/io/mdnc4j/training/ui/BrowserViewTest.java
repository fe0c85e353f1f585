package io.mdnc4j.training.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.training.run.TrainingPages;
import io.mdnc4j.training.run.TrainingView;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.ModelName;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkModel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class BrowserViewTest {
    private static final long[][] SIZES = {{16}, {16, 16}, {8, 8, 8}};
    private static final long[][] PRESET_SIZES = {{37}, {35, 33}, {33, 35, 34}};

    private TrainingPages pages;
    private Browser browser;

    @BeforeEach
    void open() throws Exception {
        pages = TrainingView.find().open(0);
        browser = new Browser(pages.address());
    }

    @AfterEach
    void close() {
        pages.close();
    }

    /** Those whose channels double; the names of the others are tested where they are made. */
    private static Stream<ModelName> names() {
        return ModelName.all().stream().filter(name -> name.family() != Family.NNUNET);
    }

    static Stream<ModelName> models() {
        return names().filter(name -> name.preset() == null);
    }

    /** @param stages number of stages, 0 for those of the preset */
    private static NetworkModel.Builder<? extends NetworkModel> builder(ModelName name, int stages) {
        NetworkModel.Builder<? extends NetworkModel> builder =
                NetworkModel.builder(name.name()).channel(2);
        if (stages > 0) {
            builder.layers(
                    Collections.nCopies(stages, 1).stream().mapToInt(n -> n).toArray());
        }
        long[] size = (stages == 0 ? PRESET_SIZES : SIZES)[name.dims().ordinal()];
        if (name.network() == Network.DECODER) {
            builder.outSize(size);
        } else {
            long[] shape =
                    LongStream.concat(LongStream.of(1), LongStream.of(size)).toArray();
            builder.inputShape(Arrays.stream(shape).mapToInt(n -> (int) n).toArray());
        }
        return builder;
    }

    private ComputationGraph shown(ModelName name, int steps) {
        NetworkModel model = builder(name, 2).build();
        ComputationGraph network = model.init();
        pages.show(network);
        INDArray input = input(model);
        INDArray target = Nd4j.rand(DataType.FLOAT, network.outputSingle(input).shape());
        for (int i = 0; i < steps; i++) {
            network.fit(new DataSet(input, target));
        }
        return network;
    }

    @SuppressWarnings("deprecation")
    private static INDArray input(NetworkModel model) {
        int[] shape = model.metaData().getInputShape()[0];
        return Nd4j.randn(
                DataType.FLOAT,
                Stream.of(new int[] {2}, shape)
                        .flatMapToInt(Arrays::stream)
                        .asLongStream()
                        .toArray());
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyNetworkIsShown(ModelName name) throws Exception {
        ComputationGraph network = shown(name, 1);
        JsonNode overview = browser.overviewWithScores();
        assertTrue(Double.isFinite(overview.at("/scores/0").asDouble()), overview.toString());

        JsonNode graph = browser.json("/train/model/graph");
        List<String> vertices = new ArrayList<>();
        graph.get("vertexNames").forEach(vertex -> vertices.add(vertex.asText()));
        List<String> types = new ArrayList<>();
        graph.get("vertexTypes").forEach(type -> types.add(type.asText()));
        assertEquals(network.getConfiguration().getVertices().size() + 1, vertices.size());
        for (String type : List.of("Convolution", "InstanceNormalization", "PReLU")) {
            int index = types.indexOf(type);
            JsonNode layer = browser.json("/train/model/data/" + index);
            JsonNode weight = layer.at("/paramHist/W/counts");
            int count = 0;
            for (JsonNode bin : weight) {
                count += bin.asInt();
            }
            assertEquals(
                    network.getLayer(vertices.get(index)).getParam("weight").length(), count, layer.toString());
            assertTrue(layer.at("/meanMag/ratios/W/0").asDouble() > 0, layer.toString());
            assertTrue(layer.at("/learningRates/lrs/W/0").asDouble() > 0, layer.toString());
        }
    }

    /** DL4J's pages take a parameter for one of every layer with whose name its own begins. */
    @Test
    void noNameBeginsWithAnother() {
        for (ModelName name : names().toList()) {
            int stages = name.preset() == null ? 2 : 0;
            Set<String> vertices =
                    builder(name, stages).build().conf().getVertices().keySet();
            for (String one : vertices) {
                assertEquals(
                        1,
                        vertices.stream().filter(other -> other.startsWith(one)).count(),
                        name + " " + one);
            }
        }
    }

    @Test
    void overviewHasSlopesAndGains() throws Exception {
        ComputationGraph network = shown(ModelName.parse("conv.unet2d"), 2);
        JsonNode overview = browser.overviewWithScores();
        int parameters = 0;
        for (String key : network.paramTable().keySet()) {
            if (key.endsWith("_weight")) {
                String shown = key.replaceAll("weight$", "W");
                assertTrue(overview.get("updateRatios").has(shown), shown);
                assertTrue(overview.get("stdevGradients").has(shown), shown);
                parameters++;
            }
        }
        assertEquals(parameters, overview.get("updateRatios").size());
        assertEquals("" + network.numParams(), overview.at("/model/2/1").asText());
    }

    /** A rectifier may write over what a normalisation has found, which has deviation 1 where gains are 1 as at the start. */
    @Test
    void activationsAreThoseOfTheirVertices() throws Exception {
        ComputationGraph network = shown(ModelName.parse("resnet.ae1d"), 1);
        JsonNode activations = browser.overviewWithScores().get("stdevActivations");
        assertTrue(activations.has("conv_down_list.0.conv_scale.conv1.1"), activations.toString());
        List<String> normalizations = Arrays.stream(network.getLayers())
                .map(Layer::conf)
                .map(NeuralNetConfiguration::getLayer)
                .filter(InstanceNormalization.class::isInstance)
                .map(org.deeplearning4j.nn.conf.layers.Layer::getLayerName)
                .toList();
        assertFalse(normalizations.isEmpty());
        for (String name : normalizations) {
            if (activations.has(name)) {
                assertEquals(1, activations.get(name).get(0).asDouble(), 0.05, name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/train/overview", "/train/model", "/train/system"})
    void pagesHaveAllThatTheyLoad(String path) throws Exception {
        String page = browser.text(path);
        Matcher link = Pattern.compile("(?:src|href)=\"(/[^\"]*)\"").matcher(page);
        int links = 0;
        while (link.find()) {
            assertEquals(200, browser.get(link.group(1)).statusCode(), link.group(1));
            links++;
        }
        assertTrue(links > 10, page);
        assertFalse(page.contains("${"), page);
        assertTrue(page.contains("<style>"), page);
    }

    @Test
    void systemPageHasMemory() throws Exception {
        shown(ModelName.parse("resnet.encoder1d"), 1);
        browser.overviewWithScores();
        JsonNode system = browser.json("/train/system/data");
        assertTrue(system.at("/memory/0/currentBytes/1").asLong() > 0, system.toString());
        assertEquals("CPU", system.at("/software/0/5/1").asText());
    }

    @Test
    void languagesAreThoseThatThereAre() throws Exception {
        try {
            assertEquals(200, browser.post("/setlang/de"));
            assertTrue(browser.text("/train/overview").contains("Übersicht"));
            browser.post("/setlang/xx");
            assertTrue(browser.text("/train/overview").contains("Übersicht"));
        } finally {
            browser.post("/setlang/en");
        }
    }

    @Test
    void onlyPagesAndWhatTheyLoadAreServed() throws Exception {
        assertEquals(200, browser.get("/").statusCode());
        for (String path : List.of(
                "/assets/../META-INF/MANIFEST.MF",
                "/assets/%2e%2e/META-INF/MANIFEST.MF",
                "/assets/webjars/../../MANIFEST.MF",
                "/assets/webjars/%2e%2e%2f..%2fMANIFEST.MF",
                "/assets/",
                "/tsne/upload",
                "/remoteReceive")) {
            assertEquals(404, browser.get(path).statusCode(), path);
        }
    }

    /** A page from elsewhere whose name was made to point here asks under that name. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:PORT", "localhost.evil.example", "192.168.0.1:PORT", ""})
    void otherNamesAreNotServed(String host) throws IOException {
        assertEquals(403, statusFor(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:PORT", "127.0.0.1:PORT", "[::1]:PORT", "LOCALHOST:PORT", "localhost:8123"})
    void namesOfThisMachineAreServed(String host) throws IOException {
        // with the token, which is answered by the way to the pages
        assertEquals(303, statusFor(host));
    }

    /** The status of the address with its token, under another name. */
    private int statusFor(String host) throws IOException {
        URI address = URI.create(pages.address());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            String request = "GET /?" + address.getQuery() + " HTTP/1.1\r\nHost: "
                    + host.replace("PORT", "" + address.getPort()) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String status = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(status.split(" ")[1]);
        }
    }

    @Test
    void nothingIsServedWithoutTheToken() throws Exception {
        String address = pages.address().replaceAll("\\?.*", "");
        for (String path : List.of(
                "",
                "train/overview",
                "train/overview/data",
                "train/sessions/info",
                "assets/js/train/train.js",
                "?token=",
                "?token=00000000000000000000000000000000")) {
            assertEquals(403, Browser.stranger(address + path).statusCode(), path);
        }
        assertEquals(303, Browser.stranger(pages.address()).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/setlang/en", "/train/sessions/set/x", "/train/workers/setByIdx/0"})
    void onlyThePagesThemselvesChangeSomething(String path) throws Exception {
        assertEquals(405, browser.get(path).statusCode());
        assertEquals(403, browser.post(path, null));
        assertEquals(403, browser.post(path, "null"));
        assertEquals(403, browser.post(path, "http://evil.example"));
        assertTrue(browser.text("/train/overview").contains("ajaxPrefilter"));
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        shown(ModelName.parse("resnet.encoder1d"), 1);
        browser.overviewWithScores();
        for (String vertex : List.of("x", "-1", "1e3", "99999999999", "99999", "%00")) {
            assertEquals(404, browser.get("/train/model/data/" + vertex).statusCode(), vertex);
        }
        assertEquals(404, browser.post("/train/workers/setByIdx/x"));
        for (String session : List.of("x", "%00")) {
            int status = browser.post("/train/sessions/set/" + session);
            assertTrue(status < 500, session + ": " + status);
        }
        assertEquals(200, browser.get("/train/overview/data").statusCode());
        assertEquals(200, browser.get("/train/model/data/0").statusCode());
    }

    @Test
    void otherMachinesAreNotServed() throws IOException {
        int port = URI.create(pages.address()).getPort();
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        for (InetAddress address : others) {
            assertThrows(ConnectException.class, () -> new Socket(address, port).close(), address.toString());
        }
    }
}
