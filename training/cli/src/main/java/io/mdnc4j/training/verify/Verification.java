package io.mdnc4j.training.verify;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.blocks.io.PlainText;
import io.mdnc4j.training.files.DataException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Checks this machine's results against reference cases. */
public final class Verification {
    private Verification() {}

    /**
     * Runs all cases in the folders and below, and prints a line for each and one at the end. A case that cannot be computed
     * fails, with the reason.
     *
     * @return whether all passed
     * @throws ArgumentException if a folder has no case
     */
    public static boolean run(List<Path> folders, Precision precision, PrintWriter out) {
        List<Path> cases = folders.stream()
                .flatMap(folder -> ReferenceCase.under(folder).stream())
                .toList();
        int failed = 0;
        for (Path folder : cases) {
            // the folders of cases have their names
            Path path = folder.toAbsolutePath().normalize();
            String id = PlainText.of(path.getFileName().toString());
            Optional<String> failure;
            if (ModelCase.is(folder)) {
                id = PlainText.of(path.getParent().getFileName() + "/" + id);
                Outcome outcome = ofModel(folder);
                failure = outcome.passed ? Optional.empty() : Optional.of(outcome.text);
                id += outcome.passed ? " " + outcome.text : "";
            } else {
                failure = failure(folder, precision);
            }
            String named = id;
            out.println(failure.map(reason -> "FAIL " + named + " " + reason).orElse("PASS " + named));
            out.flush();
            failed += failure.isPresent() ? 1 : 0;
        }
        out.println(cases.size() - failed + " passed, " + failed + " failed");
        out.flush();
        return failed == 0;
    }

    private record Outcome(boolean passed, String text) {}

    private static Outcome ofModel(Path folder) {
        try {
            ModelCase result = ModelCase.run(folder);
            return new Outcome(result.passes(), result.toString());
        } catch (IOException | DataException | ArgumentException e) {
            return new Outcome(false, oneLine(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            return new Outcome(false, "cannot be computed: " + oneLine(e.toString()));
        }
    }

    /** The first tensor that differs, or why there is none to compare, in one line. */
    private static Optional<String> failure(Path folder, Precision precision) {
        try {
            return CaseRunner.run(ReferenceCase.read(folder), precision).stream()
                    .filter(comparison -> !comparison.passes())
                    .findFirst()
                    .map(Comparison::toString);
        } catch (DataException | ArgumentException e) {
            return Optional.of(oneLine(e.getMessage()));
        } catch (RuntimeException e) {
            // a case from elsewhere can describe what DL4J refuses in its own ways
            return Optional.of("cannot be computed: " + oneLine(e.toString()));
        }
    }

    private static String oneLine(String text) {
        return PlainText.of(text.strip().replaceAll("\\s*\\R\\s*", " "));
    }
}
