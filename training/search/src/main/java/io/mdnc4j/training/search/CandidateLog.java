package io.mdnc4j.training.search;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.AtomicFile;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The candidates so far, in {@code candidates.csv}: written anew, atomically, whenever one begins or ends. One that was in
 * training when the process died has failed: the memory may have been too small for it, and would be again. For several
 * threads.
 */
public final class CandidateLog {
    /** Name of the file. */
    public static final String FILE = "candidates.csv";

    private static final List<String> FIRST =
            List.of("candidate", "status", "score", "budget", "steps", "seconds", "parameters", "memory_mb");
    private static final String REASON = "reason";
    private static final String DIED = "the process died during its training, perhaps for want of memory";
    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setRecordSeparator("\n").build();

    private final Path file;
    private final Map<Integer, CandidateRecord> records = new LinkedHashMap<>();

    private CandidateLog(Path file, List<CandidateRecord> records) {
        this.file = file;
        records.forEach(candidate -> this.records.put(candidate.index(), candidate));
    }

    /**
     * The candidates in a folder.
     *
     * @param folder where {@value #FILE} is, or will be once a candidate begins
     * @return those of the file; none if there is no such file
     * @throws ArgumentException if the file cannot be read
     */
    public static CandidateLog in(Path folder) {
        Path file = folder.resolve(FILE);
        List<CandidateRecord> records = new ArrayList<>();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                FORMAT.builder().setHeader().setSkipHeaderRecord(true).build().parse(reader).stream()
                        .map(CandidateLog::read)
                        .forEach(records::add);
            } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                throw new ArgumentException(
                        "folder",
                        file + " cannot be read (" + e.getMessage() + ")",
                        "restore it, or remove it and search anew",
                        e);
            }
        }
        return new CandidateLog(file, records);
    }

    private static CandidateRecord read(CSVRecord row) {
        Map<String, String> settings = new LinkedHashMap<>(row.toMap());
        FIRST.forEach(settings::remove);
        settings.remove(REASON);
        settings.values().removeIf(String::isEmpty); // what does not apply to it
        String score = row.get("score");
        CandidateRecord.Status status =
                CandidateRecord.Status.valueOf(row.get("status").toUpperCase(Locale.ROOT));
        boolean died = status == CandidateRecord.Status.RUNNING;
        return new CandidateRecord(
                Integer.parseInt(row.get("candidate")),
                died ? CandidateRecord.Status.FAILED : status,
                score.isEmpty() ? null : Double.valueOf(score),
                Double.parseDouble(row.get("budget")),
                Long.parseLong(row.get("steps")),
                Double.parseDouble(row.get("seconds")),
                Long.parseLong(row.get("parameters")),
                Double.parseDouble(row.get("memory_mb")),
                settings,
                died ? DIED : row.get(REASON));
    }

    /** {@return the candidates that have ended, in the order in which they began} */
    public synchronized List<CandidateRecord> all() {
        return records.values().stream()
                .filter(candidate -> candidate.status() != CandidateRecord.Status.RUNNING)
                .toList();
    }

    /** {@return the candidates with a score, the best (lowest) first} */
    public synchronized List<CandidateRecord> ranking() {
        return records.values().stream()
                .filter(candidate -> candidate.score() != null)
                .sorted(Comparator.comparingDouble(CandidateRecord::scoreOrFailed))
                .toList();
    }

    /** {@return the best candidate; {@code null} if none has a score} */
    public synchronized @Nullable CandidateRecord best() {
        return ranking().stream().findFirst().orElse(null);
    }

    /** Those that were in training when the process died. */
    synchronized List<CandidateRecord> died() {
        return records.values().stream()
                .filter(candidate -> candidate.reason().equals(DIED))
                .toList();
    }

    /** Seconds that all candidates took. */
    double seconds() {
        return all().stream().mapToDouble(CandidateRecord::seconds).sum();
    }

    /**
     * Keeps a candidate that begins or has ended.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    synchronized void put(CandidateRecord candidate) {
        records.put(candidate.index(), candidate);
        write();
    }

    /** Forgets a candidate that was stopped. */
    synchronized void remove(int index) {
        records.remove(index);
        write();
    }

    private void write() {
        try {
            AtomicFile.write(file.toAbsolutePath(), this::writeTo);
        } catch (IOException e) {
            throw AtomicFile.unwritable(file, e);
        }
    }

    private void writeTo(Path temporary) throws IOException {
        try (Writer writer = Files.newBufferedWriter(temporary);
                CSVPrinter printer = new CSVPrinter(writer, FORMAT)) {
            List<Object> header = new ArrayList<>(FIRST);
            List<String> settings = records.values().stream()
                    .flatMap(candidate -> candidate.settings().keySet().stream())
                    .distinct()
                    .toList();
            header.addAll(settings);
            header.add(REASON);
            printer.printRecord(header);
            for (CandidateRecord candidate : records.values()) {
                List<Object> row = new ArrayList<>();
                row.add(candidate.index());
                row.add(candidate.status().name().toLowerCase(Locale.ROOT));
                row.add(candidate.score() == null ? "" : candidate.score());
                row.add(SearchGenerator.text(candidate.budget()));
                row.add(candidate.steps());
                row.add(String.format(Locale.ROOT, "%.3f", candidate.seconds()));
                row.add(candidate.parameters());
                row.add(String.format(Locale.ROOT, "%.2f", candidate.memoryMebibytes()));
                settings.forEach(name -> row.add(candidate.settings().getOrDefault(name, "")));
                row.add(candidate.reason());
                printer.printRecord(row);
            }
        }
    }
}
