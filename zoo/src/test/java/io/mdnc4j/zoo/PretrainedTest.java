package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.zoo.PretrainedType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pretrained models from disk, from a server of our own, and from resources. */
class PretrainedTest {
    private static final PretrainedType TYPE = PretrainedType.SEGMENT;

    @TempDir
    Path folder;

    private ComputationGraph network;
    private byte[] bytes;
    private String sha256;
    private HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();

    /** How the server answers. */
    private enum Answer {
        WHOLE(null),
        ALTERED("SHA-256"),
        BREAKING_OFF("broke off"),
        /** Without its length, so that only the contents tell. */
        SHORT("SHA-256"),
        MISSING("404"),
        FAILING("500"),
        ELSEWHERE("register that location"),
        HUGE("which no model has");

        private final String problem;

        Answer(String problem) {
            this.problem = problem;
        }

        String path() {
            return "/" + name().toLowerCase(java.util.Locale.ROOT) + "/model.zip";
        }
    }

    @BeforeEach
    void start() throws Exception {
        network = ConvAutoEncoder.builder()
                .inputShape(1, 16)
                .channel(2)
                .layers(1, 1)
                .build()
                .init();
        Path file = folder.resolve("model.zip");
        ModelFiles.write(
                network, new ModelDescription("conv.ae1d", null, null, null, null, "mV", null, null, null), file);
        bytes = Files.readAllBytes(file);
        sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        DL4JResources.setBaseDirectory(
                Files.createDirectory(folder.resolve("downloads")).toFile());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (Answer answer : Answer.values()) {
            server.createContext(answer.path(), exchange -> answer(answer, exchange));
        }
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        DL4JResources.resetBaseDirectoryLocation();
    }

