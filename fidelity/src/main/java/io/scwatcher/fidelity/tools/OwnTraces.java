package io.scwatcher.fidelity.tools;

import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a tool's output inside the guest shows the tool's own processes, which are in the guest's /proc only because the tool runs there. They
 * are told by their process IDs: the tool is the only command that runs in the guest then, and its IDs are those given out while it ran. The
 * shell that runs it does something else while it runs than between the runs.
 */
enum OwnTraces {
    /** A line each, with the ID as a number of its own. */
    LINES {
        @Override
        String without(String output, IntPredicate own, Set<String> outside) {
            return output.lines().filter(line -> outside.contains(line) || NUMBER.matcher(line).results().noneMatch(one -> isOwn(one.group(), own))
                            && ASKING.matcher(line).results().noneMatch(one -> isOwn(one.group(1), own)))
                    .map(line -> line + "\n").collect(Collectors.joining());
        }
    },
    /** Words of a line that lists IDs. */
    WORDS {
        @Override
        String without(String output, IntPredicate own, Set<String> outside) {
            return output.lines().map(line -> Pattern.compile(" ").splitAsStream(line).filter(word -> !NUMBER.matcher(word).matches() || !isOwn(word, own))
                    .collect(Collectors.joining(" ")) + "\n").collect(Collectors.joining());
        }
    },
    /** Branches at the end of a tree's line: {@code sh(12)---pstree(13)}. */
    BRANCHES {
        @Override
        String without(String output, IntPredicate own, Set<String> outside) {
            return output.lines().map(line -> {
                Matcher branch = BRANCH.matcher(line);
                String rest = line;
                while (branch.find()) {
                    if (isOwn(branch.group(1), own)) {
                        rest = line.substring(0, branch.start());
                        break;
                    }
                }
                return rest + "\n";
            }).collect(Collectors.joining());
        }
    },
    /** Not at all: the output is compared as it is. */
    NONE {
        @Override
        String without(String output, IntPredicate own, Set<String> outside) {
            return output;
        }
    };

    private static final Pattern NUMBER = Pattern.compile("(?<![0-9A-Za-z.:])[0-9]{1,7}(?![0-9A-Za-z:]|\\.[0-9])");
    /** A netlink socket that asks for sockets (NETLINK_SOCK_DIAG), as ss shows it: its port is the process's ID. */
    private static final Pattern ASKING = Pattern.compile(" 4:([0-9]{1,7}) ");
    private static final Pattern BRANCH = Pattern.compile("-[-+]-[^ ]*?\\(([0-9]{1,7})(?:,[a-z]+)?\\)");

    /**
     * The output without what shows processes for which {@code own} holds.
     *
     * @param outside lines that are no trace, whatever numbers they hold: the tool printed them outside as well
     */
    abstract String without(String output, IntPredicate own, Set<String> outside);

    private static boolean isOwn(String number, IntPredicate own) {
        return own.test(Integer.parseInt(number));
    }
}
