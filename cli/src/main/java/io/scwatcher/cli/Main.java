package io.scwatcher.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code scwatcher} command. */
@Command(name = "scwatcher", mixinStandardHelpOptions = true, version = "scwatcher 0.1.0",
        description = "Runs unmodified Linux tools outside a virtual machine, on what is inside it.")
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
