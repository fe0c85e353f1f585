package io.mdnc4j.training.ui;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.ui.model.stats.api.StatsReport;
import org.deeplearning4j.ui.model.stats.api.StatsType;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;

/**
 * Keeps reports in memory, at most {@value #MOST}: then every second one is dropped. DL4J's own storage keeps all, and all
 * histograms, of which the pages show the last alone.
 */
final class ReportStore extends InMemoryStatsStorage {
    /** As many points as the pages chart. */
    static final int MOST = 512;

    @Override
    public void putUpdate(Persistable update) {
        synchronized (this) {
            String session = update.getSessionID();
            String type = update.getTypeID();
            String worker = update.getWorkerID();
            dropHistograms(getLatestUpdate(session, type, worker));
            thin(getUpdateMap(session, type, worker, true));
        }
        super.putUpdate(update);
    }

    private static void dropHistograms(Persistable update) {
        if (update instanceof StatsReport report) {
            report.reportHistograms(StatsType.Parameters, Map.of());
            report.reportHistograms(StatsType.Updates, Map.of());
        }
    }

    private static void thin(Map<Long, Persistable> reports) {
        if (reports.size() < MOST) {
            return;
        }
        boolean odd = false;
        for (Long time : new TreeSet<>(reports.keySet())) {
            if (odd) {
                reports.remove(time);
            }
            odd = !odd;
        }
    }

    @Override
    public synchronized List<Persistable> getAllUpdatesAfter(String session, String type, String worker, long time) {
        return super.getAllUpdatesAfter(session, type, worker, time);
    }

    @Override
    public synchronized List<Persistable> getAllUpdatesAfter(String session, String type, long time) {
        return super.getAllUpdatesAfter(session, type, time);
    }
}
