package io.mdnc4j.training.search;

import org.apache.commons.math3.random.JDKRandomGenerator;
import org.apache.commons.math3.random.RandomGenerator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.Chromosome;
import org.deeplearning4j.arbiter.optimize.generator.genetic.ChromosomeFactory;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.UniformCrossover;
import org.deeplearning4j.arbiter.optimize.generator.genetic.crossover.parentselection.RandomTwoParentSelection;
import org.deeplearning4j.arbiter.optimize.generator.genetic.exceptions.GeneticGenerationException;
import org.deeplearning4j.arbiter.optimize.generator.genetic.mutation.RandomMutationOperator;
import org.deeplearning4j.arbiter.optimize.generator.genetic.population.PopulationModel;
import org.deeplearning4j.arbiter.optimize.generator.genetic.selection.GeneticSelectionOperator;
import org.jspecify.annotations.Nullable;

/**
 * Arbiter's genetic operators with one seeded source of randomness; its own generator takes none and does not survive JSON.
 * A population of at most a third of the candidates (6 to 30), of which the best two thirds stay, uniform crossover of two
 * random parents, and a mutation of about one gene in each child.
 */
final class GeneticStrategy implements Strategy {
    private static final int SMALLEST = 6;
    private static final int LARGEST = 30;
    private static final int PARTS = 3;

    private final ChromosomeFactory chromosomes = new ChromosomeFactory();
    private final PopulationModel population;
    private final GeneticSelectionOperator selection;

    GeneticStrategy(int dimensions, int candidates, long seed) {
        RandomGenerator random = new JDKRandomGenerator(Long.hashCode(seed));
        population = new PopulationModel.Builder()
                .populationSize(Math.max(SMALLEST, Math.min(LARGEST, candidates / PARTS)))
                .build();
        selection = new GeneticSelectionOperator.Builder()
                .crossoverOperator(new UniformCrossover.Builder()
                        .parentSelection(new RandomTwoParentSelection(random))
                        .randomGenerator(random)
                        .build())
                .mutationOperator(new RandomMutationOperator.Builder()
                        .mutationRate(1.0 / Math.max(1, dimensions))
                        .randomGenerator(random)
                        .build())
                .randomGenerator(random)
                .build();
        chromosomes.initializeInstance(dimensions);
        population.initializeInstance(true);
        selection.initializeInstance(population, chromosomes);
    }

    @Override
    public @Nullable Proposal next() {
        try {
            return new Proposal(selection.buildNextGenes(), 1);
        } catch (GeneticGenerationException e) {
            // nothing new in a thousand attempts
            return null;
        }
    }

    @Override
    public void report(Proposal proposal, double score) {
        if (score != FAILED) {
            Chromosome chromosome = chromosomes.createChromosome(proposal.values(), score);
            population.add(chromosome);
        }
    }
}
