package io.mdnc4j.training.run;

import io.mdnc4j.training.fit.RangeTest;
import io.mdnc4j.training.fit.RangeTest.Point;
import io.mdnc4j.training.plots.RangePlot;
import java.io.Writer;
import java.nio.file.Files;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Leaves a learning-rate range test in a run's folder. */
public final class RateRange {
    private static final String TABLE = "learning-rate.csv";
    private static final String PLOT = "learning-rate.png";

    private RateRange() {}

    /**
     * Writes {@value #TABLE} (columns {@code learning_rate,loss,smoothed_loss}) and {@value #PLOT}.
     *
     * @param test what was seen, one step at least
     * @param title above the plot
     * @param folder where to
     */
    public static void write(RangeTest test, String title, RunFolder folder) {
        folder.write(TABLE, file -> {
            CSVFormat format = CSVFormat.DEFAULT
                    .builder()
                    .setHeader("learning_rate", "loss", "smoothed_loss")
                    .setRecordSeparator("\n")
                    .build();
            try (Writer writer = Files.newBufferedWriter(file);
                    CSVPrinter printer = new CSVPrinter(writer, format)) {
                for (Point point : test.points()) {
                    printer.printRecord(
                            History.number(point.rate()),
                            History.number(point.loss()),
                            History.number(point.smoothed()));
                }
            }
        });
        folder.writePicture(PLOT, RangePlot.draw(title, test));
    }
}
