package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Grid;
import io.mdnc4j.training.arrays.Regridding;
import io.mdnc4j.training.arrays.Resampling;
import io.mdnc4j.training.data.Resources;
import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.metrics.ClassMeasures;
import io.mdnc4j.training.metrics.Measures;
import io.mdnc4j.training.predict.FilePredictions;
import io.mdnc4j.training.predict.GridPolicy;
import io.mdnc4j.training.predict.Predictor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The networks that come along, on files of other grids; the figures of the page on geometry. */
@Tag("long")
class OtherGridsTest {
    private static final String IMAGE = "colin27-t1-2mm.nii.gz";
    private static final String MASK = "colin27-brain-mask-2mm.nii.gz";

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    private StoredArray resource(String name) throws Exception {
        Path file = Files.write(folder.resolve(name), Resources.read(name));
        return ArrayFiles.read(file);
    }

    /** Dice of the mask that a file gets. */
    private double dice(Predictor predictor, String name, StoredArray image, INDArray wanted) {
        Path file = folder.resolve(name + ".nii.gz");
        ArrayFiles.write(file, image);
        FilePredictions.builder(predictor)
                .folder(folder.resolve("masks"))
                .build()
                .write(List.of(file));
        StoredArray mask = ArrayFiles.read(folder.resolve("masks").resolve(name + ".nii.gz"));
        assertEquals(image.grid().toString(), mask.grid().toString());
        INDArray found = mask.withDimensions(3);
        double dice = dice(wanted, found);
        System.out.printf(Locale.ROOT, "%s: dice %.4f%n", name, dice);
        return dice;
    }

    private static double dice(INDArray wanted, INDArray found) {
        Measures measures = new ClassMeasures(List.of("background", "brain"), true);
        INDArray oneHot = Nd4j.concat(0, found.rsub(1), found);
        return measures.metrics(measures.count(wanted, oneHot)).get("dice");
    }

