package io.mdnc4j.zoo.weights;

import io.mdnc4j.blocks.SpatialDims;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.StateDict;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds out of which network tensors are: their keys tell the blocks and stages, the shapes of a few the rest. What is
 * found must then explain every key and shape.
 */
final class GeometryInference {
    private static final String HOURGLASS_FIRST = "conv_first.weight";
    private static final String ENCODER_FIRST = "netbody.0.weight";
    private static final String DECODER_LAST = "conv_last.weight";
    private static final String DOWN = "conv_down_list.";
    private static final String BODY = "netbody.";

    /** What the keys of a block's own parts have, the most telling first. */
    private static final Map<String, BlockKind> BLOCKS = new LinkedHashMap<>();

    static {
        BLOCKS.put(".mconv.", BlockKind.CONV);
        BLOCKS.put(".conv3.", BlockKind.BOTTLENECK);
        BLOCKS.put(".conv1.", BlockKind.PLAIN);
    }

    /** A network that the tensors may be of, and what then does not fit. */
    private record Candidate(NetworkSpec spec, Match match) {
        static Candidate of(NetworkSpec spec, Map<String, TensorInfo> tensors) {
            return new Candidate(spec, Match.of(tensors, StateDict.shapesOf(spec)));
        }

        int problems() {
            return match.missing().size()
                    + match.unexpected().size()
                    + match.misshapen().size();
        }
    }

    /** More than any network that fits a machine has; describing one takes time that grows with their square. */
    private static final int MOST_TENSORS = 20_000;

    /** Parts of a key between dots that are of interest. */
    private static final int MOST_PARTS = 6;

    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    /** What keys begin with, up to each of their dots. */
    private final Set<String> beginnings = new HashSet<>();

    private GeometryInference(Map<String, TensorInfo> tensors) {
        if (tensors.size() > MOST_TENSORS) {
            throw new IllegalArgumentException("it has " + tensors.size() + " tensors");
        }
        String prefix = KeyPrefix.of(tensors.keySet(), Set.of(HOURGLASS_FIRST, ENCODER_FIRST));
        tensors.forEach((key, tensor) -> {
            if (key.startsWith(prefix)) {
                shapes.put(key.substring(prefix.length()), tensor.shape());
            }
        });
        for (String key : shapes.keySet()) {
            int dot = key.indexOf('.');
            for (int part = 0; dot >= 0 && part < MOST_PARTS; part++) {
                beginnings.add(key.substring(0, dot + 1));
                dot = key.indexOf('.', dot + 1);
            }
        }
    }

    /**
     * The network's geometry.
     *
     * @param outSize a decoder's, may be empty
     * @throws WeightsException if there is none or more than one
     */
    static NetworkSpec infer(Map<String, TensorInfo> tensors, long... outSize) throws WeightsException {
        try {
            GeometryInference inference = new GeometryInference(tensors);
            Candidate best = inference.candidates(outSize).stream()
                    .map(spec -> Candidate.of(spec, tensors))
                    .min(Comparator.comparingInt(Candidate::problems))
                    .orElseThrow(() -> new IllegalArgumentException("no key of theirs is in it"));
            if (!best.match.complete()) {
                throw new WeightsException("the weights are of none of the networks; nearest is "
                        + best.spec.modelName() + ", but: " + best.match);
            }
            return best.spec;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new WeightsException("the weights are of none of the networks: " + e.getMessage(), e);
        }
    }

    private List<NetworkSpec> candidates(long... outSize) throws WeightsException {
        if (beginnings.contains(DOWN)) {
            return List.of(hourglass(Network.UNET), hourglass(Network.AUTO_ENCODER));
        }
        if (shapes.containsKey(ENCODER_FIRST)) {
            return List.of(encoder());
        }
        return shapes.containsKey(DECODER_LAST) ? List.of(decoder(outSize)) : List.of();
    }

