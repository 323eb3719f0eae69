package io.fedfm.runtime.cli;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.ErrorKind;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Nearest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns errors to one line on standard error and an exit code that says who must act. */
final class Failures {
    private final Console console;

    Failures(Console console) {
        this.console = console;
    }

    /** An error of a command. */
    int failed(Throwable error, boolean debug) {
        if (error instanceof FedFmException known && known.code() != ErrorCode.INTERNAL) {
            line(known.code().name(), known.getMessage());
            if (debug) {
                known.printStackTrace(console.err());
            }
            return known.code().kind().exitCode();
        }
        String what = error instanceof FedFmException ? error.getMessage() : error.toString();
        if (debug) {
            line(ErrorCode.INTERNAL.name(), what);
            error.printStackTrace(console.err());
        } else {
            line(ErrorCode.INTERNAL.name(), what + " (a defect of fedfm; " + saved(error) + ")");
        }
        return ErrorKind.BUG.exitCode();
    }

    /** A command line that picocli does not take. */
    int misused(ParameterException error) {
        CommandLine command = error.getCommandLine();
        line(
                "USAGE",
                error.getMessage()
                        + nearest(error)
                        + " (see '"
                        + command.getCommandSpec().qualifiedName()
                        + " --help')");
        return ErrorKind.USAGE.exitCode();
    }

    private static String nearest(ParameterException error) {
        if (!(error instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        CommandLine.Model.CommandSpec command = error.getCommandLine().getCommandSpec();
        Set<String> known = new TreeSet<>(command.subcommands().keySet());
        known.addAll(command.optionsMap().keySet());
        return Nearest.to(unmatched.getUnmatched().get(0), known)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
    }

    private void line(String code, String message) {
        console.err().println("error[" + code + "]: " + message.replaceAll("\\s*\\R\\s*", " "));
        console.err().flush();
    }

    private static String saved(Throwable error) {
        try {
            Path log = Files.createTempFile("fedfm-", ".log");
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(log))) {
                out.println(String.join("\n", new Version().getVersion()));
                error.printStackTrace(out);
            }
            return "the stack trace is in " + log;
        } catch (IOException e) {
            return "--debug shows the stack trace";
        }
    }
}
