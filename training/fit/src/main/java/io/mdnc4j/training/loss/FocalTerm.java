package io.mdnc4j.training.loss;

/**
 * Mean over the labelled rows of {@code -y (1 - p)^gamma log p}.
 *
 * @param gamma 0 makes it the cross entropy
 */
record FocalTerm(double gamma) implements ClassLossTerm {
    static final FocalTerm CROSS_ENTROPY = new FocalTerm(0);

    private static final double LEAST = 1e-12;

    @Override
    public double ofRow(ClassBatch batch, int row) {
        if (!batch.isLabelled(row)) {
            return 0;
        }
        double sum = 0;
        for (int c = 0; c < batch.classes; c++) {
            double y = batch.label(row, c);
            double p = batch.probability(row, c);
            sum -= y == 0 ? 0 : y * Math.pow(1 - p, gamma) * Math.log(Math.max(p, LEAST));
        }
        return sum * batch.rows / batch.labelledRows;
    }

    @Override
    public void addSlopes(ClassBatch batch, int row, double[] slopes) {
        for (int c = 0; c < batch.classes; c++) {
            double y = batch.label(row, c);
            if (y == 0) {
                continue;
            }
            double p = batch.probability(row, c);
            double slope = -Math.pow(1 - p, gamma);
            if (gamma > 0 && p < 1) {
                slope += gamma * p * Math.pow(1 - p, gamma - 1) * Math.log(Math.max(p, LEAST));
            }
            slopes[c] += y * slope / batch.labelledRows;
        }
    }
}
