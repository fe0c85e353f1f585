package io.mdnc4j.training.cli;

import io.mdnc4j.blocks.Coded;
import io.mdnc4j.blocks.ComputePath;
import io.mdnc4j.training.verify.Precision;
import io.mdnc4j.training.verify.Verification;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks this machine and backend against reference cases. */
@Command(
        name = "verify",
        description = "Check this machine and backend against reference cases (exit code 1 if one fails).")
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    CommonOptions common;

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "a case folder or a tree of them")
    List<Path> folders;

    @Option(names = "--precision", defaultValue = "double", description = "double or float (default: double)")
    String precision;

    @Option(names = "--path", defaultValue = "host", description = "host loops or ND4J ops (default: host)")
    String path;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() {
        Precision type = Coded.parse(Precision.class, "precision", precision);
        common.apply();
        ComputePath.set(Coded.parse(ComputePath.class, "path", path));
        return Verification.run(folders, type, command.commandLine().getOut()) ? 0 : 1;
    }
}
