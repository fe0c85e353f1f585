package io.mdnc4j.blocks.graph;

import io.mdnc4j.blocks.Geometry;
import io.mdnc4j.blocks.Scaler;
import io.mdnc4j.blocks.conf.BatchNormalization;
import io.mdnc4j.blocks.conf.InstanceNormalization;
import io.mdnc4j.blocks.conf.LinearUpsampling;
import io.mdnc4j.blocks.conf.PReLU;
import io.mdnc4j.blocks.conf.ReLU;
import io.mdnc4j.blocks.conf.SpatialLayer;

/** Layers one after the other, named by their number in the sequence, as in PyTorch's {@code Sequential}. */
final class Sequence {
    private final BlockGraph graph;
    private final String name;
    private String last;
    private int count;

    Sequence(BlockGraph graph, String name, String input) {
        this.graph = graph;
        this.name = name;
        this.last = input;
    }

    /** Normalisation, activation, [upsampling,] convolution; or [upsampling,] convolution, normalisation, activation. */
    static String unit(BlockGraph graph, String name, String input, long in, long out, Geometry geometry) {
        Sequence unit = new Sequence(graph, name, input);
        boolean first = graph.style().normalizesFirst();
        if (first) {
            unit.normalize(in).activate(in);
        }
        if (geometry.scaler() == Scaler.UP && geometry.scales()) {
            unit.upsample(in, geometry);
        }
        unit.convolve(geometry, in, out);
        if (!first) {
            unit.normalize(out).activate(out);
        }
        return unit.last;
    }

    /** [Upsampling,] 1x1 convolution, normalisation. Upsampling is there whenever the block scales up, even by 1. */
    static String shortcut(BlockGraph graph, String name, String input, long in, long out, Geometry geometry) {
        Sequence shortcut = new Sequence(graph, name, input);
        if (geometry.scaler() == Scaler.UP) {
            shortcut.upsample(in, geometry);
        }
        return shortcut.convolve(geometry.pointwise(), in, out).normalize(out).last;
    }

    private Sequence normalize(long channels) {
        return switch (graph.style().normalizer()) {
            case NONE -> this;
            case BATCH -> add(new BatchNormalization.Builder(), channels);
            case INSTANCE -> add(new InstanceNormalization.Builder().affine(false), channels);
            case AFFINE_INSTANCE -> add(new InstanceNormalization.Builder(), channels);
        };
    }

    private Sequence activate(long channels) {
        // a normalisation just before it reads its own input only, so that its output may be written over
        boolean inPlace = graph.style().normalizes();
        return switch (graph.style().activator()) {
            case NONE -> this;
            case RELU -> add(new ReLU.Builder().inPlace(inPlace), channels);
            case PRELU -> add(new PReLU.Builder().inPlace(inPlace), channels);
        };
    }

    private Sequence upsample(long channels, Geometry geometry) {
        LinearUpsampling.Builder layer = new LinearUpsampling.Builder();
        long[] size = geometry.outputSize();
        return add(size == null ? layer.scale(geometry.stride()) : layer.size(size), channels);
    }

    private Sequence convolve(Geometry geometry, long in, long out) {
        boolean bias = !graph.style().normalizes();
        last = graph.layer(BlockGraph.join(name, count++), BlockGraph.convolution(geometry, in, out, bias), last);
        return this;
    }

    private Sequence add(SpatialLayer.Builder<?> layer, long channels) {
        last = graph.layer(BlockGraph.join(name, count++), layer.nIn(channels).nOut(channels), last);
        return this;
    }
}
