package io.mdnc4j.training.fuzz;

import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelFiles;
import io.mdnc4j.zoo.ResAutoEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Small files that are right, of every kind. */
final class Seeds {
    /** Of this process, and gone with it. */
    static final Path FOLDER = folder();

    private static final Path REFERENCE = Path.of(System.getProperty("reference.dir"), "checkpoints");

    private Seeds() {}

    private static final String RDF = """
            format_version: 0.5.4
            type: model
            inputs:
            - id: raw
              axes:
              - type: batch
              - {type: channel, channel_names: [grey]}
              - {type: space, id: y, unit: micrometer, scale: 0.5, size: {min: 16, step: 16}}
              - {type: space, id: x, size: 80}
              preprocessing:
              - id: zero_mean_unit_variance
                kwargs: {axes: [y, x], eps: 1.0e-06}
            outputs:
            - id: mask
              axes:
              - type: batch
              - {type: channel, channel_names: [outside, nucleus]}
              - {type: space, id: y, halo: 16, size: {tensor_id: raw, axis_id: y}}
              - {type: space, id: x, size: {tensor_id: raw, axis_id: x}}
              postprocessing:
              - {id: softmax, kwargs: {axis: channel}}
            weights:
              pytorch_state_dict: {source: weights.pt, architecture: {callable: UNet}}
            """;

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("mdnc4j-fuzz");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<byte[]> of(FuzzTarget target, Place place) throws IOException {
        return switch (target) {
            case NIFTI -> List.of(array(".nii", 3, 4, 5), array(".nii.gz", 2, 3, 4, 5));
            case NPY -> List.of(array(".npy", 7), array(".npy", 2, 3, 4));
            case NPZ -> List.of(array(".npz", 3, 4));
            // the rest, with chunks and filters, lies with the inputs
            case HDF5 -> List.of(array(".h5", 3, 4));
            case TABLE -> List.of(array(".csv", 2, 9), array(".csv.gz", 1, 20), text("a,\"b\n\"\n1,2e3\r\n-3,\"4\"\n"));
            case IMAGE ->
                List.of(
                        array(".png", 3, 5, 6),
                        array(".jpg", 1, 9, 8),
                        array(".tif", 1, 4, 5),
                        array(".tif", 1, 3, 4, 5),
                        image("png", BufferedImage.TYPE_BYTE_INDEXED),
                        image("png", BufferedImage.TYPE_BYTE_BINARY),
                        image("jpg", BufferedImage.TYPE_INT_RGB));
            case WAVE -> List.of(array(".wav", 1, 30), array(".wav", 2, 20));
            case LIST ->
                List.of(
                        text("input,target,part,group\na.png,b.png,train,1\n\"c\",d.png,test,2\n"),
                        text("input,class\na,b\n"));
            case SAFETENSORS -> reference(".safetensors");
            case TORCH -> reference(".pth");
            case MODEL -> List.of(model());
            case PICKLE, CONFIGURATION, PARAMETERS, DESCRIPTION, RDF, STATE -> List.of(place.right());
            case HISTORY -> List.of(RunFiles.history());
            case OPTIONS ->
                List.of(
                        text("{\"layers\": [1, 2], \"channel\": 4, \"kernel_size\": [3], \"batch\": 2}"),
                        text(
                                "{\"block\": \"bottleneck\", \"normalization\": \"none\", \"format\": \"json\", \"seed\": 1}"));
            case SPACE ->
                List.of(
                        text("{\"channel\": {\"min\": 4, \"max\": 32, \"scale\": \"log\"}, \"updater\": \"adam\"}"),
                        text("{\"kernel_size\": [3, 5], \"weight_decay\": {\"min\": 0, \"max\": 1e-3}}"));
            case DOWNLOAD ->
                List.of(
                        text("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"),
                        text("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"),
                        text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
        };
    }

    /** A small network, one of a few kilobytes. */
    static ComputationGraph network() {
        return ResAutoEncoder.builder()
                .inputShape(1, 16)
                .outPlanes(1)
                .channel(2)
                .layers(1, 1)
                .build()
                .init();
    }

    static byte[] model() throws IOException {
        Path file = FOLDER.resolve("model.zip");
        if (!Files.exists(file)) {
            ModelDescription description = new ModelDescription(
                    "resnet.ae1d",
                    "denoising",
                    List.of(1L, 16L),
                    new ModelDescription.Normalization(
                            ModelDescription.Normalization.By.SET, List.of(0.5), List.of(2.0), true),
                    List.of(),
                    "mV",
                    360.0,
                    List.of(),
                    Map.of("data", "wave"));
            ModelFiles.write(network(), description, file);
        }
        return Files.readAllBytes(file);
    }

    static byte[] torch() throws IOException {
        return Files.readAllBytes(REFERENCE.resolve("ckpt-resnet-UNet3d").resolve("weights.pth"));
    }

    static byte[] packaged() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("rdf.yaml"));
            zip.write(RDF.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("weights.pt"));
            zip.write(torch());
        }
        return bytes.toByteArray();
    }

    private static List<byte[]> reference(String suffix) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String folder : List.of("layouts", "ckpt-resnet-UNet3d")) {
            try (Stream<Path> paths = Files.list(REFERENCE.resolve(folder))) {
                for (Path path : paths.filter(file -> file.toString().endsWith(suffix))
                        .sorted()
                        .toList()) {
                    files.add(Files.readAllBytes(path));
                }
            }
        }
        return files;
    }

    private static byte[] array(String suffix, long... shape) throws IOException {
        Path file = FOLDER.resolve("seed" + suffix);
        long count = Nd4j.createUninitialized(DataType.FLOAT, shape).length();
        ArrayFiles.write(
                file,
                new StoredArray(
                        Nd4j.arange(count).castTo(DataType.FLOAT).reshape('c', shape), true, ElementType.UINT8));
        return Files.readAllBytes(file);
    }

    private static byte[] image(String format, int type) throws IOException {
        BufferedImage image = new BufferedImage(9, 7, type);
        image.setRGB(3, 4, 0xffffff);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
