package io.mdnc4j.training.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.zoo.Family;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.SpecOption;
import io.mdnc4j.zoo.SpecValues;
import io.mdnc4j.zoo.Task;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.deeplearning4j.arbiter.GraphConfiguration;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxCandidatesCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.generator.GeneticSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;
import org.deeplearning4j.arbiter.scoring.impl.TestSetLossScoreFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ZooSpaceTest {
    private static final ZooSpace SPACE = ZooSpace.builder(1, 64).build();

    /** Every point of the cube, its corners too, is a network whose settings lie in the space. */
    @Property(tries = 60)
    void everyPointIsAValidNetwork(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = IntStream.range(0, SPACE.numParameters())
                .mapToDouble(i -> random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble())
                .toArray();
        Hyperparameters settings = SPACE.settings(values);
        SpecValues geometry = settings.geometry();
        assertTrue(settings.family().blocks().contains(geometry.get(SpecOption.BLOCK)));
        List<Integer> layers = geometry.get(SpecOption.LAYERS);
        assertTrue(layers.size() >= 2 && layers.size() <= 4, settings.toString());
        assertTrue(layers.stream().allMatch(depth -> depth >= 1 && depth <= 3), settings.toString());
        int channel = geometry.get(SpecOption.CHANNEL);
        assertTrue(channel >= 4 && channel <= 32, settings.toString());
        assertTrue(
                List.of(3, 5, 7).contains(geometry.get(SpecOption.KERNEL_SIZE).get(0)), settings.toString());
        assertTrue(settings.learningRate() >= 1e-4 && settings.learningRate() <= 3e-2, settings.toString());
        assertTrue(settings.weightDecay() >= 1e-6 && settings.weightDecay() <= 1e-2, settings.toString());
        GraphConfiguration value = SPACE.getValue(values);
        assertEquals(SPACE.model(settings).conf(), value.getConfiguration());
    }

    /** Families draw from the networks that they have; strides divide what can be divided. */
    @Property(tries = 30)
    void familiesHaveNetworksOfTheirOwn(@ForAll long seed) {
        ZooSpace space = ZooSpace.builder(1, 12, 16)
                .outputs(2)
                .task(Task.SEGMENTATION)
                .set(Hyperparameter.FAMILY, Range.of("conv", "nnunet"))
                .set(Hyperparameter.NETWORK, Range.of("unet", "plain", "residual"))
                .set(Hyperparameter.STAGES, Range.between(2, 6))
                .set(Hyperparameter.CHANNEL, Range.of(4))
                .build();
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = IntStream.range(0, space.numParameters())
                .mapToDouble(i -> random.nextDouble())
                .toArray();
        Hyperparameters settings = space.settings(values);
        assertTrue(settings.family().networks().contains(settings.network()), settings.toString());
        assertEquals("4", settings.toMap().get("channel"));
        assertTrue(List.of("3", "5", "7").contains(settings.toMap().get("kernel_size")));
        space.getValue(values);
    }

    @Test
    void familiesWithoutANetworkAreRefused() {
        ZooSpace.Builder builder = ZooSpace.builder(1, 64).set(Hyperparameter.FAMILY, Range.of("conv", "nnunet"));
        ArgumentException e = assertThrows(ArgumentException.class, builder::build);
        assertTrue(e.getMessage().contains("plain"), e.getMessage());
    }

    @Test
    void whatDoesNotApplyMakesNoDifference() {
        ZooSpace space = ZooSpace.builder(1, 64)
                .set(Hyperparameter.FAMILY, Range.of("conv"))
                .set(Hyperparameter.STAGES, Range.of(2, 3))
                .build();
        double[] two = filled(space, 0);
        double[] alsoTwo = two.clone();
        List<String> names = space.getNestedSpaces().keySet().stream()
                .filter(name -> space.getNestedSpaces().get(name).numParameters() > 0)
                .toList();
        alsoTwo[names.indexOf("block")] = 1;
        alsoTwo[names.indexOf("depth3")] = 1;
        assertEquals(space.settings(two), space.settings(alsoTwo));
        alsoTwo[names.indexOf("depth2")] = 1;
        assertNotEquals(space.settings(two), space.settings(alsoTwo));
    }

    private static double[] filled(ZooSpace space, double value) {
        double[] values = new double[space.numParameters()];
        Arrays.fill(values, value);
        return values;
    }

    @Test
    void anySubsetIsFixed() {
        ZooSpace space = ZooSpace.builder(3, 16, 16, 16)
                .outputs(2)
                .task(Task.CLASSIFICATION)
                .set(Hyperparameter.FAMILY, Range.of("resnet"))
                .set(Hyperparameter.NETWORK, Range.of("unet"))
                .set(Hyperparameter.BLOCK, Range.of("plain"))
                .set(Hyperparameter.STAGES, Range.of(3))
                .set(Hyperparameter.DEPTH, Range.between(2, 2))
                .set(Hyperparameter.CHANNEL, Range.of(8))
                .set(Hyperparameter.KERNEL_SIZE, Range.between(2, 4))
                .set(Hyperparameter.LEARNING_RATE, Range.of(1e-3))
                .set(Hyperparameter.UPDATER, Range.of("nadam"))
                .set(Hyperparameter.BATCH, Range.of(4))
                .set(Hyperparameter.WEIGHT_DECAY, Range.of(0))
                .build();
        assertEquals(0, space.numParameters());
        assertEquals(
                new Hyperparameters(
                        Family.RESNET,
                        Network.UNET,
                        SpecValues.of(Map.of("block", "plain", "layers", "2,2,2", "channel", 8, "kernel_size", 3)),
                        1e-3,
                        "nadam",
                        4,
                        0),
                space.settings(new double[0]));
        assertEquals("resnet.unet3d", space.model(space.settings(new double[0])).modelName());
    }

    @Test
    void theLargestNetworksCanBeDescribed() {
        ZooSpace space = ZooSpace.builder(1, 4096)
                .set(Hyperparameter.STAGES, Range.of(12))
                .set(Hyperparameter.CHANNEL, Range.of(512))
                .set(Hyperparameter.KERNEL_SIZE, Range.of(31))
                .build();
        assertTrue(space.getValue(filled(space, 1))
                        .getConfiguration()
                        .getVertices()
                        .size()
                > 50);
    }

    @ParameterizedTest
    @EnumSource(
            value = Network.class,
            names = {"UNET", "AUTO_ENCODER", "ENCODER"})
    void networksTakeTheirSettings(Network network) {
        ZooSpace space = ZooSpace.builder(2, 16, 16)
                .outputs(5)
                .task(network == Network.ENCODER ? Task.CLASSIFICATION : Task.REGRESSION)
                .set(Hyperparameter.NETWORK, Range.of(network.code()))
                .set(Hyperparameter.WEIGHT_DECAY, Range.of(0.25))
                .set(Hyperparameter.UPDATER, Range.of("sgd"))
                .set(Hyperparameter.CHANNEL, Range.of(4))
                .build();
        ComputationGraph graph =
                new ComputationGraph(space.getValue(filled(space, 0)).getConfiguration());
        graph.init();
        assertEquals(
                5,
                graph.outputSingle(org.nd4j.linalg.factory.Nd4j.rand(1, 2, 16, 16))
                        .size(1));
        assertTrue(graph.calcRegularizationScore(true) > 0);
        String json = graph.getConfiguration().toJson();
        assertTrue(json.contains("Sgd") && json.contains("0.25"), json);
    }

    static Stream<CandidateGenerator> generators() {
        ZooSpace small = ZooSpace.builder(1, 32)
                .set(Hyperparameter.FAMILY, Range.of("conv"))
                .set(Hyperparameter.STAGES, Range.of(2, 3))
                .set(Hyperparameter.WEIGHT_DECAY, Range.of(0.1))
                .set(Hyperparameter.LEARNING_RATE, Range.between(0.1, 0.2))
                .set(Hyperparameter.DEPTH, Range.of(1))
                .build();
        return Stream.concat(
                Stream.of(
                        new RandomSearchGenerator(small),
                        new GridSearchCandidateGenerator(small, 2, GridSearchCandidateGenerator.Mode.Sequential, null)),
                Arrays.stream(SearchMethod.values()).map(method -> new SearchGenerator(small, method, 9, 4)));
    }

    @ParameterizedTest
    @MethodSource("generators")
    void survivesArbitersJson(CandidateGenerator generator) {
        OptimizationConfiguration configuration = new OptimizationConfiguration.Builder()
                .candidateGenerator(generator)
                .scoreFunction(new TestSetLossScoreFunction())
                .terminationConditions(new MaxCandidatesCondition(3))
                .rngSeed(7)
                .build();
        OptimizationConfiguration read = OptimizationConfiguration.fromJson(configuration.toJson());
        assertEquals(configuration, read);
        assertEquals(generator.getParameterSpace(), read.getCandidateGenerator().getParameterSpace());
        // Arbiter keeps the seed of its random search in the configuration only
        read.getCandidateGenerator().setRngSeed(7);
        for (int i = 0; i < 4 && generator.hasMoreCandidates(); i++) {
            Candidate<?> candidate = generator.getCandidate();
            assertNull(candidate.getException());
            assertTrue(read.getCandidateGenerator().hasMoreCandidates());
            assertEquals(
                    candidate.getValue(),
                    read.getCandidateGenerator().getCandidate().getValue());
        }
    }

    @Test
    void arbitersGeneticSearchAcceptsIt() {
        CandidateGenerator genetic =
                new GeneticSearchCandidateGenerator.Builder(SPACE, new TestSetLossScoreFunction()).build();
        assertNull(genetic.getCandidate().getException());
    }

    static Stream<Object[]> wrong() {
        return Stream.of(
                new Object[] {Hyperparameter.KERNEL_SIZE, Range.of(3, 4), "kernel_size: 4"},
                new Object[] {Hyperparameter.KERNEL_SIZE, Range.between(4, 4), "kernel_size"},
                new Object[] {Hyperparameter.FAMILY, Range.of("vgg"), "conv, resnet"},
                new Object[] {Hyperparameter.FAMILY, Range.between(0, 1), "family: an interval"},
                new Object[] {Hyperparameter.NETWORK, Range.of("decoder"), "decoder"},
                new Object[] {Hyperparameter.BLOCK, Range.of("conv"), "plain, bottleneck"},
                new Object[] {Hyperparameter.STAGES, Range.of(1), "stages: 1"},
                new Object[] {Hyperparameter.DEPTH, Range.of(1.5), "depth: 1.5"},
                new Object[] {Hyperparameter.CHANNEL, Range.between(1.5, 3), "whole numbers"},
                new Object[] {Hyperparameter.CHANNEL, Range.of(1 << 20), "1 to 1024"},
                new Object[] {Hyperparameter.LEARNING_RATE, Range.of(-1), "learning_rate: -1"},
                new Object[] {Hyperparameter.LEARNING_RATE, Range.of("fast"), "a number"},
                new Object[] {Hyperparameter.UPDATER, Range.of("adamw"), "one of adam, "},
                new Object[] {Hyperparameter.WEIGHT_DECAY, Range.of(-0.1), "weight_decay: -0.1"},
                new Object[] {Hyperparameter.BATCH, Range.of(0), "batch: 0"});
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongRangesAreNamed(Hyperparameter setting, Range range, String message) {
        ZooSpace.Builder builder = ZooSpace.builder(1, 64).set(setting, range);
        String told =
                assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(told.startsWith("space: ") || told.startsWith("network: "), told);
        assertTrue(told.contains(message), told);
    }

    @Test
    void rangesAreReadAsJsonHasThem() {
        for (Hyperparameter setting : Hyperparameter.values()) {
            assertEquals(setting.usual(), Range.parse(setting.usual().toJson()));
        }
        for (Object wrong : new Object[] {
            List.of(),
            List.of(List.of(1)),
            java.util.Map.of("min", 1),
            java.util.Map.of("min", 2, "max", 1),
            java.util.Map.of("min", 0, "max", 1, "scale", "log"),
            java.util.Map.of("min", 1, "max", 2, "scale", "cubic"),
            java.util.Map.of("min", 1, "max", 2, "step", 1),
            java.util.Collections.singletonMap("scale", null),
            true
        }) {
            assertThrows(IllegalArgumentException.class, () -> Range.parse(wrong), wrong.toString());
        }
        assertFalse(Range.of(1).isInterval());
    }

    @Test
    void stylesAreSearchedWhenGiven() {
        double[] middle = new double[SPACE.numParameters()];
        Arrays.fill(middle, 0.5);
        assertFalse(SPACE.settings(middle).toMap().containsKey("normalizer"), "what stays is no column");
        ZooSpace space = ZooSpace.builder(1, 32)
                .set(Hyperparameter.NORMALIZER, Range.of("batch", "inst"))
                .set(Hyperparameter.ACTIVATOR, Range.of("relu"))
                .build();
        Set<String> seen = new HashSet<>();
        for (double part : new double[] {0.1, 0.9}) {
            double[] values = new double[space.numParameters()];
            Arrays.fill(values, part);
            Hyperparameters settings = space.settings(values);
            seen.add(settings.toMap().get("normalizer"));
            assertEquals("relu", settings.toMap().get("activator"));
            assertEquals(
                    settings.toMap().get("normalizer"),
                    space.model(settings).spec().style().normalizer().code());
        }
        assertEquals(Set.of("batch", "inst"), seen);
    }
}
