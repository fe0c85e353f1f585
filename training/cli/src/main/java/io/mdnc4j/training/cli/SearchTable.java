package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.io.PlainText;
import io.mdnc4j.training.search.CandidateLog;
import io.mdnc4j.training.search.CandidateRecord;
import io.mdnc4j.training.search.SearchObserver;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The best candidates of a search: on a terminal one table that is kept up to date, with the candidates in training below
 * it; elsewhere a line for each candidate.
 */
final class SearchTable implements SearchObserver, AutoCloseable {
    /** Lines of the table. */
    static final int BEST = 10;

    private static final long EVERY = Duration.ofMillis(500).toNanos();
    private static final double PERCENT = 100;
    private static final String UP_AND_CLEAR = "\033[%dF\033[J";

    private final PrintStream err;
    private final int columns;
    private final CandidateLog log;
    private final int trainings;
    private final Map<Integer, Double> running = new TreeMap<>();
    private int shown;
    private long last = System.nanoTime() - EVERY;

    /**
     * @param columns of the terminal, 0 for none
     * @param trainings to be expected
     */
    SearchTable(PrintStream err, int columns, CandidateLog log, int trainings) {
        this.err = err;
        this.columns = columns;
        this.log = log;
        this.trainings = trainings;
    }

    @Override
    public synchronized void progress(int index, double fraction) {
        running.put(index, fraction);
        if (columns > 0 && System.nanoTime() - last > EVERY) {
            draw();
        }
    }

    @Override
    public synchronized void ended(CandidateRecord candidate) {
        running.remove(candidate.index());
        if (columns > 0) {
            draw();
        } else {
            String what = candidate.score() == null
                    ? candidate.status().name().toLowerCase(Locale.ROOT) + ": " + PlainText.of(candidate.reason())
                    : String.format(Locale.ROOT, "%.4g", candidate.score())
                            + (candidate.equals(log.best()) ? " (best)" : "");
            err.printf(
                    Locale.ROOT,
                    "%d of %d  candidate %d  %s  %.1f s  %s%n",
                    log.all().size(),
                    trainings,
                    candidate.index(),
                    what,
                    candidate.seconds(),
                    settings(candidate));
        }
    }

    private static String settings(CandidateRecord candidate) {
        StringBuilder text = new StringBuilder();
        candidate
                .settings()
                .forEach((name, value) ->
                        text.append(name).append(' ').append(value).append(", "));
        return text.substring(0, text.length() - 2);
    }

    private void draw() {
        List<String> lines = new ArrayList<>(lines(log.ranking()));
        StringBuilder status = new StringBuilder(log.all().size() + " of " + trainings);
        long failed = log.all().stream().filter(one -> one.score() == null).count();
        if (failed > 0) {
            status.append(", ").append(failed).append(" without a score");
        }
        running.forEach((index, fraction) ->
                status.append(String.format(Locale.ROOT, ", candidate %d: %.0f%%", index, PERCENT * fraction)));
        lines.add(status.toString());
        if (shown > 0) {
            err.printf(Locale.ROOT, UP_AND_CLEAR, shown);
        }
        // a line that wraps would be counted once
        lines.forEach(line -> err.println(line.length() < columns ? line : line.substring(0, columns - 1)));
        shown = lines.size();
        last = System.nanoTime();
    }

    /** The best candidates as lines, with a head. */
    static List<String> lines(List<CandidateRecord> ranking) {
        List<List<String>> rows = new ArrayList<>();
        boolean parts = ranking.stream().anyMatch(candidate -> candidate.budget() < 1);
        for (CandidateRecord candidate : ranking.subList(0, Math.min(BEST, ranking.size()))) {
            if (rows.isEmpty()) {
                List<String> head = new ArrayList<>(List.of("score", "candidate", "parameters"));
                if (parts) {
                    head.add("budget");
                }
                head.addAll(candidate.settings().keySet());
                rows.add(head);
            }
            List<String> row = new ArrayList<>();
            row.add(String.format(Locale.ROOT, "%.4g", candidate.score()));
            row.add(String.valueOf(candidate.index()));
            row.add(String.format(Locale.ROOT, "%,d", candidate.parameters()));
            if (parts) {
                row.add(String.format(Locale.ROOT, "%.2f", candidate.budget()));
            }
            candidate.settings().values().forEach(value -> row.add(PlainText.of(value)));
            rows.add(row);
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int of = column;
                int width = rows.stream()
                        .mapToInt(one -> one.get(of).length())
                        .max()
                        .orElseThrow();
                line.append(String.format(Locale.ROOT, "%" + width + "s  ", row.get(column)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    @Override
    public synchronized void close() {
        if (columns > 0 && !log.all().isEmpty()) {
            running.clear();
            draw();
        }
    }
}
