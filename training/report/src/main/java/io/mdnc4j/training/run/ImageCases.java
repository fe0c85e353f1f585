package io.mdnc4j.training.run;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.data.DataEntry;
import io.mdnc4j.training.data.DataListing;
import io.mdnc4j.training.data.Fingerprint;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.metrics.Assessment;
import io.mdnc4j.training.metrics.LabelMeasures;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.predict.FilePredictions;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.zoo.nnunet.Processing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Images for a model of nnU-Net and the masks that they should get, in files that are named as nnU-Net has them: channels
 * {@code head_0000.nii.gz}, {@code head_0001.nii.gz} ... and the mask {@code head.nii.gz}. They are one of
 *
 * <ul>
 *   <li>a folder of images and a folder of masks;
 *   <li>a folder with the folders {@code imagesTs} and {@code labelsTs};
 *   <li>a list, a CSV file with the columns {@code input} (one of an image's channels; the others are beside it, or one file
 *       with all) and {@code target}.
 * </ul>
 */
public final class ImageCases {
    private static final String IMAGES = "imagesTs";
    private static final String MASKS = "labelsTs";

    private final Predictor predictor;
    private final Processing processing;
    private final List<Case> cases;

    /** An image: what it is called, its channels, and its mask. */
    private record Case(String name, List<Path> channels, Path mask) {}

    private ImageCases(Predictor predictor, List<Case> cases) {
        this.predictor = predictor;
        this.processing = predictor.processing().orElseThrow();
        this.cases = cases;
    }

    /**
     * Finds the files; they are not read yet.
     *
     * @param predictor of a model of nnU-Net
     * @param data a folder or a list
     * @param targets the folder of masks; {@code null} where {@code data} has them
     * @param notes gets a line on what is left out
     * @return at least one image
     * @throws ArgumentException if the model is another one, or it is not said where masks are
     * @throws DataException if there are no images, or one has no mask
     */
    public static ImageCases of(Predictor predictor, Path data, @Nullable Path targets, Consumer<String> notes) {
        ArgumentException.require(
                predictor.processing().isPresent(),
                "model",
                predictor.description().task(),
                "use a model of nnU-Net, or the examples of a TrainingData");
        if (!Files.exists(data)) {
            throw new DataException("data: " + data
                    + " is not there; give a folder or list of images with masks, as models of nnU-Net need it");
        }
        try {
            List<Case> cases = Files.isDirectory(data)
                    ? inFolders(predictor, data, targets, notes)
                    : listed(predictor, data, targets);
            return new ImageCases(predictor, cases);
        } catch (IOException e) {
            throw new DataException("data: " + data + " cannot be listed (" + e.getMessage() + "); check the path", e);
        }
    }

    private static List<Case> inFolders(Predictor predictor, Path data, @Nullable Path targets, Consumer<String> notes)
            throws IOException {
        boolean both =
                targets == null && Files.isDirectory(data.resolve(IMAGES)) && Files.isDirectory(data.resolve(MASKS));
        ArgumentException.require(
                targets != null || both,
                "targets",
                "none given",
                "name the folder of the masks, or give data with the folders " + IMAGES + " and " + MASKS);
        Path images = both ? data.resolve(IMAGES) : data;
        Path masks = both ? data.resolve(MASKS) : Objects.requireNonNull(targets);
        if (!Files.isDirectory(masks)) {
            throw new DataException("targets: " + masks + " is no folder; name that of the masks");
        }
        Map<String, Path> byStem = new TreeMap<>();
        for (Path mask : files(masks)) {
            if (ArrayFiles.suffix(mask).isPresent()) {
                Path other = byStem.put(ArrayFiles.stem(mask), mask);
                if (other != null) {
                    throw new DataException("targets: " + mask + " and " + other + " have one name; keep one of them");
                }
            }
        }
        Map<Path, List<Path>> channels = new LinkedHashMap<>();
        List<Path> all = files(images);
        all.stream()
                .filter(predictor::isInput)
                .forEach(file -> channels.computeIfAbsent(predictor.inputName(file), name -> new ArrayList<>())
                        .add(file));
        if (channels.isEmpty()) {
            throw new DataException(
                    "data: " + images + " has no file that is named as a channel of an image for the model;"
                            + " let names end as in head_0000.nii.gz");
        }
        long used = channels.values().stream().mapToLong(List::size).sum();
        if (used < all.size()) {
            notes.accept(images + ": " + (all.size() - used) + " of " + all.size()
                    + " files are not named as channels of images for the model, and left out");
        }
        List<Case> cases = new ArrayList<>();
        channels.forEach((name, files) -> {
            Path mask = byStem.remove(ArrayFiles.stem(name));
            if (mask == null) {
                throw new DataException(files.get(0) + ": has no mask " + name.getFileName() + " in " + masks
                        + "; add it, or take the image away");
            }
            cases.add(new Case(ArrayFiles.stem(name), files, mask));
        });
        if (!byStem.isEmpty()) {
            notes.accept(masks + ": " + byStem.size() + " masks have no image, and are left out");
        }
        return cases;
    }

