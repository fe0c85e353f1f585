package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.arrays.OnHeap;
import io.mdnc4j.training.data.DataEntry;
import io.mdnc4j.training.data.DataListing;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.Channels;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.Task;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Sets of files as other programs leave them: what they are taken for, and what is said of them. */
class ForeignDataTest {
    private static final int SIZE = 16;
    private static final int COUNT = 15;
    private static final int WHITE = 0xffffff;

    @TempDir
    Path folder;

    private TrainingData load(DataSource.Builder source) {
        return source.build().load(note -> {});
    }

    private DataSource.Builder source() {
        return DataSource.builder(folder.toString()).split(0.2, 0.2);
    }

    /** An RGB picture, in the type of an image of Java. */
    private void picture(String name, int type, IntBinaryOperator colours) throws IOException {
        BufferedImage image = new BufferedImage(SIZE, SIZE, type);
        for (int i = 0; i < SIZE * SIZE; i++) {
            image.setRGB(i % SIZE, i / SIZE, 0xff000000 | colours.applyAsInt(i / SIZE, i % SIZE));
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile());
    }

    private static boolean inside(int seed, int row, int column) {
        return row + column > SIZE / 2 + seed;
    }

    private void masks(String suffix, int type, int ground, int thing) throws IOException {
        for (int i = 0; i < COUNT; i++) {
            int seed = i;
            picture("images/" + i + ".png", BufferedImage.TYPE_3BYTE_BGR, (r, c) -> inside(seed, r, c) ? WHITE - r : r);
            picture("masks/" + i + suffix, type, (r, c) -> inside(seed, r, c) ? thing : ground);
        }
    }

    private static TreeSet<Integer> values(TrainingData data) {
        TreeSet<Integer> values = new TreeSet<>();
        for (int i = 0; i < data.test().size(); i++) {
            Arrays.stream(OnHeap.ints(data.test().get(i).target())).forEach(values::add);
        }
        return values;
    }

    private static void warned(TrainingData data, String... expected) {
        for (String text : expected) {
            assertEquals(
                    1,
                    data.overview().warnings().stream()
                            .filter(warning -> warning.contains(text))
                            .count(),
                    text + " in " + data.overview().warnings());
        }
    }

