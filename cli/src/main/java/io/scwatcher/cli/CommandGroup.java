package io.scwatcher.cli;

/** A command that only gathers others. By itself it shows how it is used. */
abstract class CommandGroup extends Command {
    CommandGroup(String name, String... description) {
        super(name, description);
        spec().usageMessage().synopsisSubcommandLabel("COMMAND");
    }

    final void add(Command command) {
        spec().addSubcommand(command.spec().name(), command.spec());
    }

    @Override
    public Integer call() {
        spec().commandLine().usage(System.err);
        return ExitCode.USAGE;
    }
}
