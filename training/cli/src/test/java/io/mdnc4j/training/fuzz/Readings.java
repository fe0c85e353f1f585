package io.mdnc4j.training.fuzz;

import io.mdnc4j.training.arrays.Release;
import io.mdnc4j.training.cli.Main;
import io.mdnc4j.training.data.DataListing;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.predict.bioimageio.PackagedWeights;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.Pretrained;
import io.mdnc4j.zoo.weights.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.deeplearning4j.common.resources.DL4JResources;
import org.nd4j.linalg.api.buffer.DataType;

/** What is done with files from elsewhere: all that the command line does before it computes. */
final class Readings {
    private Readings() {}

    static void array(Path file) {
        Release.of(ArrayFiles.read(file).values());
    }

    static void listing(Path file) {
        if (DataListing.isList(file)) {
            DataListing.of(file, null);
        }
    }

    static void weights(Path file) throws IOException {
        Weights weights = Weights.load(file);
        for (String key : weights.tensors().keySet()) {
            Release.of(weights.read(key, DataType.FLOAT));
        }
        weights.spec();
    }

    static void model(Path file) throws IOException {
        description(file);
        ModelFiles.read(file).close();
    }

    static void description(Path file) throws IOException {
        ModelFiles.description(file);
    }

    static void packaged(Path file) throws IOException {
        try (PackagedWeights read = PackagedWeights.open(file)) {
            read.requireLike(2, 1, 2);
        }
    }

    /** A command with such options ends well, or as it does where options are wrong. */
    static void options(Path file) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code;
        try (PrintStream nothing = new PrintStream(OutputStream.nullOutputStream());
                PrintStream text = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(nothing);
            System.setErr(text);
            code = Main.run("summary", "--config", file.toString(), "resnet.ae1d", "--input", "1,64");
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        if (code != 0 && code != 2) {
            throw new AssertionError("exit code " + code + ": " + said.toString(StandardCharsets.UTF_8));
        }
    }

    /** Asks a server that answers with the bytes. */
    static void download(Path file) throws IOException {
        byte[] answer = Files.readAllBytes(file);
        DL4JResources.setBaseDirectory(Seeds.FOLDER.toFile());
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> answer(server, answer));
        try {
            URI location = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/model.zip");
            Pretrained.at(location, HexFormat.of().formatHex(new byte[32])).load();
        } finally {
            server.close();
            serving.join();
        }
    }

    /** To each who asks: the client may try again. */
    private static void answer(ServerSocket server, byte[] answer) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write(answer);
                socket.shutdownOutput();
                socket.setSoTimeout(1_000);
                // an answer that is cut off because nobody reads the question would be another
                socket.getInputStream().readNBytes(1);
            } catch (IOException e) {
                // the client has gone, or does not come any more
            }
        }
    }
}