    private NetworkSpec hourglass(Network network) {
        long[] first = shape(HOURGLASS_FIRST);
        int[] layers = IntStream.concat(
                        stages(DOWN, 0).mapToObj(i -> DOWN + i + ".").mapToInt(this::blocks),
                        IntStream.of(blocks("conv_middle_up.")))
                .toArray();
        return builder(network, first)
                .layers(layers)
                .channel(Math.toIntExact(first[0]))
                .kernelSize(kernel(first, true))
                .inPlanes(first[1])
                .outPlanes(shape("conv_final.weight")[0])
                .build();
    }

    private NetworkSpec encoder() {
        long[] first = shape(ENCODER_FIRST);
        return builder(Network.ENCODER, first)
                .layers(bodyLayers(1))
                .channel(Math.toIntExact(first[0]))
                .kernelSize(kernel(first, true))
                .inPlanes(first[1])
                .outLength(lengthOf("fc.weight", 0))
                .build();
    }

    private NetworkSpec decoder(long... outSize) throws WeightsException {
        long[] first = shape(HOURGLASS_FIRST);
        int[] kernel = kernel(first, false);
        int[] layers = bodyLayers(0);
        long[] size = outSize.length > 0 ? outSize : outSize(kernel, layers.length);
        return builder(Network.DECODER, first)
                .layers(layers)
                .channel(Math.toIntExact(shape(DECODER_LAST)[1]))
                .kernelSize(kernel)
                .outPlanes(shape(DECODER_LAST)[0])
                .inLength(lengthOf("conv_in.weight", 1))
                .outSize(size)
                .build();
    }

    /** A decoder's output is known only along axes that are not scaled, from its smallest map. */
    private long[] outSize(int[] kernel, int stages) throws WeightsException {
        long[] in = shapes.get("conv_in.weight");
        if (in != null
                && in.length == kernel.length + 2
                && Arrays.stream(kernel).allMatch(k -> k == 1)) {
            return Arrays.copyOfRange(in, 2, in.length);
        }
        String hint = in == null || in.length != kernel.length + 2 || stages > Integer.SIZE
                ? ""
                : "; from "
                        + IntStream.range(0, kernel.length)
                                .mapToObj(axis -> kernel[axis] == 1
                                        ? "" + in[axis + 2]
                                        : ((in[axis + 2] - 1) << stages) + 1 + " to " + (in[axis + 2] << stages))
                                .toList()
                        + " all fit";
        throw new WeightsException(
                "outSize: not given, and a decoder's weights do not tell the size of its output" + hint);
    }

    private NetworkSpec.Builder builder(Network network, long[] first) {
        BlockKind block = BLOCKS.entrySet().stream()
                .filter(known -> shapes.keySet().stream().anyMatch(key -> key.contains(known.getKey())))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("it has no blocks"));
        return NetworkSpec.builder(Family.of(block), network, SpatialDims.of(first.length - 2))
                .block(block);
    }

    /** The kernel of the stages, from that of a convolution at the network's edge or one within. */
    private static int[] kernel(long[] shape, boolean edge) {
        return Arrays.stream(shape)
                .skip(2)
                .mapToInt(size -> Math.toIntExact(edge && size > 1 ? size - 2 : size))
                .toArray();
    }

    private int[] bodyLayers(int firstStage) {
        return stages(BODY, firstStage)
                .mapToObj(i -> BODY + i + ".")
                .mapToInt(this::blocks)
                .toArray();
    }

    /** The numbers of the stages of that name, from the first one on without gaps. */
    private IntStream stages(String name, int first) {
        return IntStream.iterate(first, i -> beginnings.contains(name + i + ".conv_scale."), i -> i + 1);
    }

    private int blocks(String stage) {
        return 1
                + (int) IntStream.iterate(0, i -> beginnings.contains(stage + "conv_list." + i + "."), i -> i + 1)
                        .count();
    }

    private int lengthOf(String key, int axis) {
        return shapes.containsKey(key) ? Math.toIntExact(shape(key)[axis]) : 0;
    }

    /** The shape of a convolution's or linear map's weight. */
    private long[] shape(String key) {
        long[] shape = shapes.get(key);
        if (shape == null || shape.length < 2) {
            throw new IllegalArgumentException("it has no " + key);
        }
        return shape;
    }
}
