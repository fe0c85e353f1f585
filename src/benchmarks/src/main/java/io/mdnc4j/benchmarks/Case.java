package io.mdnc4j.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/**
 * A network and its input, as {@code cases.json} has it.
 *
 * @param name what options and tables call it
 * @param model the model's name, such as {@code resnet.ae1d}
 * @param block kind of block; {@code null} for nnU-Net's networks
 * @param channel channels of the outermost stages; 0 for nnU-Net's networks
 * @param features channels of each stage of nnU-Net's networks; {@code null} for others
 * @param layers blocks of each stage
 * @param kernel kernel size of the inner convolutions, on every axis
 * @param outputs channels of the output, or length of an encoder's vector
 * @param input shape of the input, {@code N, C, size...}
 */
record Case(
        String name,
        String model,
        String block,
        int channel,
        int[] features,
        int[] layers,
        int kernel,
        int outputs,
        int[] input) {
    /** All cases, in the order of the file. */
    static List<Case> all() {
        try (InputStream file = Case.class.getResourceAsStream("/cases.json")) {
            return List.of(new ObjectMapper().readValue(file, Case[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The case of that name. */
    static Case named(String name) {
        List<Case> all = all();
        return all.stream()
                .filter(known -> known.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("case: " + name + "; use one of "
                        + String.join(", ", all.stream().map(Case::name).toList())));
    }

    /** Shape of one sample, {@code C, size...}. */
    int[] sample() {
        return Arrays.copyOfRange(input, 1, input.length);
    }
}
