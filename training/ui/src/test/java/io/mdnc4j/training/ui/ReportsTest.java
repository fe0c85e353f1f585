package io.mdnc4j.training.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.ui.model.stats.api.Histogram;
import org.deeplearning4j.ui.model.stats.api.StatsReport;
import org.deeplearning4j.ui.model.stats.api.StatsType;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static NamedReport report(int step) {
        NamedReport report = new NamedReport();
        report.reportIDs("session", "type", "worker", step);
        report.reportIterationCount(step);
        report.reportHistograms(StatsType.Parameters, Map.of("first_weight", new Histogram(0, 1, 2, new int[] {3, step
        })));
        return report;
    }

    @Test
    void aLongTrainingIsKeptInOutline() {
        ReportStore store = new ReportStore();
        int steps = 5 * ReportStore.MOST;
        IntStream.range(0, steps).forEach(step -> store.putUpdate(report(step)));
        List<Persistable> kept = store.getAllUpdatesAfter("session", "type", "worker", -1);
        assertTrue(kept.size() <= ReportStore.MOST && kept.size() >= ReportStore.MOST / 2, kept.size() + " kept");
        assertEquals(0, kept.get(0).getTimeStamp());
        assertEquals(steps - 1, kept.get(kept.size() - 1).getTimeStamp());
        for (int i = 0; i < kept.size(); i++) {
            int histograms = ((StatsReport) kept.get(i))
                    .getHistograms(StatsType.Parameters)
                    .size();
            assertEquals(i == kept.size() - 1 ? 1 : 0, histograms);
        }
    }

    @Test
    void parametersHaveTheNamesThatThePagesLookFor() {
        NamedReport report = new NamedReport();
        report.reportMeanMagnitudes(
                StatsType.Parameters,
                Map.of("a.1_weight", 1.0, "a.1_bias", 2.0, "a.1_runningMean", 3.0, "plain", 4.0, "dense_W", 5.0));
        assertEquals(
                Map.of("a.1_W", 1.0, "a.1_b", 2.0, "a.1_runningMean", 3.0, "plain", 4.0, "dense_W", 5.0),
                report.getMeanMagnitudes(StatsType.Parameters));
    }

    @Test
    void collectingPausesTwentyTimesAsLongAsItTookOnceWarm() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
        ReportSchedule schedule = new ReportSchedule(now::get);
        for (int report = 0; report < 5; report++) {
            long pause = report < 3 ? 1_000_000_000L : 4_000_000_000L;
            assertEquals(1, schedule.reportingFrequency(), "report " + report);
            schedule.spent(200_000_000L);
            schedule.stepDone();
            now.addAndGet(pause - 1);
            schedule.stepDone();
            assertEquals(Integer.MAX_VALUE, schedule.reportingFrequency(), "report " + report);
            now.addAndGet(1);
            schedule.stepDone();
        }
    }
}
