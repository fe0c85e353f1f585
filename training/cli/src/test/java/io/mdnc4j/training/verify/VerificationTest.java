package io.mdnc4j.training.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training to class numbers, against softmax regression written out here, and cases that cannot be computed. */
class VerificationTest {
    private static final int SAMPLES = 2;
    private static final int INPUTS = 2;
    private static final int CLASSES = 3;
    private static final int POSITIONS = 4;
    private static final int STEPS = 5;

    @TempDir
    Path folder;

    private final double[] input =
            new Random(1).doubles(SAMPLES * INPUTS * POSITIONS, -1, 1).toArray();
    private final double[] target =
            new Random(2).ints(SAMPLES * POSITIONS, 0, CLASSES).asDoubleStream().toArray();

    /** Weights {@code [3, 2]}, then three biases. */
    private final double[] start =
            new Random(3).doubles(CLASSES * INPUTS + CLASSES, -1, 1).toArray();

    @Test
    void targetsMayBeClassNumbers() throws IOException {
        writeCase("by-number", json -> {});
        assertEquals("PASS by-number\n1 passed, 0 failed\n", verify(true));
    }

    @Test
    void aWrongLossOfClassNumbersFails() throws IOException {
        writeCase("wrong", json -> {
            ArrayNode losses = (ArrayNode) json.at("/adam/loss");
            losses.set(2, losses.get(2).asDouble() * (1 + 1e-6));
        });
        String report = verify(false);
        assertTrue(report.startsWith("FAIL wrong adam/loss[2] "), report);
    }

    @Test
    void whatCannotBeComputedFailsAndTheOthersGoOn() throws IOException {
        writeCase("a-damaged", json -> {});
        Files.writeString(folder.resolve("a-damaged/case.json"), "{\"id\": ");
        writeCase("b-unknown", json -> json.put("op", "other.PlainConvUNet1d"));
        writeCase("c-loss", json -> json.put("loss", "l1_mean"));
        writeCase("d-kind", json -> json.put("kind", "prediction"));
        writeCase("e-args", json -> json.putObject("args").put("kernel_size", "large"));
        target[5] = CLASSES;
        writeCase("f-number", json -> {});
        target[5] = 0;
        writeCase("g-good", json -> {});
        Files.createDirectories(folder.resolve("h-empty"));

        List<String> lines = verify(false).lines().toList();
        assertEquals(8, lines.size(), lines.toString());
        List<String> reasons = List.of("cannot be read", "other", "l1_mean", "prediction", "args", "labels: 3.0");
        for (int i = 0; i < reasons.size(); i++) {
            assertTrue(lines.get(i).startsWith("FAIL " + (char) ('a' + i)), lines.get(i));
            assertTrue(lines.get(i).contains(reasons.get(i)), lines.get(i));
        }
        assertEquals("PASS g-good", lines.get(6));
        assertEquals("1 passed, 6 failed", lines.get(7));
    }

    @Test
    void aFolderWithoutCasesIsRefused() {
        assertThrows(ArgumentException.class, () -> verify(false));
        assertThrows(
                ArgumentException.class,
                () -> Verification.run(
                        List.of(folder.resolve("none")), Precision.DOUBLE, new PrintWriter(new StringWriter())));
    }

    private String verify(boolean passes) {
        StringWriter out = new StringWriter();
        boolean passed = Verification.run(List.of(folder), Precision.DOUBLE, new PrintWriter(out));
        assertEquals(passes, passed, out.toString());
        assertFalse(out.toString().contains("\tat "), out.toString());
        return out.toString().replace(System.lineSeparator(), "\n");
    }

    /** Moments and parameters of one training. */
    private final class Regression {
        private final double[] parameters = start.clone();
        private final double[] first = new double[start.length];
        private final double[] second = new double[start.length];
        private int steps;

        /** Outputs {@code [N, K, L]}. */
        double[] outputs() {
            double[] outputs = new double[SAMPLES * CLASSES * POSITIONS];
            for (int n = 0; n < SAMPLES; n++) {
                for (int k = 0; k < CLASSES; k++) {
                    for (int l = 0; l < POSITIONS; l++) {
                        double sum = parameters[CLASSES * INPUTS + k];
                        for (int c = 0; c < INPUTS; c++) {
                            sum += parameters[k * INPUTS + c] * input[(n * INPUTS + c) * POSITIONS + l];
                        }
                        outputs[(n * CLASSES + k) * POSITIONS + l] = sum;
                    }
                }
            }
            return outputs;
        }

