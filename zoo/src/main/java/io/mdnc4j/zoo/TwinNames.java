package io.mdnc4j.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The further names under which a state_dict of nnU-Net's networks has the same tensor, since in PyTorch one module is an
 * attribute of several: a unit's convolution and normalisation are {@code conv} and {@code norm} and again
 * {@code all_modules.0} and {@code all_modules.1}, and the encoder is the decoder's too, {@code decoder.encoder}. The first
 * name is that of {@code named_parameters()}, {@code conv}, {@code norm} and {@code encoder}, which parameters have here.
 */
public final class TwinNames {
    private static final String ENCODER = "encoder.";
    private static final String OF_DECODER = "decoder.";

    /** A parameter of a unit: of which part of the network, and of which of the unit's modules. */
    private static final Pattern OF_UNIT = Pattern.compile(
            "((?:encoder\\.stem\\.convs\\.\\d+|encoder\\.stages\\.\\d+\\.(?:0\\.convs\\.\\d+|blocks\\.\\d+\\.(?:conv[12]|skip\\.\\d+))"
                    + "|decoder\\.stages\\.\\d+\\.convs\\.\\d+)\\.)(conv|norm)(\\.\\w+)");

    private static final Pattern DECODERS_ENCODER = Pattern.compile("(^|\\.)decoder\\.encoder\\.");
    private static final Pattern CONVOLUTION = Pattern.compile("\\.all_modules\\.0\\.");
    private static final Pattern NORMALIZATION = Pattern.compile("\\.all_modules\\.1\\.");

    private TwinNames() {}

    /**
     * {@return the further names of a parameter; empty for those of other networks, and those that have one name}
     *
     * @param key its first name, as in {@link StateDict}
     */
    public static List<String> of(String key) {
        Matcher unit = OF_UNIT.matcher(key);
        if (!unit.matches()) {
            return List.of();
        }
        String again = unit.group(1) + "all_modules." + (unit.group(2).equals("conv") ? 0 : 1) + unit.group(3);
        List<String> names = new ArrayList<>(List.of(again));
        if (key.startsWith(ENCODER)) {
            names.add(OF_DECODER + key);
            names.add(OF_DECODER + again);
        }
        return names;
    }

    /**
     * {@return the first name of a tensor; others than those of nnU-Net's networks keep their own}
     *
     * @param key any of its names, with whatever wrappers put before it
     */
    public static String first(String key) {
        String own = DECODERS_ENCODER.matcher(key).replaceFirst("$1encoder.");
        own = CONVOLUTION.matcher(own).replaceFirst(".conv.");
        return NORMALIZATION.matcher(own).replaceFirst(".norm.");
    }
}
