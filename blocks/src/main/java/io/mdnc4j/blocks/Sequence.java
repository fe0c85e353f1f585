package io.mdnc4j.blocks;

import io.mdnc4j.blocks.conf.LinearUpsampling;
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
        Normalizer normalizer = graph.style().normalizer();
        return normalizer.present() ? add(normalizer.layer(), channels) : this;
    }

    private Sequence activate(long channels) {
        Activator activator = graph.style().activator();
        // a normalisation just before it reads its own input only, so that its output may be written over
        boolean inPlace = graph.style().normalizer().present();
        return activator.present() ? add(activator.layer().inPlace(inPlace), channels) : this;
    }

    private Sequence upsample(long channels, Geometry geometry) {
        LinearUpsampling.Builder layer = new LinearUpsampling.Builder();
        return add(
                geometry.outputSize() == null ? layer.scale(geometry.stride()) : layer.size(geometry.outputSize()),
                channels);
    }

    private Sequence convolve(Geometry geometry, long in, long out) {
        boolean bias = !graph.style().normalizer().present();
        last = graph.layer(BlockGraph.join(name, count++), BlockGraph.convolution(geometry, in, out, bias), last);
        return this;
    }

    private Sequence add(SpatialLayer.Builder<?> layer, long channels) {
        last = graph.layer(BlockGraph.join(name, count++), layer.nIn(channels).nOut(channels), last);
        return this;
    }
}
