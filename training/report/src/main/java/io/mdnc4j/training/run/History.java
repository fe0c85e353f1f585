package io.mdnc4j.training.run;

import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.fit.TrainingObserver;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** The results of the epochs, in {@code history.csv}. */
final class History implements TrainingObserver {
    private static final String[] COLUMNS = {
        "epoch", "step", "seconds", "train_loss", "validation_loss", "learning_rate"
    };

    private final RunFolder folder;
    private final List<EpochResult> epochs;

    private History(RunFolder folder, List<EpochResult> epochs) {
        this.folder = folder;
        this.epochs = epochs;
    }

    /** No epochs yet. */
    static History start(RunFolder folder) {
        History history = new History(folder, new ArrayList<>());
        history.save();
        return history;
    }

    /**
     * The epochs of an earlier run up to its checkpoint.
     *
     * @throws DataException if the file cannot be read, or has not each of these epochs once and in order
     */
    static History resume(RunFolder folder, int lastEpoch) {
        List<EpochResult> epochs = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(folder.file(RunFolder.HISTORY))) {
            for (CSVRecord row : CSVFormat.DEFAULT
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .build()
                    .parse(reader)) {
                EpochResult epoch = epoch(row);
                if (epoch.epoch() <= lastEpoch) {
                    epochs.add(epoch);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(
                    folder.file(RunFolder.HISTORY) + ": cannot be read (" + e.getMessage() + "); restore it", e);
        }
        List<Integer> found = epochs.stream().map(EpochResult::epoch).toList();
        if (!found.equals(IntStream.rangeClosed(1, lastEpoch).boxed().toList())) {
            throw new DataException(folder.file(RunFolder.HISTORY) + ": has not the epochs 1 to " + lastEpoch
                    + " that the checkpoint is the end of, but "
                    + (found.isEmpty() ? "none" : found.size() + " others") + "; restore it or start a new run");
        }
        return new History(folder, epochs);
    }

    private static EpochResult epoch(CSVRecord row) {
        return new EpochResult(
                Integer.parseInt(row.get(COLUMNS[0])),
                Long.parseLong(row.get(COLUMNS[1])),
                Double.parseDouble(row.get(COLUMNS[2])),
                Double.parseDouble(row.get(COLUMNS[3])),
                Double.parseDouble(row.get(COLUMNS[4])),
                Double.parseDouble(row.get(COLUMNS[5])));
    }

    List<EpochResult> epochs() {
        return List.copyOf(epochs);
    }

    @Override
    public void epoch(EpochResult result) {
        epochs.add(result);
        save();
    }

    private void save() {
        folder.write(RunFolder.HISTORY, this::writeTo);
    }

    private void writeTo(Path file) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader(COLUMNS)
                .setRecordSeparator("\n")
                .build();
        try (Writer writer = Files.newBufferedWriter(file);
                CSVPrinter printer = new CSVPrinter(writer, format)) {
            for (EpochResult epoch : epochs) {
                printer.printRecord(
                        epoch.epoch(),
                        epoch.step(),
                        String.format(Locale.ROOT, "%.3f", epoch.seconds()),
                        number(epoch.trainLoss()),
                        number(epoch.validationLoss()),
                        number(epoch.learningRate()));
            }
        }
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }
}
