package io.scwatcher.cli;

import io.scwatcher.fidelity.LiveFidelity;
import io.scwatcher.fidelity.Scoreboard;
import io.scwatcher.fidelity.ScoreboardJson;
import io.scwatcher.fidelity.ScoreboardText;
import io.scwatcher.fidelity.Verdict;
import io.scwatcher.testbed.Guest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scwatcher fidelity}: our /proc of a testbed guest held against the guest's own. */
@Command(name = "fidelity", mixinStandardHelpOptions = true,
        description = {"Compares every file of /proc with the guest's own. The guest reads its files, stands still while they are"
            + " read from outside, goes on and reads them again. What it read the same both times must be byte-identical; a"
            + " number that moved must lie between its two readings.", ""},
        footer = {"", "The exit status is 1 if a file that SCwatcher promises to be exact is not."})
final class FidelityCommand implements Callable<Integer> {
    private static final int DIFFERENCES = 10;

    @Option(names = "--vm", required = true, paramLabel = "NAME", description = "A testbed guest.")
    private String name;

    @Option(names = "--path", paramLabel = "GLOB", description = "Only these paths below /proc; may be repeated.")
    private List<String> globs = List.of();

    @Option(names = "--show", description = "Print the differing lines too.")
    private boolean show;

    @Option(names = "--list", paramLabel = "VERDICT", description = "Only list the files of one verdict: ${COMPLETION-CANDIDATES}.")
    private Verdict list;

    @Option(names = "--causes", defaultValue = "20", paramLabel = "N", description = "How many kinds of difference to print.")
    private int causes;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        LiveFidelity.Outcome outcome = LiveFidelity.run(Guest.byName(name), globs, VmOptions::note);
        Scoreboard scoreboard = outcome.scoreboard();
        ScoreboardText text = new ScoreboardText(scoreboard);
        if (json) {
            System.out.println(ScoreboardJson.of(scoreboard));
        } else if (list != null) {
            System.out.print(text.list(list));
        } else {
            System.out.print(show ? text.differing(DIFFERENCES) : text.causes(causes));
            System.out.println();
            System.out.print(text.table());
            outcome.anomalies().forEach(anomaly -> VmOptions.note("anomaly: " + anomaly));
        }
        Scoreboard.Counts required = scoreboard.required();
        return required.good() == required.inGuest() && required.of(Verdict.INVENTED) == 0 ? ExitCode.OK : 1;
    }
}
