package io.mdnc4j.training.predict;

import io.mdnc4j.training.arrays.Axes;
import io.mdnc4j.training.arrays.Release;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Makes probabilities of the logits in a box of an image, and puts background around: the first class, or no region.
 */
final class BoxSink implements SlabSink {
    /** Rows of background that are in memory at a time. */
    private static final long ROWS = 16;

    private final SlabSink sink;
    private final long[] start;
    private final long[] box;
    private final boolean regions;
    private final long[] whole;
    private long rows;

    /**
     * @param start of the box, on each axis
     * @param regions whether channels are regions, each with a probability of its own
     * @param whole size of the image
     */
    BoxSink(SlabSink sink, long[] start, long[] box, boolean regions, long... whole) {
        this.sink = sink;
        this.start = start;
        this.box = box;
        this.regions = regions;
        this.whole = whole;
    }

    @Override
    public void accept(INDArray slab) {
        if (rows == 0) {
            pass(slab.size(0), start[0]);
        }
        rows += slab.size(1);
        long[] size = Axes.size(slab);
        INDArray probabilities = regions ? Transforms.sigmoid(slab, false) : softmax(slab);
        if (Arrays.equals(Arrays.copyOfRange(box, 1, box.length), Arrays.copyOfRange(whole, 1, whole.length))) {
            sink.accept(probabilities);
        } else {
            INDArray around = background(slab.size(0), size[0]);
            long[] place = start.clone();
            place[0] = 0;
            for (int c = 0; c < around.size(0); c++) {
                around.slice(c).get(Regions.index(place, size)).assign(probabilities.slice(c));
            }
            Release.of(probabilities);
            sink.accept(around);
        }
        if (rows == box[0]) {
            pass(slab.size(0), whole[0] - start[0] - box[0]);
        }
    }

    /** In place. */
    private static INDArray softmax(INDArray slab) {
        INDArray logits = slab.ordering() == 'c' ? slab : slab.dup('c');
        INDArray most = logits.max(true, 0);
        INDArray sum = Nd4j.zeros(DataType.FLOAT, most.slice(0).shape());
        for (int c = 0; c < logits.size(0); c++) {
            INDArray channel = logits.slice(c);
            Transforms.exp(channel.subi(most.slice(0)), false);
            sum.addi(channel);
        }
        for (int c = 0; c < logits.size(0); c++) {
            logits.slice(c).divi(sum);
        }
        Release.of(most, sum, logits == slab ? null : slab);
        return logits;
    }

    private void pass(long channels, long count) {
        for (long row = 0; row < count; row += ROWS) {
            sink.accept(background(channels, Math.min(ROWS, count - row)));
        }
    }

    private INDArray background(long channels, long count) {
        long[] size = whole.clone();
        size[0] = count;
        INDArray result = Nd4j.zeros(DataType.FLOAT, Axes.prepended(channels, size));
        if (!regions) {
            result.slice(0).assign(1);
        }
        return result;
    }

    @Override
    public void finish() {
        sink.finish();
    }

    @Override
    public void close() {
        sink.close();
    }
}
