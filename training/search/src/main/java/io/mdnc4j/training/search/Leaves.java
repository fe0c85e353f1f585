package io.mdnc4j.training.search;

import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.NetworkSpec;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.SpecValues;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;

/** Arbiter's spaces of the settings, and what the numbers of a candidate mean in them. */
final class Leaves {
    /** Digits of numbers drawn from intervals: more make no difference but in tables. */
    private static final MathContext DIGITS = new MathContext(4);

    private final Map<Hyperparameter, Range> ranges;
    private final long[] size;
    private final Map<String, ParameterSpace<?>> byName = new LinkedHashMap<>();
    private final int dimensions;

    /**
     * @param ranges checked ranges of all settings
     * @param size spatial size of inputs
     */
    Leaves(Map<Hyperparameter, Range> ranges, long... size) {
        this.ranges = ranges;
        this.size = size;
        ranges.forEach((setting, range) -> {
            if (setting == Hyperparameter.DEPTH) {
                for (int stage = 0; stage < mostStages(); stage++) {
                    byName.put(depth(stage), setting.leaf(range));
                }
            } else {
                byName.put(setting.code(), setting.leaf(range));
            }
        });
        int count = 0;
        for (ParameterSpace<?> leaf : byName.values()) {
            if (leaf.numParameters() > 0) {
                // as Arbiter's generators number them
                leaf.setIndices(count++);
            }
        }
        this.dimensions = count;
    }

    private static String depth(int stage) {
        return Hyperparameter.DEPTH.code() + (stage + 1);
    }

    private int mostStages() {
        Range stages = ranges.get(Hyperparameter.STAGES);
        return stages.isInterval()
                ? (int) stages.most()
                : stages.values().stream().mapToInt(n -> (Integer) n).max().orElseThrow();
    }

    /** The spaces by the settings' names, in the order of a candidate's numbers; each stage has a depth. */
    Map<String, ParameterSpace<?>> byName() {
        return Collections.unmodifiableMap(byName);
    }

    /** How many numbers a candidate has. */
    int dimensions() {
        return dimensions;
    }

    /** What the numbers of a candidate, each in [0, 1], mean. */
    Hyperparameters settings(double... values) {
        Family family = named(Family.values(), Family::code, code(Hyperparameter.FAMILY, values));
        List<Integer> layers = new ArrayList<>();
        for (int stage = 0; stage < integer(Hyperparameter.STAGES, values); stage++) {
            layers.add(integer(Hyperparameter.DEPTH, depth(stage), values));
        }
        Network network = network(family, values);
        return new Hyperparameters(
                family,
                network,
                geometry(family, network, layers, values).withRead(SpecOption.LAYERS, layers),
                real(Hyperparameter.LEARNING_RATE, values),
                code(Hyperparameter.UPDATER, values),
                integer(Hyperparameter.BATCH, values),
                real(Hyperparameter.WEIGHT_DECAY, values));
    }

    /** The network that was drawn or, where the family does not have it, one of those that it has in its place. */
    private Network network(Family family, double... values) {
        String drawn = code(Hyperparameter.NETWORK, values);
        List<String> all = ranges.get(Hyperparameter.NETWORK).values().stream()
                .map(Object::toString)
                .toList();
        List<Network> own = all.stream()
                .map(code -> named(Network.values(), Network::code, code))
                .filter(family.networks()::contains)
                .toList();
        return own.stream()
                .filter(network -> network.code().equals(drawn))
                .findFirst()
                .orElseGet(() -> own.get(all.indexOf(drawn) % own.size()));
    }

    /**
     * What is searched of the geometry, beside the stages: what the network has of it. A family with one kind of block has no
     * choice.
     */
    private SpecValues geometry(Family family, Network network, List<Integer> layers, double... values) {
        SpecValues geometry = SpecValues.NONE;
        for (Hyperparameter setting : Hyperparameter.values()) {
            if (setting.option() != null && setting.option().isOf(network) && !setting.isDefault(ranges.get(setting))) {
                geometry = geometry.withRead(
                        setting.option(),
                        setting.option().codes().isEmpty() ? integer(setting, values) : code(setting, values));
            }
        }
        if (family.blocks().isEmpty()) {
            int channel = integer(Hyperparameter.CHANNEL, values);
            int kernel = integer(Hyperparameter.KERNEL_SIZE, values);
            int[] each = layers.stream().mapToInt(n -> n).toArray();
            return geometry.with(NetworkSpec.stages(network, channel, kernel, each))
                    .with(NetworkSpec.strides(network, each.length, size));
        }
        return family.blocks().size() == 1
                ? geometry.with(SpecOption.BLOCK, family.blocks().get(0))
                : geometry;
    }

    private static <T> T named(T[] all, Function<T, String> code, String wanted) {
        return Arrays.stream(all)
                .filter(value -> code.apply(value).equals(wanted))
                .findFirst()
                .orElseThrow();
    }

    private Object value(String leaf, double... values) {
        return byName.get(leaf).getValue(values);
    }

    private String code(Hyperparameter setting, double... values) {
        return value(setting.code(), values).toString();
    }

    private int integer(Hyperparameter setting, double... values) {
        return integer(setting, setting.code(), values);
    }

    private int integer(Hyperparameter setting, String leaf, double... values) {
        long rounded = Math.round(((Number) value(leaf, values)).doubleValue());
        Range range = ranges.get(setting);
        return (int) (range.isInterval() ? Math.max(range.least(), Math.min(range.most(), rounded)) : rounded);
    }

    private double real(Hyperparameter setting, double... values) {
        double value = (Double) value(setting.code(), values);
        Range range = ranges.get(setting);
        if (!range.isInterval()) {
            return value;
        }
        double rounded = BigDecimal.valueOf(value).round(DIGITS).doubleValue();
        return Math.max(range.least(), Math.min(range.most(), rounded));
    }
}
