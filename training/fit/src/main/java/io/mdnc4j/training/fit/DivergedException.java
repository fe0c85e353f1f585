package io.mdnc4j.training.fit;

/** A loss became NaN or infinite, so further training would be in vain; the message says what to try. */
public final class DivergedException extends IllegalStateException {
    DivergedException(String what, double loss, TrainingState state, double rate, String kept) {
        super(String.format(
                java.util.Locale.ROOT,
                "%s loss is %s after step %d (epoch %d, learning rate %.3g); try a lower learning rate, such as %.1g,"
                        + " a clipNorm of 1, and check the data for outliers%s",
                what,
                loss,
                state.step(),
                state.epoch() + 1,
                rate,
                rate / 10,
                kept.isEmpty() ? "" : "; the step's data are in " + kept));
    }
}