    private static List<Case> listed(Predictor predictor, Path data, @Nullable Path targets) throws IOException {
        ArgumentException.require(targets == null, "targets", targets, "leave it out: " + data + " is no folder");
        if (!DataListing.isList(data)) {
            throw new DataException("data: " + data
                    + " is neither a folder nor a list; give a folder of images, or a CSV file with the columns input and"
                    + " target");
        }
        List<Case> cases = new ArrayList<>();
        for (DataEntry entry : DataListing.of(data, null)) {
            Path file = entry.input().file();
            if (entry.target() == null) {
                throw new DataException(file + ": has no mask in " + data + "; name it in the column target");
            }
            List<Path> channels = new ArrayList<>(List.of(file));
            if (predictor.isInput(file)) {
                Path name = predictor.inputName(file);
                channels.clear();
                for (Path other : files(file.toAbsolutePath().getParent())) {
                    if (predictor.isInput(other)
                            && predictor.inputName(other).getFileName().equals(name.getFileName())) {
                        channels.add(other);
                    }
                }
            }
            if (channels.isEmpty() || !Files.isRegularFile(file)) {
                throw new DataException(file + ": is not there; check " + data);
            }
            cases.add(new Case(entry.name(), channels, entry.target().file()));
        }
        return cases;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> Files.isRegularFile(file)
                            && !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /**
     * What the model makes of the images, which are predicted one after the other as {@link FilePredictions} does: Dice's
     * coefficient of each class or region.
     *
     * @param strict whether an image that cannot be used is refused, not left out
     * @param notes gets a line on each that is left out
     * @return the metrics, of each image and together
     * @throws DataException if no image can be used, or, if {@code strict}, one cannot
     */
    public Assessment assess(boolean strict, Consumer<String> notes) {
        Measures measures = new LabelMeasures(processing.labels(), processing.ignored());
        Assessment assessment = new Assessment(measures);
        for (Case one : cases) {
            try {
                assessment.add(one.name(), count(measures, one));
            } catch (DataException e) {
                if (strict) {
                    throw e;
                }
                notes.accept(e.getMessage() + " (left out)");
            }
        }
        if (assessment.size() == 0) {
            throw new DataException("data: none of " + cases.size() + " images can be used, for the reasons above");
        }
        return assessment;
    }

    private double[] count(Measures measures, Case one) {
        // before hours may be spent on the image
        StoredArray mask = mask(one.mask());
        StoredArray found = predicted(one);
        requireSame(one, mask, found);
        try {
            return measures.count(volume(one, mask), volume(one, found));
        } catch (ArgumentException e) {
            throw new DataException(one.mask() + ": " + e.value() + "; " + e.remedy(), e);
        }
    }

    private StoredArray predicted(Case one) {
        try {
            Path folder = Files.createTempDirectory("mdnc4j-evaluate");
            try {
                List<Path> results = new ArrayList<>();
                FilePredictions files =
                        FilePredictions.builder(predictor).folder(folder).build();
                files.write(one.channels(), new FilePredictions.Listener() {
                    @Override
                    public void written(Path input, List<Path> written) {
                        results.add(written.get(0));
                    }
                });
                return ArrayFiles.read(results.get(0));
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary file can be written (" + e.getMessage() + ")", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static StoredArray mask(Path file) {
        StoredArray mask = ArrayFiles.read(file);
        INDArray whole = Transforms.round(mask.values(), true);
        if (!whole.equals(mask.values())) {
            throw new DataException(file + ": has numbers that are not whole; give numbers of classes");
        }
        return mask;
    }

    private void requireSame(Case one, StoredArray mask, StoredArray found) {
        long[] wanted = volume(one, mask).shape();
        long[] size = volume(one, found).shape();
        if (!Arrays.equals(wanted, size)) {
            throw new DataException(one.mask() + ": has the shape " + Arrays.toString(wanted)
                    + ", that of its image is " + Arrays.toString(size) + "; give the mask on the image's grid");
        }
        Grid own = mask.grid();
        Grid grid = found.grid();
        boolean turned = !own.orientation().isEmpty()
                && !grid.orientation().isEmpty()
                && !own.orientation().equals(grid.orientation());
        if (turned || !own.isSpacedLike(grid, axes())) {
            throw new DataException(one.mask() + ": lies on a grid of " + own + ", its image on one of " + grid
                    + "; give the mask on the image's grid");
        }
    }

    private int axes() {
        return processing.transpose().size();
    }

    private INDArray volume(Case one, StoredArray array) {
        try {
            return array.withDimensions(axes());
        } catch (DataException e) {
            throw new DataException(one.mask() + ": " + e.getMessage(), e);
        }
    }

    /** {@return SHA-256 of the names and of all files, in hexadecimal} */
    public String fingerprint() {
        Fingerprint fingerprint = new Fingerprint();
        for (Case one : cases) {
            fingerprint.add(one.name().getBytes(StandardCharsets.UTF_8));
            Stream.concat(one.channels().stream(), Stream.of(one.mask())).forEach(file -> {
                try {
                    fingerprint.add(Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new DataException(file + ": cannot be read (" + e.getMessage() + ")", e);
                }
            });
        }
        return fingerprint.hex();
    }
}
