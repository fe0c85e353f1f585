package io.mdnc4j.training.verify;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks this machine's results against reference cases. */
public final class Verification {
    private Verification() {}

    /**
     * Runs all cases in the folders and below, and prints a line for each and one at the end.
     *
     * @return whether all passed
     * @throws MalformedCaseException if a folder has no case or a malformed one
     */
    public static boolean run(List<Path> folders, Precision precision, PrintWriter out) {
        List<ReferenceCase> cases = new ArrayList<>();
        folders.forEach(folder -> cases.addAll(ReferenceCase.under(folder)));
        int failed = 0;
        for (ReferenceCase reference : cases) {
            List<Comparison> failures = CaseRunner.run(reference, precision).stream()
                    .filter(comparison -> !comparison.passes())
                    .toList();
            out.println(
                    failures.isEmpty() ? "PASS " + reference.id() : "FAIL " + reference.id() + " " + failures.get(0));
            out.flush();
            failed += failures.isEmpty() ? 0 : 1;
        }
        out.println(cases.size() - failed + " passed, " + failed + " failed");
        out.flush();
        return failed == 0;
    }
}
