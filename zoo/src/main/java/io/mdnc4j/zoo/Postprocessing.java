package io.mdnc4j.zoo;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;

/**
 * How a class of positions is cleaned once a network has found it in a whole input: components (elements that touch by a face) of
 * few elements become background, or all but the largest one, then the background that the class encloses becomes the class. Part
 * of a {@link ModelDescription}.
 *
 * @param of number of the class, from 1; 0 is the background
 * @param largest whether its largest component alone is kept
 * @param least elements that a component needs to be kept, on the grid of the description; up to 1 for any
 * @param holes whether the background that it encloses is filled
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Postprocessing(
        @JsonProperty("of") int of,

        @JsonProperty("largest") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean largest,

        @JsonProperty("least") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        long least,

        @JsonProperty("holes") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean holes) {
    /** {@return whether it changes nothing, whatever the input} */
    public boolean changesNothing() {
        return !largest && least <= 1 && !holes;
    }

    /** Whether it can be done to one of so many classes. */
    boolean suits(int classes) {
        return of >= 1 && of < classes && least >= 0;
    }

    /** {@return such as {@code largest component, holes filled}} */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (largest) {
            parts.add("largest component");
        } else if (least > 1) {
            parts.add("components of " + least + " elements or more");
        }
        if (holes) {
            parts.add("holes filled");
        }
        return parts.isEmpty() ? "as it is" : String.join(", ", parts);
    }
}
