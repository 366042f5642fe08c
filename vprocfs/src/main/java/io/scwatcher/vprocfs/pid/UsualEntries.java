package io.scwatcher.vprocfs.pid;

import java.util.ArrayList;
import java.util.List;

/**
 * What a task's directories usually hold (fs/proc/base.c, 6.12), for guests whose symbol table has no data and so does not
 * lead to their own tables ({@code CONFIG_KALLSYMS_ALL} unset).
 */
final class UsualEntries {
    private static final String PROCESS = "task d555 fd d500 map_files d500 fdinfo d555 ns d511 net d555 environ f400 "
            + "auxv f400 status f444 personality f400 limits f444 comm f644 syscall f400 cmdline f444 stat f444 "
            + "statm f444 maps f444 mem f600 cwd l777 root l777 exe l777 mounts f444 mountinfo f444 mountstats f400 "
            + "smaps f444 smaps_rollup f444 pagemap f400 wchan f444 schedstat f444 cgroup f444 oom_score f444 "
            + "oom_adj f644 oom_score_adj f644 loginuid f644 sessionid f444 coredump_filter f644 io f400 uid_map f644 "
            + "gid_map f644 projid_map f644 setgroups f644 timerslack_ns f666";
    private static final String ONLY_OF_PROCESSES = " task map_files mountstats coredump_filter timerslack_ns ";

    private UsualEntries() {}

    /** The entries of one of the two tables; of others none. */
    static List<PidEntry> of(String table) {
        boolean process = table.equals("tgid_base_stuff");
        List<PidEntry> entries = new ArrayList<>();
        if (!process && !table.equals("tid_base_stuff")) {
            return entries;
        }
        String[] words = PROCESS.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            if (process || !ONLY_OF_PROCESSES.contains(" " + words[i] + " ")) {
                entries.add(new PidEntry(words[i], mode(words[i + 1])));
            }
        }
        return entries;
    }

    private static int mode(String text) {
        int type = switch (text.charAt(0)) {
            case 'd' -> 0040000;
            case 'l' -> 0120000;
            default -> 0100000;
        };
        return type | Integer.parseInt(text.substring(1), 8);
    }
}
