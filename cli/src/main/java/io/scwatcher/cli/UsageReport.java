package io.scwatcher.cli;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** A wrong command line: one line that says what is wrong, one that says where help is. */
final class UsageReport implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        System.err.println("scwatcher: " + wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, System.err);
        System.err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }
}
