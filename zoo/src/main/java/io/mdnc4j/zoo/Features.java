package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Outputs from inside a network, by name.
 *
 * <pre>{@code
 * INDArray map = Features.of(network).at("stage3", images);
 * }</pre>
 *
 * <p>A name is that of a stage, counted from 1 in the direction of the data ({@code stage3}) or as in PyTorch
 * ({@code conv_down_list.2}), of any other part ({@code conv_down_list.2.conv_list.0}), or of a vertex. A part's output is
 * that of its last vertex.
 */
public final class Features {
    /** What the names of a stage's vertices begin with: before its last block, or by number. */
    private static final Pattern STAGE =
            Pattern.compile("(.*?)\\.conv_scale\\..*|((?:en|de)coder\\.stages\\.\\d+)\\..*");

    private static final Pattern COUNTED = Pattern.compile("stage(\\d{1,4})");

    private final ComputationGraph network;
    private final List<String> vertices;

    private Features(ComputationGraph network) {
        this.network = network;
        this.vertices = Arrays.stream(network.topologicalSortOrder())
                .mapToObj(index -> network.getVertices()[index].getVertexName())
                .toList();
    }

    /**
     * {@return the outputs inside that network; it may be trained on in between}
     *
     * @param network the network
     */
    public static Features of(ComputationGraph network) {
        return new Features(network);
    }

    /**
     * {@return the stages in the direction of the data, named as in PyTorch; {@code stage1} is the first of them}
     */
    public List<String> stages() {
        return vertices.stream()
                .map(STAGE::matcher)
                .filter(Matcher::matches)
                .map(stage -> stage.group(1) == null ? stage.group(2) : stage.group(1))
                .distinct()
                .toList();
    }

    /**
     * {@return the vertex whose output has that name; DL4J's {@code TransferLearning} takes it}
     *
     * @param name the name, in any case
     * @throws ArgumentException if there is none, with the stages there are
     */
    public String vertex(String name) {
        if (vertices.contains(name)) {
            return name;
        }
        List<String> stages = stages();
        Matcher counted = COUNTED.matcher(name);
        int number = counted.matches() ? Integer.parseInt(counted.group(1)) : 0;
        String part = (number >= 1 && number <= stages.size() ? stages.get(number - 1) : name) + ".";
        return vertices.stream()
                .filter(vertex -> vertex.startsWith(part))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new ArgumentException(
                        "name",
                        "no stage, part or vertex \"" + name + "\"",
                        "use one of the stages, " + described(stages) + ", or of the vertices between "
                                + vertices.get(0) + " and " + vertices.get(vertices.size() - 1)));
    }

    private static String described(List<String> stages) {
        return IntStream.range(0, stages.size())
                .mapToObj(i -> "stage" + (i + 1) + " (" + stages.get(i) + ")")
                .toList()
                .toString();
    }

    /**
     * The output of that name for these inputs, as at inference.
     *
     * @param name the name, in any case
     * @param inputs features, {@code [N, C, size...]}
     * @return {@code [N, C, size...]}, as a rule
     * @throws ArgumentException if there is nothing of that name
     */
    public INDArray at(String name, INDArray... inputs) {
        return at(List.of(name), inputs).get(0);
    }

    /**
     * {@return several outputs at once, in the order of their names}
     *
     * @param names as {@link #vertex} takes them
     * @param inputs features, {@code [N, C, size...]}
     */
    public List<INDArray> at(List<String> names, INDArray... inputs) {
        return List.of(network.output(names.stream().map(this::vertex).toList(), false, inputs, null));
    }
}