    private void answer(Answer answer, HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange;
                OutputStream out = exchange.getResponseBody()) {
            switch (answer) {
                case WHOLE -> send(exchange, out, bytes, bytes.length);
                case ALTERED -> {
                    byte[] altered = bytes.clone();
                    altered[altered.length / 2] ^= 1;
                    send(exchange, out, altered, altered.length);
                }
                case BREAKING_OFF -> send(exchange, out, Arrays.copyOf(bytes, bytes.length / 2), bytes.length);
                case SHORT -> send(exchange, out, Arrays.copyOf(bytes, bytes.length / 2), 0);
                // without the bytes, which nobody waits for
                case HUGE -> send(exchange, out, new byte[1], 5L << 30);
                case MISSING -> exchange.sendResponseHeaders(404, -1);
                case FAILING -> exchange.sendResponseHeaders(500, -1);
                case ELSEWHERE -> {
                    exchange.getResponseHeaders().add("Location", "https://localhost/model.zip");
                    exchange.sendResponseHeaders(302, -1);
                }
            }
        }
    }

    private static void send(HttpExchange exchange, OutputStream out, byte[] body, long stated) throws IOException {
        exchange.sendResponseHeaders(200, stated);
        out.write(body);
        out.flush();
    }

    private URI location(Answer answer) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + answer.path());
    }

    private ConvAutoEncoder registered(URI location, String sha256) {
        return ConvAutoEncoder.builder().pretrained(TYPE, location, sha256).build();
    }

    private List<Path> downloads() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("downloads"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void downloadsAreVerifiedAndKept() throws IOException {
        ConvAutoEncoder model = registered(location(Answer.WHOLE), sha256);
        assertTrue(model.pretrainedAvailable(TYPE));
        assertEquals(location(Answer.WHOLE).toString(), model.pretrainedUrl(TYPE));
        assertEquals(network.params(), model.initPretrained(TYPE).params());
        assertEquals(network.params(), model.initPretrained().params());
        assertEquals(1, requests.get(), "the second time from disk");
        assertEquals(1, downloads().size());
        assertArrayEquals(bytes, Files.readAllBytes(downloads().get(0)));

        // a kept file that was changed is neither used nor deleted nor replaced
        Path kept = downloads().get(0);
        Files.write(kept, new byte[] {1, 2, 3});
        IOException e = assertThrows(IOException.class, () -> model.initPretrained(TYPE));
        assertTrue(e.getMessage().contains(kept.toString()) && e.getMessage().contains("SHA-256"), e.getMessage());
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(kept));
        assertEquals(1, requests.get());
    }

    @ParameterizedTest
    @EnumSource(value = Answer.class, mode = EnumSource.Mode.EXCLUDE, names = "WHOLE")
    void badAnswersLeaveNothing(Answer answer) throws IOException {
        ConvAutoEncoder model = registered(location(answer), sha256);
        IOException e = assertThrows(IOException.class, () -> model.initPretrained(TYPE));
        assertTrue(
                e.getMessage().contains(location(answer).toString())
                        && e.getMessage().contains(answer.problem),
                e.getMessage());
        assertEquals(List.of(), downloads());
    }

    /** One that broke off, or whose process was killed, is no obstacle to the next. */
    @Test
    void interruptedDownloadsAreRepeated() throws IOException {
        assertThrows(
                IOException.class,
                () -> registered(location(Answer.BREAKING_OFF), sha256).initPretrained(TYPE));
        Path zoo = folder.resolve("downloads");
        Files.write(zoo.resolve("." + sha256 + ".zip.1.tmp"), Arrays.copyOf(bytes, 100));
        ConvAutoEncoder model = registered(location(Answer.WHOLE), sha256);
        assertEquals(network.params(), model.initPretrained(TYPE).params());
        assertEquals(2, requests.get());
        assertArrayEquals(
                bytes,
                Files.readAllBytes(downloads().stream()
                        .filter(file -> !AtomicFile.isTemporary(file))
                        .findAny()
                        .orElseThrow()));
    }

    @Test
    void nobodyListens() {
        server.stop(0);
        IOException e = assertThrows(
                IOException.class,
                () -> registered(location(Answer.WHOLE), sha256).initPretrained(TYPE));
        assertTrue(e.getMessage().contains(location(Answer.WHOLE).toString()), e.getMessage());
    }

    @Test
    void filesAreVerifiedAndNeverDeleted() throws IOException {
        Path file = folder.resolve("model.zip");
        ConvAutoEncoder model = ConvAutoEncoder.builder()
                .pretrained(PretrainedType.SEGMENT, file.toUri(), sha256.toUpperCase(java.util.Locale.ROOT))
                .pretrained(PretrainedType.MNIST, file.toUri(), "0".repeat(64))
                .build();
        assertEquals(
                network.params(), model.initPretrained(PretrainedType.SEGMENT).params());
        IOException e = assertThrows(IOException.class, () -> model.initPretrained(PretrainedType.MNIST));
        assertTrue(e.getMessage().contains("SHA-256"), e.getMessage());
        assertArrayEquals(bytes, Files.readAllBytes(file));
        assertEquals(List.of(), downloads());
        assertEquals(
                "mV",
                Pretrained.at(file.toUri(), sha256)
                        .read(ModelFiles::description)
                        .orElseThrow()
                        .unit());
        URI missing = folder.resolve("missing.zip").toUri();
        assertThrows(IOException.class, () -> registered(missing, sha256).initPretrained(TYPE));
    }

    @Test
    void whatIsNotThereIsSaid() {
        ConvAutoEncoder none = ConvAutoEncoder.builder().build();
        assertFalse(none.pretrainedAvailable(PretrainedType.VGGFACE));
        assertNull(none.pretrainedUrl(PretrainedType.VGGFACE));
        assertThrows(UnsupportedOperationException.class, () -> none.initPretrained(PretrainedType.VGGFACE));
        assertThrows(IllegalArgumentException.class, () -> registered(URI.create("ftp://a/b"), sha256));
        assertThrows(IllegalArgumentException.class, () -> registered(URI.create("model.zip"), sha256));
        assertThrows(IllegalArgumentException.class, () -> registered(folder.toUri(), "abc"));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> NetworkModel.initPretrained("nonsense"));
        assertTrue(e.getMessage().contains("nonsense"), e.getMessage());
    }

    /** Every row that is shipped loads. */
    @Test
    void shippedModelsLoad() throws IOException {
        for (String name : Pretrained.names()) {
            assertNotNull(NetworkModel.initPretrained(name), name);
            assertTrue(Pretrained.named(name).read(ModelFiles::description).isPresent(), name);
        }
    }

    @Test
    void modelsAmongTheResourcesAreFoundByNameAndKind() throws Exception {
        String resource = "models-0.1/conv.ae2d-conv.zip";
        Path file = Path.of(PretrainedTest.class.getResource(resource).toURI());
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        ShippedModels table = new ShippedModels(
                new ShippedModels.Row("fixture", "conv.ae2d", PretrainedType.MNIST, resource, hash),
                new ShippedModels.Row("changed", "conv.ae2d", null, resource, sha256));
        assertEquals(List.of("fixture", "changed"), table.names());
        assertEquals(
                ModelFiles.read(file).params(), table.named("Fixture").load().params());
        assertTrue(table.of("conv.ae2d", PretrainedType.MNIST).isPresent());
        assertFalse(table.of("conv.ae1d", PretrainedType.MNIST).isPresent());
        assertThrows(IOException.class, () -> table.named("changed").load());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> table.named("x"));
        assertTrue(e.getMessage().contains("fixture, changed"), e.getMessage());
    }

    private static final Duration HOUR = Duration.ofHours(1);

    /** Serves one connection: what is given, then one byte after the other for as long as somebody reads. */
    private static ServerSocket dripping(String start) throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            try (socket;
                    Socket client = socket.accept();
                    OutputStream out = client.getOutputStream()) {
                out.write(start.getBytes(StandardCharsets.US_ASCII));
                while (true) {
                    out.write('x');
                    out.flush();
                    Thread.sleep(5);
                }
            } catch (IOException | InterruptedException e) {
                // the client has gone, as it should
            }
        });
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    static Stream<Arguments> drips() {
        String body = "HTTP/1.1 200 OK\r\n\r\n";
        Pretrained.Limits time = new Pretrained.Limits(1 << 20, Duration.ofMillis(300), HOUR, 1);
        Pretrained.Limits rate = new Pretrained.Limits(1 << 20, HOUR, Duration.ofMillis(200), 1 << 20);
        Pretrained.Limits size = new Pretrained.Limits(100, HOUR, HOUR, 1);
        return Stream.of(
                Arguments.of("bytes a second", body, rate),
                Arguments.of("takes more than", body, time),
                Arguments.of("takes more than", "HTTP/1.1 200 OK\r\nX: ", time),
                Arguments.of("more than 100 bytes", body, size));
    }

    @ParameterizedTest
    @MethodSource("drips")
    void serversThatKeepOneWaiting(String problem, String start, Pretrained.Limits limits) throws IOException {
        try (ServerSocket socket = dripping(start)) {
            URI slow = URI.create("http://localhost:" + socket.getLocalPort() + "/model.zip");
            IOException e = assertThrows(
                    IOException.class,
                    () -> Pretrained.at(slow, sha256).within(limits).load());
            assertTrue(e.getMessage().contains(problem), e.getMessage());
            assertEquals(List.of(), downloads());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file://host/model.zip",
                "file://host",
                "file:model.zip",
                "file:///model.zip?a=b",
                "http:a",
                "https:///a"
            })
    void locationsThatLeadElsewhere(String location) {
        ArgumentException e = assertThrows(ArgumentException.class, () -> Pretrained.at(URI.create(location), sha256));
        assertEquals("location", e.argument());
    }

    @Test
    void temporaryFolders() throws IOException {
        String usual =
                System.setProperty("java.io.tmpdir", folder.resolve("absent").toString());
        try {
            URI file = folder.resolve("model.zip").toUri();
            IOException e = assertThrows(
                    IOException.class, () -> Pretrained.at(file, sha256).load());
            assertTrue(e.getMessage().contains("java.io.tmpdir"), e.getMessage());
            assertFalse(e.getMessage().contains("no such file"), e.getMessage());
        } finally {
            System.setProperty("java.io.tmpdir", usual);
        }
    }

    /** No file may become larger than 512 bytes: what cannot be written is not a fault of what is read. */
    @Test
    void fullTemporaryFolders() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        Path file = Files.write(folder.resolve("large"), new byte[100_000]);
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -f 1; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Copying.class.getName(),
                        file.toUri().toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(said.contains("no copy can be made in " + folder) && said.contains("make room"), said);
        assertFalse(said.contains("cannot be read"), said);
    }

    /** Says why there is no copy. */
    static final class Copying {
        public static void main(String[] args) {
            try {
                Pretrained.at(URI.create(args[0]), "0".repeat(64)).read(copy -> 1);
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void programsThatEndLeaveNoTemporaryFile() throws Exception {
        try (ServerSocket socket = dripping("HTTP/1.1 200 OK\r\n\r\n")) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Ending.class.getName(),
                            folder.resolve("downloads").toString(),
                            "http://localhost:" + socket.getLocalPort() + "/model.zip")
                    .inheritIO()
                    .start();
            assertEquals(0, process.waitFor());
            assertEquals(List.of(), downloads());
        }
    }

    /** Ends in the middle of a download. */
    static final class Ending {
        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            DL4JResources.setBaseDirectory(folder.toFile());
            Thread thread = new Thread(() -> {
                try {
                    Pretrained.at(URI.create(args[1]), "0".repeat(64)).load();
                } catch (IOException e) {
                    System.exit(3);
                }
            });
            thread.setDaemon(true);
            thread.start();
            while (true) {
                try (Stream<Path> files = Files.walk(folder)) {
                    if (files.anyMatch(AtomicFile::isTemporary)) {
                        System.exit(0);
                    }
                }
                Thread.sleep(5);
            }
        }
    }
}
