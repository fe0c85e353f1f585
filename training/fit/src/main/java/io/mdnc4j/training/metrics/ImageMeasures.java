package io.mdnc4j.training.metrics;

import io.mdnc4j.training.arrays.OnHeap;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures of the values of images and volumes {@code [C, size...]}, means over them: {@code psnr_db}, the peak signal-to-noise
 * ratio {@code 10 log10(range^2 / mean squared error)} with the range of the target's values, and {@code ssim}, their {@link
 * StructuralSimilarity}, the mean over channels. Of signals there are none.
 */
public record ImageMeasures() implements Measures {
    private static final int RATIOS = 0;
    private static final int SIMILARITIES = 1;
    private static final int IMAGES = 2;
    private static final int MIN_RANK = 3;

    @Override
    public double[] count(INDArray target, INDArray output) {
        double[] counts = new double[counts()];
        if (target.rank() < MIN_RANK) {
            return counts;
        }
        double[] wanted = OnHeap.doubles(target);
        double[] found = OnHeap.doubles(output);
        int[] size =
                Arrays.stream(target.shape()).skip(1).mapToInt(Math::toIntExact).toArray();
        StructuralSimilarity similarity = StructuralSimilarity.suiting(wanted, size);
        double squares = 0;
        for (int i = 0; i < wanted.length; i++) {
            squares += (found[i] - wanted[i]) * (found[i] - wanted[i]);
        }
        counts[RATIOS] = 10 * Math.log10(similarity.range() * similarity.range() * wanted.length / squares);
        int channels = (int) target.size(0);
        int length = wanted.length / channels;
        for (int start = 0; start < wanted.length; start += length) {
            counts[SIMILARITIES] += similarity.mean(
                            Arrays.copyOfRange(found, start, start + length),
                            Arrays.copyOfRange(wanted, start, start + length))
                    / channels;
        }
        counts[IMAGES] = 1;
        return counts;
    }

    @Override
    public int counts() {
        return IMAGES + 1;
    }

    @Override
    public Map<String, Double> metrics(double[] sums) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (sums[IMAGES] > 0) {
            metrics.put("psnr_db", sums[RATIOS] / sums[IMAGES]);
            metrics.put("ssim", sums[SIMILARITIES] / sums[IMAGES]);
        }
        return metrics;
    }
}
