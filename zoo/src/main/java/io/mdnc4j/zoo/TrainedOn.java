package io.mdnc4j.zoo;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * What the examples were like that a network was trained on: by it files are read as they were then, and inputs that are of
 * another kind are told apart. Part of a {@link ModelDescription}.
 *
 * @param examples how many; {@code null} if unknown
 * @param channels which channels pictures have as inputs, such as {@code gray}; {@code null} for those of their colours
 * @param classValues which classes the values of targets stand for, such as {@code 0:0,255:1}; {@code null} where each has its own
 * @param values of the inputs, for each channel; empty if unknown
 * @param smallest size of an input on each axis; empty if unknown
 * @param largest size of an input on each axis; empty if unknown
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainedOn(
        @JsonProperty("examples") Integer examples,
        @JsonProperty("channels") String channels,
        @JsonProperty("class_values") String classValues,
        @JsonProperty("values") List<Values> values,
        @JsonProperty("smallest") List<Long> smallest,
        @JsonProperty("largest") List<Long> largest) {
    /** Nothing is known. */
    public static final TrainedOn UNKNOWN = new TrainedOn(null, null, null, List.of(), List.of(), List.of());

    /** Whether there is nothing to write, as Jackson asks filters of values. */
    static final class Unknown {
        @Override
        public boolean equals(Object other) {
            return other == null || UNKNOWN.equals(other);
        }

        @Override
        public int hashCode() {
            return UNKNOWN.hashCode();
        }
    }

    /**
     * Lists are copied; {@code null} stands for empty ones.
     *
     * @param examples how many; {@code null} if unknown
     * @param channels which channels pictures have as inputs; {@code null} for those of their colours
     * @param classValues which classes the values of targets stand for; {@code null} where each has its own
     * @param values of the inputs, for each channel; empty if unknown
     * @param smallest size of an input on each axis; empty if unknown
     * @param largest size of an input on each axis; empty if unknown
     */
    public TrainedOn {
        values = values == null ? List.of() : List.copyOf(values);
        smallest = smallest == null ? List.of() : List.copyOf(smallest);
        largest = largest == null ? List.of() : List.copyOf(largest);
    }

    /**
     * Values of a channel of the inputs.
     *
     * @param minimum the least one of all
     * @param low below which is 1% of an input, in that where it is least
     * @param median the median of the inputs' medians
     * @param high above which is 1% of an input, in that where it is greatest
     * @param maximum the greatest one of all
     * @param spread the median of the distances between those two places of each input
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Values(
            @JsonProperty("minimum") double minimum,
            @JsonProperty("low") double low,
            @JsonProperty("median") double median,
            @JsonProperty("high") double high,
            @JsonProperty("maximum") double maximum,
            @JsonProperty("spread") double spread) {
        private boolean isFinite() {
            return Double.isFinite(minimum + low + median + high + maximum + spread);
        }
    }

    /** Refuses what cannot be. */
    void check() throws IOException {
        LongPredicate size = axis -> axis > 0;
        if (smallest.size() != largest.size()
                || !smallest.stream().allMatch(size::test)
                || !largest.stream().allMatch(size::test)
                || !values.stream().allMatch(Values::isFinite)) {
            throw new IOException("the model's description is not valid: trained_on " + this
                    + ", use finite numbers, and as many smallest as largest sizes of at least 1");
        }
    }
}