    private static INDArray part(INDArray array, int z0, int z1, int y0, int y1, int x0, int x1) {
        return array.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(z0, z1),
                        NDArrayIndex.interval(y0, y1),
                        NDArrayIndex.interval(x0, x1))
                .dup('c');
    }

    @Test
    void aHeadOnOtherGrids() throws Exception {
        StoredArray head = resource(IMAGE);
        INDArray image = head.withDimensions(3);
        INDArray mask = resource(MASK).withDimensions(3);
        try (Predictor predictor =
                Predictor.builder(Path.of("brain-mask")).notes(notes::add).build()) {
            double own = dice(predictor, "as-it-is", head, mask);
            assertTrue(notes.isEmpty(), notes.toString());
            INDArray original =
                    ArrayFiles.read(folder.resolve("masks/as-it-is.nii.gz")).withDimensions(3);
            for (double step : new double[] {1, 3}) {
                Grid grid = Grid.of(List.of(step, step, step), "SAR");
                Regridding way = Regridding.between(head.grid(), grid, Axes.size(image));
                INDArray there = way.apply(image, Resampling.CUBIC.antiAliased().clipped());
                StoredArray other = new StoredArray(there, true, ElementType.INT16).on(grid);
                assertEquals(own, dice(predictor, "of-" + step + "-mm", other, way.applyToClasses(mask)), 0.01);
                assertTrue(notes.get(notes.size() - 1).contains("resampled from"), notes.toString());
            }
            // a finer part of the head, without neck and the back
            Grid fine = Grid.of(List.of(1.0, 1.0, 1.0), "SAR");
            INDArray cut = part(image, 20, 90, 20, 108, 0, 90);
            INDArray cutMask = part(mask, 20, 90, 20, 108, 0, 90);
            Regridding way = Regridding.between(head.grid(), fine, Axes.size(cut));
            StoredArray finer = new StoredArray(
                            way.apply(cut, Resampling.CUBIC.antiAliased().clipped()), true, ElementType.INT16)
                    .on(fine);
            assertEquals(
                    dice(cutMask, part(original, 20, 90, 20, 108, 0, 90)),
                    dice(predictor, "part-of-1-mm", finer, way.applyToClasses(cutMask)),
                    0.01);
            // other axes of the same voxels: the same mask, to the voxel
            Grid turned = Grid.of(List.of(2.0, 2.0, 2.0), "LIP");
            Regridding turn = Regridding.between(head.grid(), turned, Axes.size(image));
            StoredArray other =
                    new StoredArray(turn.apply(image, Resampling.LINEAR), true, ElementType.INT16).on(turned);
            assertEquals(own, dice(predictor, "turned", other, turn.applyToClasses(mask)));
            // what it was like before
            Predictor ignoring = Predictor.builder(Path.of("brain-mask"))
                    .geometry(GridPolicy.IGNORE)
                    .build();
            assertTrue(dice(ignoring, "turned", other, turn.applyToClasses(mask)) < own - 0.03);
            ignoring.close();
        }
    }

    @Test
    void anElectrocardiogramOfOtherRates() throws Exception {
        double[] samples = Signal.ecg().samples();
        double[] clean = Arrays.copyOfRange(samples, samples.length / 5 * 4, samples.length);
        double[] noisy = noisy(clean, 360);
        double own = snr(clean, denoised(noisy, 360, GridPolicy.RESAMPLE), 360);
        assertEquals(18.95, own, 0.05);
        for (int rate : new int[] {250, 500, 1000}) {
            int length = (int) Math.round(clean.length * rate / 360.0);
            double[] cleanThere = sinc(clean, length);
            double[] noisyThere = sinc(noisy, length);
            double reached = snr(cleanThere, denoised(noisyThere, rate, GridPolicy.RESAMPLE), rate);
            double ignored = snr(cleanThere, denoised(noisyThere, rate, GridPolicy.IGNORE), rate);
            double fresh = snr(cleanThere, denoised(noisy(cleanThere, rate), rate, GridPolicy.RESAMPLE), rate);
            System.out.printf(
                    Locale.ROOT,
                    "%d Hz: %.2f dB, ignored %.2f dB, with white noise of that rate %.2f dB%n",
                    rate,
                    reached,
                    ignored,
                    fresh);
            assertEquals(own, reached, 0.5);
            assertTrue(ignored < reached - 2);
        }
    }

    private double[] denoised(double[] signal, int rate, GridPolicy policy) throws Exception {
        Path file = folder.resolve("signal.csv");
        ArrayFiles.write(
                file,
                new StoredArray(Nd4j.createFromArray(signal).reshape(1, signal.length), true, ElementType.FLOAT64));
        try (Predictor predictor = Predictor.builder(Path.of("ecg-denoiser"))
                .assume(Grid.ofRate(rate))
                .geometry(policy)
                .build()) {
            FilePredictions.builder(predictor)
                    .folder(folder.resolve("clean"))
                    .build()
                    .write(List.of(file));
        }
        return ArrayFiles.read(folder.resolve("clean/signal.csv"))
                .values()
                .data()
                .asDouble();
    }

    /** White noise, 6 dB below each stretch of 512 samples at 360 Hz. */
    private static double[] noisy(double[] clean, int rate) {
        Random random = new Random(2081);
        double[] noisy = clean.clone();
        int length = (int) Math.round(512 * rate / 360.0);
        for (int start = 0; start < clean.length; start += length) {
            int end = Math.min(start + length, clean.length);
            double mean = Arrays.stream(clean, start, end).average().orElseThrow();
            double variance = Arrays.stream(clean, start, end)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            for (int i = start; i < end; i++) {
                noisy[i] += Math.sqrt(variance / Math.pow(10, 0.6)) * random.nextGaussian();
            }
        }
        return noisy;
    }

    /** Another rate by a method of its own: a sinc in a Blackman window of 48 zeros to each side. */
    private static double[] sinc(double[] values, int length) {
        int zeros = 48;
        double ratio = (double) values.length / length;
        double step = Math.max(1, ratio);
        double[] result = new double[length];
        for (int i = 0; i < length; i++) {
            double place = (i + 0.5) * ratio - 0.5;
            double sum = 0;
            double weights = 0;
            for (int k = (int) Math.ceil(place - zeros * step); k <= place + zeros * step; k++) {
                double t = Math.PI * (place - k) / step;
                double weight = (t == 0 ? 1 : Math.sin(t) / t)
                        * (0.42 + 0.5 * Math.cos(t / zeros) + 0.08 * Math.cos(2 * t / zeros));
                sum += weight * values[Math.max(0, Math.min(k, values.length - 1))];
                weights += weight;
            }
            result[i] = sum / weights;
        }
        return result;
    }

    private static double snr(double[] clean, double[] found, int rate) {
        assertEquals(clean.length, found.length);
        int length = (int) Math.round(512 * rate / 360.0);
        double signal = 0;
        double error = 0;
        for (int start = 0; start + length <= clean.length; start += length) {
            double mean = Arrays.stream(clean, start, start + length).average().orElseThrow();
            for (int i = start; i < start + length; i++) {
                signal += (clean[i] - mean) * (clean[i] - mean);
                error += (found[i] - clean[i]) * (found[i] - clean[i]);
            }
        }
        return 10 * Math.log10(signal / error);
    }
}
