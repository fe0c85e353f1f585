package io.mdnc4j.training.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Successive halving: many random points with a small budget, the best third of them with three times as much, and so on up
 * to the whole budget. Each training begins anew, for the learning rate depends on its budget. Jamieson and Talwalkar,
 * arXiv:1502.07943.
 */
final class HalvingStrategy implements Strategy {
    /** One in so many goes on, with so many times the budget. */
    private static final int FACTOR = 3;

    private static final int MAX_RUNGS = 3;

    private record Scored(Proposal proposal, double score) {}

    private final List<Integer> sizes = new ArrayList<>();
    private final Deque<Proposal> open = new ArrayDeque<>();
    private final List<Scored> scored = new ArrayList<>();
    private int rung;

    /** @param candidates points of the first rung */
    HalvingStrategy(int dimensions, int candidates, long seed) {
        for (int size = candidates; size >= 1 && sizes.size() < MAX_RUNGS; size /= FACTOR) {
            sizes.add(size);
        }
        RandomStrategy random = new RandomStrategy(dimensions, seed);
        for (int i = 0; i < candidates; i++) {
            open.add(new Proposal(random.next().values(), budget(0)));
        }
    }

    private double budget(int ofRung) {
        return Math.pow(FACTOR, ofRung - (sizes.size() - 1));
    }

    /** Trainings in all rungs. */
    static int trainings(int candidates) {
        return new HalvingStrategy(0, candidates, 0)
                .sizes.stream().mapToInt(n -> n).sum();
    }

    /** What all trainings take together, in whole budgets. */
    static double cost(int candidates) {
        HalvingStrategy strategy = new HalvingStrategy(0, candidates, 0);
        double cost = 0;
        for (int i = 0; i < strategy.sizes.size(); i++) {
            cost += strategy.sizes.get(i) * strategy.budget(i);
        }
        return cost;
    }

    @Override
    public @Nullable Proposal next() {
        return open.poll();
    }

    @Override
    public void report(Proposal proposal, double score) {
        scored.add(new Scored(proposal, score));
        if (scored.size() == sizes.get(rung) && rung + 1 < sizes.size()) {
            rung++;
            scored.stream()
                    .filter(point -> point.score() != FAILED)
                    .sorted(Comparator.comparingDouble(Scored::score))
                    .limit(sizes.get(rung))
                    .forEach(point -> open.add(new Proposal(point.proposal().values(), budget(rung))));
            // failures may have left fewer
            sizes.set(rung, open.size());
            scored.clear();
        }
    }
}
