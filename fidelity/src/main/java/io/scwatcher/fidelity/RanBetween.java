package io.scwatcher.fidelity;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What two readings cannot judge of a task that ran between them, as its schedstat shows: where it stood at some moment
 * in the middle. Such a task may have been runnable, on another processor, in another function, its averages of load may
 * have risen and fallen, or, if it is a worker of the kernel, it was busy with another queue, whose name its own name then
 * ends in. All else of it is compared as ever.
 */
final class RanBetween {
    private static final Pattern TASK_FILE = Pattern.compile("([0-9]+(?:/task/[0-9]+)?)/([a-z]+)");
    /** Places behind the name in PID/stat, from 0: state, wchan, processor. */
    private static final Set<Integer> MOMENTARY = Set.of(0, 32, 36);

    private static final Pattern LOAD = Pattern.compile("(se\\.avg\\.[a-z_.]+ +:) +([0-9]{1,19})");
    /** {@code LOAD_AVG_MAX} times the weight of niceness -20 (kernel/sched/pelt.c, {@code sched_prio_to_weight}). */
    private static final long LARGEST_LOAD = 47742L * 88761;

    private RanBetween() {}

    static LineTolerance tolerance(String path, ProcArchive before, ProcArchive after) {
        Matcher matcher = TASK_FILE.matcher(path);
        if (!matcher.matches() || !ran(matcher.group(1), before, after)) {
            return LineTolerance.NONE;
        }
        return switch (matcher.group(2)) {
            case "comm" -> (first, second, ours) -> isSameWorker(first, ours);
            case "stat" -> RanBetween::stat;
            case "status" -> (first, second, ours) -> status(first, ours);
            case "wchan", "syscall" -> (first, second, ours) -> true;
            case "sched" -> RanBetween::load;
            default -> LineTolerance.NONE;
        };
    }

    private static boolean ran(String task, ProcArchive before, ProcArchive after) {
        ProcNode first = before.node(task + "/schedstat");
        ProcNode second = after.node(task + "/schedstat");
        return first != null && second != null && !Arrays.equals(first.content(), second.content());
    }

    /** A worker is {@code kworker/u4:1}, then perhaps {@code -} or {@code +} and the queue. */
    private static boolean isSameWorker(String guest, String ours) {
        return guest.startsWith("kworker/") && guest.split("[-+]", 2)[0].equals(ours.split("[-+]", 2)[0]);
    }

    private static boolean status(String guest, String ours) {
        if (guest.startsWith("Name:\t") && ours.startsWith("Name:\t")) {
            return isSameWorker(guest.substring(6), ours.substring(6));
        }
        return guest.startsWith("State:\t") && ours.startsWith("State:\t");
    }

    /** The averages of load, which rise while a task runs and fall while it waits; no greater than they can become. */
    private static boolean load(String before, String after, String ours) {
        Matcher first = LOAD.matcher(before);
        Matcher served = LOAD.matcher(ours);
        return first.matches() && served.matches() && before.length() == ours.length() && first.group(1).equals(served.group(1))
                && Long.compareUnsigned(Long.parseUnsignedLong(served.group(2)), LARGEST_LOAD) <= 0;
    }

    private static boolean stat(String before, String after, String ours) {
        int nameBefore = before.lastIndexOf(") ");
        int nameAfter = after.lastIndexOf(") ");
        int nameOurs = ours.lastIndexOf(") ");
        int open = ours.indexOf('(');
        if (nameBefore < 0 || nameAfter < 0 || nameOurs < 0 || open < 0 || before.indexOf('(') != open
                || !before.startsWith(ours.substring(0, open + 1))) {
            return false;
        }
        String name = ours.substring(open + 1, nameOurs);
        String guest = before.substring(open + 1, nameBefore);
        if (!name.equals(guest) && !name.equals(after.substring(open + 1, nameAfter)) && !isSameWorker(guest, name)) {
            return false;
        }
        String[] first = before.substring(nameBefore + 2).split(" ");
        String[] second = after.substring(nameAfter + 2).split(" ");
        String[] served = ours.substring(nameOurs + 2).split(" ");
        if (first.length != served.length || second.length != served.length) {
            return false;
        }
        LineMatcher exact = new LineMatcher(LineTolerance.NONE);
        for (int i = 0; i < served.length; i++) {
            if (!MOMENTARY.contains(i) && !exact.within(first[i], second[i], served[i])) {
                return false;
            }
        }
        return true;
    }
}