        /** The loss; its gradient is added to that array. */
        double loss(double... gradient) {
            double[] outputs = outputs();
            double loss = 0;
            int count = SAMPLES * POSITIONS;
            for (int n = 0; n < SAMPLES; n++) {
                for (int l = 0; l < POSITIONS; l++) {
                    double total = 0;
                    for (int k = 0; k < CLASSES; k++) {
                        total += Math.exp(outputs[(n * CLASSES + k) * POSITIONS + l]);
                    }
                    int known = (int) target[n * POSITIONS + l];
                    for (int k = 0; k < CLASSES; k++) {
                        double probability = Math.exp(outputs[(n * CLASSES + k) * POSITIONS + l]) / total;
                        loss -= k == known ? Math.log(probability) / count : 0;
                        double slope = (probability - (k == known ? 1 : 0)) / count;
                        gradient[CLASSES * INPUTS + k] += slope;
                        for (int c = 0; c < INPUTS; c++) {
                            gradient[k * INPUTS + c] += slope * input[(n * INPUTS + c) * POSITIONS + l];
                        }
                    }
                }
            }
            return loss;
        }

        void step(String method) {
            double[] gradient = new double[start.length];
            loss(gradient);
            steps++;
            double scale = 1 - Math.pow(0.9, steps);
            double scaleOfSquares = 1 - Math.pow(0.999, steps);
            for (int i = 0; i < gradient.length; i++) {
                first[i] = 0.9 * first[i] + 0.1 * gradient[i];
                second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
                parameters[i] -= switch (method) {
                    case "sgd" -> 0.05 * gradient[i];
                    case "adam" -> 1e-3 * first[i] / scale / (Math.sqrt(second[i] / scaleOfSquares) + 1e-8);
                    default -> 1e-3 * Math.sqrt(scaleOfSquares) / scale * first[i] / (Math.sqrt(second[i]) + 1e-8);
                };
            }
        }
    }

    /** Writes a case as src/reference/README.md describes them. */
    private void writeCase(String id, Consumer<ObjectNode> change) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode();
        json.put("id", id)
                .put("kind", "training")
                .put("op", "conv.ConvModern1d")
                .put("mode", "train");
        json.put("loss", "cross_entropy_mean").put("steps", STEPS).put("grad_scale", 1.0);
        ObjectNode args = json.putObject("args");
        args.put("in_planes", INPUTS)
                .put("out_planes", CLASSES)
                .put("kernel_size", 1)
                .put("stride", 1);
        args.put("padding", 0).put("normalizer", "null").put("activator", "null");
        json.putArray("tensors");
        ByteBuffer bytes = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);
        add(json, bytes, "input", input, SAMPLES, INPUTS, POSITIONS);
        add(json, bytes, "target", target, SAMPLES, POSITIONS);
        Regression regression = new Regression();
        addParameters(json, bytes, "state/", start);
        add(json, bytes, "output0", regression.outputs(), SAMPLES, CLASSES, POSITIONS);
        double[] gradient = new double[start.length];
        regression.loss(gradient);
        addParameters(json, bytes, "grad0/", gradient);
        for (String method : new String[] {"sgd", "adam", "adam_epshat"}) {
            regression = new Regression();
            ArrayNode losses = json.putObject(method).putArray("loss");
            for (int step = 0; step < STEPS; step++) {
                losses.add(regression.loss(new double[start.length]));
                regression.step(method);
            }
            losses.add(regression.loss(new double[start.length]));
            addParameters(json, bytes, "final_" + method + "/", regression.parameters);
        }
        change.accept(json);
        Path path = Files.createDirectories(folder.resolve(id));
        Files.writeString(path.resolve("case.json"), mapper.writeValueAsString(json));
        Files.write(path.resolve("tensors.bin"), Arrays.copyOf(bytes.array(), bytes.position()));
    }

    private static void addParameters(ObjectNode json, ByteBuffer bytes, String prefix, double... values) {
        int weights = CLASSES * INPUTS;
        add(json, bytes, prefix + "mconv.0.weight", Arrays.copyOf(values, weights), CLASSES, INPUTS, 1);
        add(json, bytes, prefix + "mconv.0.bias", Arrays.copyOfRange(values, weights, values.length), CLASSES);
    }

    private static void add(ObjectNode json, ByteBuffer bytes, String name, double[] values, int... shape) {
        ObjectNode tensor = ((ArrayNode) json.get("tensors")).addObject();
        tensor.put("name", name).put("offset", bytes.position()).put("count", values.length);
        Arrays.stream(shape).forEach(tensor.putArray("shape")::add);
        for (double value : values) {
            bytes.putDouble(value);
        }
    }
}
