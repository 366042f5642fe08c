package io.scwatcher.cli;

import io.scwatcher.fidelity.LiveFidelity;
import io.scwatcher.fidelity.Scoreboard;
import io.scwatcher.fidelity.ScoreboardJson;
import io.scwatcher.fidelity.ScoreboardText;
import io.scwatcher.fidelity.Verdict;
import io.scwatcher.fidelity.tools.ToolFidelity;
import io.scwatcher.fidelity.tools.ToolScoreboard;
import io.scwatcher.testbed.Guest;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** {@code scwatcher fidelity}: our /proc of a testbed guest held against the guest's own. */
final class FidelityCommand extends Command {
    private static final int DIFFERENCES = 10;

    private final Supplier<String> name = option(String.class, "--vm", "NAME", "A testbed guest.").required();
    private final Supplier<List<String>> globs = options("--path", "GLOB", "Only these paths below /proc; may be repeated.");
    private final Supplier<Boolean> show = flag("--show", "Print the differing lines too.");
    private final Supplier<Verdict> list = option(Verdict.class, "--list", "VERDICT",
            "Only list the files of one verdict: ${COMPLETION-CANDIDATES}.").orNull();
    private final Supplier<Integer> causes = option(Integer.class, "--causes", "N", "How many kinds of difference to print.")
            .orElse("20");
    private final Supplier<Boolean> tools = flag("--tools", "Compare what tools print instead: inside the guest, and in the OS emulation layer.");
    private final Supplier<List<String>> tool = options("--tool", "GLOB",
            "With --tools: only these, such as 'ps *' or 'unhide*'; may be repeated. Default: all that take seconds.");
    private final Supplier<Boolean> json = flag("--json", "Print one JSON object.");

    FidelityCommand() {
        super("fidelity", "Compares every file of /proc with the guest's own. The guest reads its files, stands still while they"
                + " are read from outside, goes on and reads them again. What it read the same both times must be byte-identical;"
                + " a number that moved must lie between its two readings.", "");
        footer("", "The exit status is 1 if a file that SCwatcher promises to be exact is not.");
    }

    @Override
    public Integer call() throws IOException {
        if (tools.get()) {
            ToolScoreboard scoreboard = ToolFidelity.run(Guest.byName(name.get()), tool.get(), VmOptions::note);
            System.out.print(json.get() ? scoreboard.json() + "\n" : scoreboard.text());
            return scoreboard.isRight() ? ExitCode.OK : 1;
        }
        LiveFidelity.Outcome outcome = LiveFidelity.run(Guest.byName(name.get()), globs.get(), VmOptions::note);
        Scoreboard scoreboard = outcome.scoreboard();
        ScoreboardText text = new ScoreboardText(scoreboard);
        if (json.get()) {
            System.out.println(ScoreboardJson.of(scoreboard));
        } else if (list.get() != null) {
            System.out.print(text.list(list.get()));
        } else {
            System.out.print(show.get() ? text.differing(DIFFERENCES) : text.causes(causes.get()));
            System.out.println();
            System.out.print(text.table());
            outcome.anomalies().forEach(anomaly -> VmOptions.note("anomaly: " + anomaly));
        }
        Scoreboard.Counts required = scoreboard.required();
        return required.good() == required.inGuest() && required.of(Verdict.INVENTED) == 0 ? ExitCode.OK : 1;
    }
}
