package io.mdnc4j.training.loss;

/** 1 less the mean over the classes after the first of {@code (2 sum p y + 1) / (sum p + sum y + 1)}. */
record DiceTerm() implements ClassLossTerm {
    /** Makes the coefficient of a class that neither occurs nor is found 1. */
    private static final double SMOOTH = 1;

    @Override
    public double ofRow(ClassBatch batch, int row) {
        double sum = 0;
        for (int c = 1; c < batch.classes; c++) {
            sum += (2 * batch.overlap(c) + SMOOTH) / (batch.total(c) + SMOOTH);
        }
        return 1 - sum / (batch.classes - 1);
    }

    @Override
    public void addSlopes(ClassBatch batch, int row, double[] slopes) {
        for (int c = 1; c < batch.classes; c++) {
            double whole = batch.total(c) + SMOOTH;
            double slope = (2 * batch.label(row, c) * whole - 2 * batch.overlap(c) - SMOOTH) / (whole * whole);
            slopes[c] -= batch.probability(row, c) * slope / (batch.classes - 1);
        }
    }
}
