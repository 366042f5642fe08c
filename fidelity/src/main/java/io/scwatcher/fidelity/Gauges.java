package io.scwatcher.fidelity;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What rises and falls in /proc, so that two equal readings do not tell what it was in between. Only lines in this table,
 * and lines that moved, may be compared again when they differ at first; see {@link Settling}.
 */
final class Gauges {
    /**
     * One kind of lines.
     *
     * @param path of the files, below /proc
     * @param line the lines, or the beginnings of them
     */
    private record Rule(Pattern path, Pattern line, String reason) {}

    private static final String TASK = "[0-9]+/(task/[0-9]+/)?";

    private static final List<Rule> RULES = List.of(
            rule("buddyinfo|pagetypeinfo", "Node ", "free blocks"),
            rule("zoneinfo", " *(pages free|nr_|workingset_nodes|count:|high:)", "pages in use and in the processors' lists"),
            rule("zoneinfo", " *(boost|min|low|high|promo) ", "watermarks, which fragmentation raises until kswapd has run (boost_watermark, mm/page_alloc.c)"),
            rule("vmstat", "nr_|workingset_nodes", "pages in use"),
            rule("meminfo", "[A-Z]", "pages in use"),
            rule("slabinfo", "", "objects in use"),
            rule("vmallocinfo", "0x", "areas that come and go"),
            rule("pressure/.*", "some|full", "averages"),
            rule("loadavg", "", "averages, tasks that are running"),
            rule("stat", "procs_", "tasks that are running"),
            rule("schedstat", "domain|cpu", "the time of the last balancing"),
            rule("sys/fs/(file-nr|inode-nr|inode-state|dentry-state)", "", "objects in use"),
            rule(TASK + "smaps(_rollup)?", "[A-Z][A-Za-z_]+:", "pages in use, the accessed bits of page tables"),
            rule(TASK + "numa_maps", "[0-9a-f]+ ", "the lists of reclaim that pages are in"),
            rule(TASK + "stack", "", "where a task of the kernel is"));

    private Gauges() {}

    /** Whether a line that differs may have risen and fallen between the guest's readings. */
    static boolean contain(String path, LineDifference line) {
        String text = line.guest() == null ? line.ours() : line.guest();
        return RULES.stream().anyMatch(rule -> rule.path().matcher(path).matches() && rule.line().matcher(text).lookingAt());
    }

    private static Rule rule(String path, String line, String reason) {
        return new Rule(Pattern.compile(path), Pattern.compile(line), reason);
    }
}
