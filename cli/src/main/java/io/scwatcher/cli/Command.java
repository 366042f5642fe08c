package io.scwatcher.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * One command. Its fields declare what may follow its name, each by one of the methods below; {@link #call} asks them:
 * <pre>
 * private final Supplier&lt;Boolean&gt; json = flag("--json", "Print one JSON object.");
 * private final Supplier&lt;Integer&gt; rounds = option(Integer.class, "--rounds", "N", "Runs of each.").orElse("5");
 * private final Supplier&lt;Path&gt; directory = operand(Path.class, "DIR", "An existing directory.");
 * </pre>
 * Picocli's annotations say the same, and cost a proxy class each, half of a short command's time. In descriptions,
 * <code>${COMPLETION-CANDIDATES}</code> lists the values of an enumeration.
 */
abstract class Command implements Callable<Integer> {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    private int operands;

    /** @param description what help says first; each element starts a line, an empty last one leaves a line free */
    Command(String name, String... description) {
        spec.name(name).version("scwatcher 0.1.0");
        spec.usageMessage().description(description);
        spec.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help message and exit.").build());
        spec.addOption(OptionSpec.builder("-V", "--version").versionHelp(true)
                .description("Print version information and exit.").build());
    }

    /** @return the exit status */
    @Override
    public abstract Integer call() throws Exception;

    final CommandSpec spec() {
        return spec;
    }

    /** What help says last. */
    final void footer(String... lines) {
        spec.usageMessage().footer(lines);
    }

    /** Lets help name the defaults of all options. */
    final void showDefaults() {
        spec.usageMessage().showDefaultValues(true);
    }

    /** An option without a value. */
    final Supplier<Boolean> flag(String name, String... description) {
        return flag(ScopeType.LOCAL, name, description);
    }

    final Supplier<Boolean> flag(ScopeType scope, String name, String... description) {
        OptionSpec flag = OptionSpec.builder(name).type(boolean.class).arity("0").scopeType(scope).description(description).build();
        spec.addOption(flag);
        return () -> Boolean.TRUE.equals(flag.getValue());
    }

    /**
     * An option with a value; the declaration ends by saying what holds without it.
     *
     * @param type of an array is given as a list with commas
     * @param label stands for the value in help
     */
    final <T> Declaration<T> option(Class<T> type, String name, String label, String... description) {
        OptionSpec.Builder builder = OptionSpec.builder(name).type(type).paramLabel(label).description(description);
        return new Declaration<>(type.isArray() ? builder.splitRegex(",") : builder);
    }

    /** An option that may be given several times; empty if it is not. */
    final Supplier<List<String>> options(String name, String label, String... description) {
        return orEmpty(new Declaration<List<String>>(OptionSpec.builder(name).type(List.class).auxiliaryTypes(String.class)
                .paramLabel(label).description(description)).orNull());
    }

    /** The next argument that is no option, which must be there. */
    final <T> Supplier<T> operand(Class<T> type, String label, String... description) {
        return operand(PositionalParamSpec.builder().index(Integer.toString(operands++)).arity("1").required(true).type(type),
                label, description);
    }

    /** All further arguments that are no options. */
    final Supplier<List<String>> operands(int atLeast, String label, String... description) {
        return orEmpty(operand(PositionalParamSpec.builder().index(operands + "..*").arity(atLeast + "..*")
                .required(atLeast > 0).type(List.class).auxiliaryTypes(String.class), label, description));
    }

    private <T> Supplier<T> operand(PositionalParamSpec.Builder builder, String label, String... description) {
        PositionalParamSpec operand = builder.paramLabel(label).description(description).build();
        spec.addPositional(operand);
        return () -> operand.getValue();
    }

    private static Supplier<List<String>> orEmpty(Supplier<List<String>> given) {
        return () -> given.get() == null ? List.of() : given.get();
    }

    /** To be thrown if the arguments do not go together. */
    final ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    /** An option whose default is still to be told. */
    final class Declaration<T> {
        private final OptionSpec.Builder builder;

        private Declaration(OptionSpec.Builder builder) {
            this.builder = builder;
        }

        /** @param value as a user would write it */
        Supplier<T> orElse(String value) {
            return added(builder.defaultValue(value));
        }

        Supplier<T> orNull() {
            return added(builder);
        }

        Supplier<T> required() {
            return added(builder.required(true));
        }

        private Supplier<T> added(OptionSpec.Builder complete) {
            OptionSpec option = complete.build();
            spec.addOption(option);
            return () -> option.getValue();
        }
    }
}
