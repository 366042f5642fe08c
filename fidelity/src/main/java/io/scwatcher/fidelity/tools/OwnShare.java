package io.scwatcher.fidelity.tools;

import io.scwatcher.fidelity.LineMatcher;
import io.scwatcher.fidelity.LineTolerance;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tool itself adds, inside the guest, to sums that it prints, and so cannot be there outside: its own process in counts, its own memory in
 * sums of memory, the work it makes for the kernel in momentary counts.
 */
final class OwnShare {
    /**
     * @param tool whose output
     * @param line the lines
     * @param most by how much a number may lie outside of the guest's two
     */
    private record Rule(Pattern tool, Pattern line, double most, String reason) {}

    private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:\\.[0-9]+)?");
    private static final Pattern QUEUE = Pattern.compile("(kworker/[^ \\]+-]*)[-+][^ \\]]*");
    /** KiB: a tool's pages, page tables, and the kernel's objects of one process and its pipes. */
    private static final int FOOTPRINT = 16 << 10;

    private static final List<Rule> RULES = List.of(
            rule("(busybox )?top.*", "Tasks: ", 1, "the tool is a task, and runs"),
            rule("top.*", "top - ", 2, "the tool tells the time, which goes on outside while the guest stands still"),
            rule("(busybox )?top.*", "%Cpu|CPU: ", 100, "shares since boot, or since the tool's first reading in another moment"),
            rule("top.*", "Mi?B Mem|MiB Swap", FOOTPRINT / 1024.0, "the tool's own memory"),
            rule("(busybox )?(top|free).*", "(Mem|Swap|Total|Low|-/\\+ buffers.*): ", FOOTPRINT, "the tool's own memory"),
            rule("ss -.*", "nl +UNCONN +[0-9]+ +0 +4:0 ", FOOTPRINT, "the tool's own question, which the kernel's socket still holds"),
            rule("vmstat", " *[0-9]", FOOTPRINT, "the tool's own memory; it runs"),
            rule("vmstat -s", ".* (memory|cache|swap)$", FOOTPRINT, "the tool's own memory"));

    private OwnShare() {}

    static LineTolerance tolerance(String tool) {
        return (before, after, ours) -> isSameWorker(before, after, ours) || RULES.stream().anyMatch(rule -> rule.tool().matcher(tool).matches()
                && rule.line().matcher(before).lookingAt() && isWithin(before, after, ours, rule.most()));
    }

    /** A worker of the kernel is named after the queue whose work it did last, which may change from moment to moment. */
    private static boolean isSameWorker(String before, String after, String ours) {
        return ours.contains("kworker/") && new LineMatcher(LineTolerance.NONE).within(withoutQueue(before), withoutQueue(after), withoutQueue(ours));
    }

    private static String withoutQueue(String line) {
        return QUEUE.matcher(line).replaceAll("$1").replaceAll(" +", " ").strip();
    }

    private static boolean isWithin(String before, String after, String ours, double most) {
        if (!words(before).equals(words(ours))) {
            return false;
        }
        double[] first = numbers(before);
        double[] second = numbers(after);
        double[] served = numbers(ours);
        if (first.length != served.length || second.length != served.length) {
            return false;
        }
        for (int i = 0; i < served.length; i++) {
            if (served[i] < Math.min(first[i], second[i]) - most || served[i] > Math.max(first[i], second[i]) + most) {
                return false;
            }
        }
        return true;
    }

    private static String words(String line) {
        return NUMBER.matcher(line).replaceAll("0").replaceAll(" +", "");
    }

    private static double[] numbers(String line) {
        Matcher matcher = NUMBER.matcher(line);
        return matcher.results().mapToDouble(one -> Double.parseDouble(one.group())).toArray();
    }

    private static Rule rule(String tool, String line, double most, String reason) {
        return new Rule(Pattern.compile(tool), Pattern.compile(line), most, reason);
    }
}