    /** The same pictures with and without a palette make the same data. */
    @Test
    void palettesAreColoursInInputsAndNumbersInMasks() throws IOException {
        IndexColorModel palette = new IndexColorModel(
                8, 3, new byte[] {(byte) 200, 0, 10}, new byte[] {0, (byte) 180, 20}, new byte[] {5, 0, 30});
        for (int i = 0; i < COUNT; i++) {
            int seed = i;
            BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_INDEXED, palette);
            for (int p = 0; p < SIZE * SIZE; p++) {
                image.getRaster().setSample(p % SIZE, p / SIZE, 0, inside(i, p / SIZE, p % SIZE) ? 2 : p % 2);
            }
            for (String name : List.of("a/images/", "a/masks/", "b/masks/")) {
                Files.createDirectories(folder.resolve(name));
                ImageIO.write(image, "png", folder.resolve(name + i + ".png").toFile());
            }
            picture("b/images/" + i + ".png", BufferedImage.TYPE_3BYTE_BGR, (r, c) -> image.getRGB(c, r));
        }
        TrainingData a = load(DataSource.builder(folder.resolve("a").toString()));
        TrainingData b = load(DataSource.builder(folder.resolve("b").toString()));
        assertEquals(Task.SEGMENTATION, a.task());
        assertEquals(List.of("0", "1", "2"), a.description().classes());
        assertEquals(List.of(3L, 16L, 16L), a.description().inputShape());
        assertEquals(b.fingerprint(), a.fingerprint());
        assertEquals(b.test().get(0).input(), a.test().get(0).input());
        // as values, what is wanted has colours as well
        TrainingData values =
                load(DataSource.builder(folder.resolve("a").toString()).task(Task.REGRESSION));
        assertArrayEquals(
                new long[] {3, SIZE, SIZE}, values.test().get(0).target().shape());
        assertEquals(values.test().get(0).input(), values.test().get(0).target());
    }

    @Test
    void mixedPicturesBecomeOfOneKind() throws IOException {
        masks("_mask.png", BufferedImage.TYPE_BYTE_GRAY, 0, WHITE);
        picture("images/3.png", BufferedImage.TYPE_BYTE_GRAY, (r, c) -> c);
        picture("images/4.png", BufferedImage.TYPE_4BYTE_ABGR, (r, c) -> r << 8 | c);
        DataException e = assertThrows(DataException.class, () -> load(source()));
        assertTrue(e.getMessage().contains("channels gray or rgb"), e.getMessage());
        TrainingData grey = load(source().channels(Channels.GRAY));
        assertEquals(List.of(1L, 16L, 16L), grey.description().inputShape());
        assertEquals("gray", grey.description().trainedOn().channels());
        warned(grey, "the opacity (alpha) of 1 of 15 pictures is left out (images/4.png)");
        // a network that was trained on them is measured on the same
        ModelDescription trained =
                ModelDescription.fromJson(grey.describe("some").toJson());
        TrainingData again = source().build().load(trained, false, note -> {});
        assertEquals(grey.test().get(0).input(), again.test().get(0).input());
        TrainingData colours = load(source().channels(Channels.RGB));
        assertEquals(List.of(3L, 16L, 16L), colours.description().inputShape());
    }

    @Test
    void valuesOfMasksStandForClasses() throws IOException {
        masks("_mask.png", BufferedImage.TYPE_BYTE_GRAY, 0, WHITE);
        TrainingData own = load(source());
        assertEquals(List.of("0", "255"), own.description().classes());
        TrainingData mapped = load(source().classes("0:0, 255:1"));
        assertEquals(List.of("0", "1"), mapped.description().classes());
        assertEquals("0:0,255:1", mapped.description().trainedOn().classValues());
        assertEquals(own.test().get(0).target(), mapped.test().get(0).target());
        // of other masks than those of the training
        ModelDescription ofOnes = mapped.describe("some");
        assertEquals(
                mapped.test().get(0).target(),
                source().build().load(ofOnes, false, note -> {}).test().get(0).target(),
                "the network's own rules hold");
        ModelDescription plain = own.describe("some");
        assertEquals(
                own.test().get(0).target(),
                source().classes("0:0,*:255")
                        .build()
                        .load(plain, false, note -> {})
                        .test()
                        .get(0)
                        .target());
        TrainingData partly = load(source().classes("0:0,255:-1,7:1,8:2"));
        assertEquals(new TreeSet<>(List.of(Example.UNLABELLED, 0)), values(partly));
        warned(partly, "no example to train on has the class 1, 2");
        DataException e = assertThrows(DataException.class, () -> load(source().classes("0:0,1:1")));
        assertTrue(e.getMessage().contains("its target has the value 255"), e.getMessage());
        assertThrows(
                ArgumentException.class,
                () -> load(source().classes("0:0,255:1").task(Task.REGRESSION)));
    }

    @Test
    void blurredMasksAreWarnedOf() throws IOException {
        masks(".jpg", BufferedImage.TYPE_BYTE_GRAY, 0, WHITE);
        TrainingData many = load(source());
        warned(many, "JPEG");
        assertTrue(many.description().classes().size() > 8 || many.task() == Task.REGRESSION);
        TrainingData two = load(source().classes("0..127:ground,128..255:thing"));
        assertEquals(List.of("ground", "thing"), two.description().classes());
        assertEquals(new TreeSet<>(List.of(0, 1)), values(two));
        assertTrue(
                two.overview().facts().get("classes").contains("thing"),
                two.overview().toString());
        assertTrue(two.overview().warnings().stream().noneMatch(warning -> warning.contains("classes")));
    }

    @Test
    void colouredMasksAreWarnedOfAndTakenWhenAskedFor() throws IOException {
        masks(".png", BufferedImage.TYPE_3BYTE_BGR, 0, 0xff0000);
        TrainingData values = load(source());
        assertEquals(Task.REGRESSION, values.task());
        warned(values, "up to 2 colours each");
        TrainingData classes = load(source().task(Task.SEGMENTATION));
        assertEquals(List.of("0", "#ff0000"), classes.description().classes(), "grey first");
        assertEquals(
                List.of("0", "1"),
                load(source().classes("#ff0000:1,*:0")).description().classes(),
                "the background first, however the rules are ordered");
        TrainingData named = load(source().classes("#000000:ground,#FF0000:thing"));
        assertEquals(List.of("ground", "thing"), named.description().classes());
        assertEquals(new TreeSet<>(List.of(0, 1)), values(named));
        assertEquals(
                named.test().get(0).target(),
                source().build()
                        .load(named.describe("some"), false, note -> {})
                        .test()
                        .get(0)
                        .target());
    }

    @Test
    void volumesThatLieElsewhereOrAreEmptyAreNamed() throws IOException {
        Path foreign = Path.of("../files/src/test/resources/foreign");
        StoredArray image = ArrayFiles.read(foreign.resolve("first.nii.gz"));
        StoredArray moved = ArrayFiles.read(foreign.resolve("moved.nii.gz"));
        Files.createDirectories(folder.resolve("images"));
        Files.createDirectories(folder.resolve("masks"));
        for (int i = 0; i < COUNT; i++) {
            INDArray values =
                    i == 4 ? Nd4j.ones(2, 3, 4).muli(9) : image.values().add(i);
            ArrayFiles.write(folder.resolve("images/" + i + ".nii.gz"), image.with(values.reshape(1, 2, 3, 4)));
            INDArray mask = image.values().gt(i).castTo(values.dataType()).reshape(1, 2, 3, 4);
            StoredArray as = (i == 7 ? moved : image).with(mask, ElementType.UINT8);
            ArrayFiles.write(folder.resolve("masks/" + i + ".nii.gz"), as);
        }
        TrainingData data = load(source());
        warned(
                data,
                "1 of 15 targets lie elsewhere in space than their inputs (images/7.nii.gz, its voxels lie up to 7",
                "1 of 15 inputs have one value only (images/4.nii.gz, all 9)",
                "parts with few examples (validation 3, test 3)");
        assertEquals("1 channel of 2 x 3 x 4", data.overview().facts().get("inputs"));
        assertEquals(
                List.of(2L, 3L, 4L),
                data.description().trainedOn().smallest(),
                data.description().toJson());
        assertEquals(9, data.description().trainedOn().examples());
        // whole numbers in a float file
        for (int i = 0; i < COUNT; i++) {
            StoredArray mask = ArrayFiles.read(folder.resolve("masks/" + i + ".nii.gz"));
            ArrayFiles.write(
                    folder.resolve("masks/" + i + ".nii.gz"),
                    mask.with(mask.values().reshape(1, 2, 3, 4), ElementType.FLOAT32));
        }
        TrainingData reals = load(source());
        assertEquals(Task.REGRESSION, reals.task());
        warned(reals, "whole numbers stored as real ones");
        assertEquals(
                List.of("0", "1"),
                load(source().task(Task.SEGMENTATION)).description().classes());
    }

    /** Of scikit-learn and h5py: one file, labels as texts. */
    @Test
    void setsInOneFileHaveLabels() throws IOException {
        Path foreign = Path.of("../files/src/test/resources/foreign");
        for (String[] set : new String[][] {{"texts.h5", "cs"}, {"set.npz", "y"}}) {
            List<DataEntry> entries = DataListing.of(foreign.resolve(set[0]), null, "x", set[1]);
            assertEquals(
                    List.of("cat", "dog", "c\u00e1t", "cat", "dog", "c\u00e1t"),
                    entries.stream().map(DataEntry::label).toList());
            assertArrayEquals(
                    new double[] {4, 5, 6, 7},
                    entries.get(1).input().read().values().toDoubleVector());
        }
        TrainingData numbers = load(
                DataSource.builder(foreign.resolve("numbers.npz").toString()).split(0.3, 0.3));
        assertEquals(Task.CLASSIFICATION, numbers.task());
        assertEquals(List.of("0", "1"), numbers.description().classes());
        ArgumentException e = assertThrows(
                ArgumentException.class, () -> DataListing.of(foreign.resolve("texts.h5"), null, "x", "dogs"));
        assertTrue(e.getMessage().contains("fixed"), "texts are among what there is: " + e.getMessage());
    }

    @Test
    void dataThatAreNotThereAreNamedBeforeAnythingElse() {
        DataException e = assertThrows(
                DataException.class,
                () -> load(
                        DataSource.builder(folder.resolve("nowhere").toString()).patch(8, 8)));
        assertTrue(e.getMessage().contains("nor a file or folder; check the path"), e.getMessage());
    }
}
