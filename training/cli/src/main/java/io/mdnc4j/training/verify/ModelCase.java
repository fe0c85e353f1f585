package io.mdnc4j.training.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.FilePredictions;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.zoo.nnunet.ModelFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A model folder of nnU-Net with images and what nnU-Net made of them: {@code reference.json}, and in {@code case_N}
 * {@code image_CCCC.nii.gz}, {@code segmentation.nii.gz} and {@code probabilities.npy}.
 *
 * @param differing voxels whose class is another one
 * @param allowed as many voxels as are near a tie
 * @param voxels of the image
 * @param error largest difference of a probability
 * @param grid whether the result lies where nnU-Net's does
 */
record ModelCase(int differing, int allowed, int voxels, double error, boolean grid) {
    /** What a folder of a case has. */
    static final String RESULT = "segmentation.nii.gz";

    private static final String REFERENCE = "reference.json";
    private static final double TOLERANCE = 0.01;

    /** Bytes of a NumPy file, version 1, before the text of its header; the last two are its length. */
    private static final int HEADER = 10;

    private static final int HALF_FRACTION = 10;

    /** The smallest half is 2 to minus that. */
    private static final int HALF_LEAST = 24;

    /** Whether a folder is a case. */
    static boolean is(Path folder) {
        Path model = folder.toAbsolutePath().normalize().getParent();
        return model != null
                && Files.isRegularFile(folder.resolve(RESULT))
                && Files.isRegularFile(model.resolve(REFERENCE))
                && ModelFolder.is(model);
    }

    /**
     * Imports the model, predicts the images of a case, and compares.
     *
     * @throws DataException if a file cannot be read
     * @throws IOException if the model cannot be read
     */
    static ModelCase run(Path folder) throws IOException {
        Path model = folder.toAbsolutePath().normalize().getParent();
        int allowed = allowed(model.resolve(REFERENCE), folder);
        Path temporary = Files.createTempDirectory("mdnc4j-verify");
        try {
            Path file = temporary.resolve("model.zip");
            ModelFolder.read(model, null, List.of()).write(file);
            try (Predictor predictor = Predictor.read(file);
                    Stream<Path> files = Files.list(folder)) {
                List<Path> images = files.filter(predictor::isInput).sorted().toList();
                FilePredictions.builder(predictor)
                        .folder(temporary)
                        .probabilities(true)
                        .build()
                        .write(images);
            }
            StoredArray mask = ArrayFiles.read(temporary.resolve("image.nii.gz"));
            StoredArray expected = ArrayFiles.read(folder.resolve(RESULT));
            return new ModelCase(
                    differing(mask, expected),
                    allowed,
                    (int) expected.values().length(),
                    error(temporary, folder),
                    mask.grid().equals(expected.grid()));
        } finally {
            try (Stream<Path> all = Files.walk(temporary)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static int allowed(Path reference, Path folder) throws IOException {
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        for (JsonNode one : new ObjectMapper().readTree(reference.toFile()).path("cases")) {
            if (name.equals("case_" + one.path("case").asText())) {
                return one.path("voxels_within_0_01_of_a_tie").asInt();
            }
        }
        throw new DataException(reference + ": has no case of " + name + "; check that the folder is whole");
    }

    private static int differing(StoredArray mask, StoredArray expected) {
        double[] own = OnHeap.doubles(mask.values());
        double[] theirs = OnHeap.doubles(expected.values());
        int differing = Math.abs(own.length - theirs.length);
        for (int i = 0; i < Math.min(own.length, theirs.length); i++) {
            differing += own[i] == theirs[i] ? 0 : 1;
        }
        return differing;
    }

    private static double error(Path results, Path folder) throws IOException {
        double[] own = OnHeap.doubles(
                ArrayFiles.read(results.resolve("image-probabilities.nii.gz")).withDimensions(3));
        double[] theirs = halves(folder.resolve("probabilities.npy"));
        double error = own.length == theirs.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(own.length, theirs.length); i++) {
            double difference = Math.abs(own[i] - theirs[i]);
            error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(error, difference);
        }
        return error;
    }

    /** The numbers of half precision of a NumPy file. */
    private static double[] halves(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int start = bytes.limit() < HEADER ? 0 : HEADER + Short.toUnsignedInt(bytes.getShort(HEADER - Short.BYTES));
        String header = new String(bytes.array(), 0, Math.min(start, bytes.limit()), StandardCharsets.ISO_8859_1);
        if (!header.contains("'<f2'") || !header.contains("'fortran_order': False")) {
            throw new DataException(file + ": is no NumPy array of half precision; check that the file is whole");
        }
        double[] values = new double[(bytes.limit() - start) / Short.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = probability(bytes.getShort(start + i * Short.BYTES));
        }
        return values;
    }

    /** A number from 0 to 1; NaN for all others. */
    private static double probability(short half) {
        int exponent = half >> HALF_FRACTION;
        int fraction = half & (1 << HALF_FRACTION) - 1;
        double value = exponent == 0
                ? Math.scalb((double) fraction, -HALF_LEAST)
                : Math.scalb((double) (1 << HALF_FRACTION | fraction), exponent - 1 - HALF_LEAST);
        return exponent < 0 || value > 1 ? Double.NaN : value;
    }

    boolean passes() {
        return differing <= allowed && error <= TOLERANCE && grid;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d of %d voxels differ, %d near a tie; probabilities differ by %.2g%s",
                differing,
                voxels,
                allowed,
                error,
                grid ? "" : "; another grid");
    }
}
