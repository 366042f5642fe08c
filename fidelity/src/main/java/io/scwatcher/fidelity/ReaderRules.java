package io.scwatcher.fidelity;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What is in /proc only because somebody inside the guest reads it. The guest reads while its reader runs; we read while
 * its reader sleeps. Everything for which that is allowed to make a difference is in this table, and nothing else is.
 */
final class ReaderRules {
    /**
     * One rule.
     *
     * @param path of the files it is for, below /proc
     * @param tolerance null: the content is not compared at all
     */
    private record Rule(Pattern path, String reason, LineTolerance tolerance) {}

    /** The reader, and kernel threads that work for it. */
    private static final int RUNNING = 4;

    private static final List<Rule> RULES = List.of(
            ignore("self|thread-self", "name the process that asks"),
            ignore("sys/kernel/random/uuid", "a new one at each reading"),
            accept("[0-9]+(/task/[0-9]+)?/sched", "how long the reading itself took",
                    (before, after, ours) -> before.startsWith("clock-delta ") && ours.startsWith("clock-delta ")),
            accept("(([0-9]+|self)/(task/[0-9]+/)?)?net/tcp6?", "timers that went off between the readings",
                    new RestartedTimer()),
            accept("loadavg", "the reader is running when it reads, and wakes others", lower(RUNNING, 3)),
            accept("stat", "the reader is running when it reads, and wakes others", onLine("procs_running", lower(RUNNING, 0))),
            accept("timer_list", "the reader keeps the tick going while it reads", TimerLines::isNextTick),
            accept("sys/fs/file-nr", "the reader has this file and the directories above it open", lower(4, 0)));

    private ReaderRules() {}

    /** Whether a path belongs to the reader itself: it runs while it reads and sleeps while we read. */
    static boolean isReader(String path, int readerPid) {
        String own = Integer.toString(readerPid);
        return path.equals(own) || path.startsWith(own + "/");
    }

    /** Whether what the file or link says is not compared at all. */
    static boolean isIgnored(String path) {
        return RULES.stream().anyMatch(rule -> rule.tolerance() == null && rule.path().matcher(path).matches());
    }

    static LineTolerance tolerance(String path) {
        return RULES.stream().filter(rule -> rule.tolerance() != null && rule.path().matcher(path).matches())
                .map(Rule::tolerance).findFirst().orElse(LineTolerance.NONE);
    }

    private static Rule ignore(String path, String reason) {
        return new Rule(Pattern.compile(path), reason, null);
    }

    private static Rule accept(String path, String reason, LineTolerance tolerance) {
        return new Rule(Pattern.compile(path), reason, tolerance);
    }

    private static LineTolerance onLine(String firstWord, LineTolerance tolerance) {
        return (before, after, ours) -> before.startsWith(firstWord + " ") && ours.startsWith(firstWord + " ")
                && tolerance.accepts(before, after, ours);
    }

    /** Our number, the {@code place}th of the line from 0, may be lower than both readings by up to {@code most}. */
    private static LineTolerance lower(int most, int place) {
        return (before, after, ours) -> {
            List<Token> first = Token.of(before);
            List<Token> second = Token.of(after);
            List<Token> served = Token.of(ours);
            if (first.size() != second.size() || first.size() != served.size()) {
                return false;
            }
            int number = -1;
            for (int i = 0; i < served.size(); i++) {
                number += served.get(i).isNumber() ? 1 : 0;
                boolean here = number == place && served.get(i).isNumber();
                boolean right = here
                        ? isLower(first.get(i), second.get(i), served.get(i), most)
                        : served.get(i).between(first.get(i), second.get(i));
                if (!right) {
                    return false;
                }
            }
            return true;
        };
    }

    private static boolean isLower(Token before, Token after, Token ours, int most) {
        try {
            long first = Long.parseLong(before.text());
            long second = Long.parseLong(after.text());
            long served = Long.parseLong(ours.text());
            return served >= Math.min(first, second) - most && served <= Math.max(first, second);
        } catch (NumberFormatException notPlain) {
            return false;
        }
    }
}
