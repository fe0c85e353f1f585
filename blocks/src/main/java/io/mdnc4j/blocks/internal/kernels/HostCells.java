package io.mdnc4j.blocks.internal.kernels;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Maps as grids of cells that do not overlap, on the host. A task is a plane of the coarse map, which has one element for
 * each cell of the fine one.
 */
final class HostCells {
    private final int samples;
    private final int depth;
    private final int height;
    private final int width;
    private final int cellDepth;
    private final int cellHeight;
    private final int cellWidth;

    /** @param coarse shape of the coarse maps, {@code [N, C, size...]} */
    HostCells(long[] coarse, int... factors) {
        int axes = factors.length;
        samples = (int) coarse[0];
        depth = axes < 3 ? 1 : (int) coarse[2];
        height = axes < 2 ? 1 : (int) coarse[axes];
        width = (int) coarse[axes + 1];
        cellDepth = axes < 3 ? 1 : factors[0];
        cellHeight = axes < 2 ? 1 : factors[axes - 2];
        cellWidth = factors[axes - 1];
    }

    private int plane() {
        return height * width;
    }

    private int cell() {
        return cellDepth * cellHeight * cellWidth;
    }

    /** See {@link Kernels#depthToSpace}. */
    void spread(INDArray x, INDArray y, int first) {
        FloatBuffer source = Rows.of(x);
        FloatBuffer target = Rows.of(y);
        int inner = cellHeight * cellWidth;
        forEachPlane((int) x.size(1) / cell(), x.length(), (n, c, z, scratch) -> {
            float[] planes = scratch.first(inner * plane());
            float[] fine = scratch.second(inner * plane());
            for (int slice = 0; slice < cellDepth; slice++) {
                for (int k = 0; k < inner; k++) {
                    source.get(coarse(x, n, c * cell() + slice * inner + k, z), planes, k * plane(), plane());
                }
                for (int k = 0; k < inner; k++) {
                    interleave(planes, k, fine);
                }
                target.put(fine(y, n, first + c, z * cellDepth + slice), fine, 0, inner * plane());
            }
        });
    }

    /** See {@link Kernels#spaceToDepth}. */
    void gather(INDArray y, int first, INDArray x) {
        FloatBuffer source = Rows.of(y);
        FloatBuffer target = Rows.of(x);
        int inner = cellHeight * cellWidth;
        forEachPlane((int) x.size(1) / cell(), x.length(), (n, c, z, scratch) -> {
            float[] planes = scratch.first(inner * plane());
            float[] fine = scratch.second(inner * plane());
            for (int slice = 0; slice < cellDepth; slice++) {
                source.get(fine(y, n, first + c, z * cellDepth + slice), fine, 0, inner * plane());
                for (int k = 0; k < inner; k++) {
                    separate(fine, k, planes);
                    target.put(coarse(x, n, c * cell() + slice * inner + k, z), planes, k * plane(), plane());
                }
            }
        });
    }

    private void interleave(float[] planes, int k, float[] fine) {
        int row = width * cellWidth;
        int i = k * plane();
        for (int h = 0; h < height; h++) {
            int to = (h * cellHeight + k / cellWidth) * row + k % cellWidth;
            for (int w = 0; w < width; w++, to += cellWidth) {
                fine[to] = planes[i++];
            }
        }
    }

    private void separate(float[] fine, int k, float[] planes) {
        int row = width * cellWidth;
        int i = k * plane();
        for (int h = 0; h < height; h++) {
            int from = (h * cellHeight + k / cellWidth) * row + k % cellWidth;
            for (int w = 0; w < width; w++, from += cellWidth) {
                planes[i++] = fine[from];
            }
        }
    }

    /** See {@link Kernels#averageCells}. */
    void average(INDArray x, INDArray y) {
        FloatBuffer source = Rows.of(x);
        FloatBuffer target = Rows.of(y);
        int fineHeight = size(x, 2);
        int fineWidth = size(x, 1);
        float share = 1f / cell();
        forEachPlane((int) x.size(1), x.length(), (n, c, z, scratch) -> {
            float[] fine = scratch.first(fineHeight * fineWidth);
            float[] sums = scratch.second(plane());
            Arrays.fill(sums, 0, plane(), 0);
            for (int slice = 0; slice < cellDepth; slice++) {
                source.get(fine(x, n, c, z * cellDepth + slice), fine, 0, fineHeight * fineWidth);
                for (int h = 0; h < height * cellHeight; h++) {
                    int to = h / cellHeight * width;
                    for (int k = 0; k < cellWidth; k++) {
                        int from = h * fineWidth + k;
                        for (int w = 0; w < width; w++, from += cellWidth) {
                            sums[to + w] += fine[from];
                        }
                    }
                }
            }
            for (int i = 0; i < plane(); i++) {
                sums[i] *= share;
            }
            target.put(coarse(y, n, c, z), sums, 0, plane());
        });
    }

    /** See {@link Kernels#averageCellsBackward}. */
    void share(INDArray dy, INDArray dx) {
        FloatBuffer source = Rows.of(dy);
        FloatBuffer target = Rows.of(dx);
        int fineHeight = size(dx, 2);
        int fineWidth = size(dx, 1);
        float share = 1f / cell();
        if (size(dx, 3) > depth * cellDepth) {
            dx.assign(0); // slices that fill no cell
        }
        forEachPlane((int) dx.size(1), dx.length(), (n, c, z, scratch) -> {
            float[] fine = scratch.first(fineHeight * fineWidth);
            float[] coarse = scratch.second(plane());
            source.get(coarse(dy, n, c, z), coarse, 0, plane());
            Arrays.fill(fine, 0, fineHeight * fineWidth, 0);
            for (int h = 0; h < height * cellHeight; h++) {
                int from = h / cellHeight * width;
                for (int k = 0; k < cellWidth; k++) {
                    int to = h * fineWidth + k;
                    for (int w = 0; w < width; w++, to += cellWidth) {
                        fine[to] = coarse[from + w] * share;
                    }
                }
            }
            for (int slice = 0; slice < cellDepth; slice++) {
                target.put(fine(dx, n, c, z * cellDepth + slice), fine, 0, fineHeight * fineWidth);
            }
        });
    }

    /** Where that plane of coarse maps begins. */
    private int coarse(INDArray x, int sample, int channel, int z) {
        return ((sample * (int) x.size(1) + channel) * depth + z) * plane();
    }

    /** Where that plane of fine maps begins. */
    private static int fine(INDArray y, int sample, int channel, int z) {
        return ((sample * (int) y.size(1) + channel) * size(y, 3) + z) * size(y, 2) * size(y, 1);
    }

    /** The size of an axis, counted from the last one; 1 for those that there are not. */
    private static int size(INDArray maps, int fromLast) {
        int axis = maps.rank() - fromLast;
        return axis < 2 ? 1 : (int) maps.size(axis);
    }

    @FunctionalInterface
    private interface Plane {
        void run(int sample, int channel, int z, Scratch scratch);
    }

    private void forEachPlane(int channels, long elements, Plane plane) {
        Rows.forEach(samples * channels * depth, elements, (number, scratch) -> {
            int map = number / depth;
            plane.run(map / channels, map % channels, number % depth, scratch);
        });
    }
}
