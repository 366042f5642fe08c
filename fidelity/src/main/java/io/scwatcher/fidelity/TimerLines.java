package io.scwatcher.fidelity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * /proc/timer_list in a form that can be compared: timers come and go and are numbered anew, and how far away each is
 * depends on the moment of reading. One line for each timer, without its number, with what its clock shows instead. Timers
 * that go off within seconds are left out, for no two readings have the same ones, and so is the tick, which goes while the
 * reader runs and is put off while all sleep and we read.
 */
final class TimerLines {
    private static final Pattern TIMER = Pattern.compile("^ #[0-9]+: (.*)\n # expires at ([0-9]{1,20})-([0-9]{1,20})"
            + " nsecs \\[in (-?[0-9]{1,19}) to (-?[0-9]{1,19}) nsecs\\]\n", Pattern.MULTILINE);
    private static final long SOON = 5_000_000_000L;
    private static final Pattern TICK_TIMER = Pattern.compile(".*, tick_(nohz_handler|sched_timer), S:[0-9a-f]{2}");
    /** Where else the time of the next tick stands. */
    private static final Pattern NEXT_TICK = Pattern.compile(
            "(  \\.(?:tick_stopped|next_timer|idle_expires|expires_next) *: | next_event:     )[0-9]+(?: nsecs)?");

    private TimerLines() {}

    static String of(String text) {
        return TIMER.matcher(text).replaceAll(timer -> Long.parseLong(timer.group(5)) < SOON
                || TICK_TIMER.matcher(timer.group(1)).matches() ? "" : Matcher.quoteReplacement(
                " timer " + timer.group(1) + " expires " + timer.group(2) + "-" + timer.group(3)
                        + " clock " + clock(timer.group(2), timer.group(4)) + "-" + clock(timer.group(3), timer.group(5)) + "\n"));
    }

    /** Whether the lines are of one kind, about the next tick. */
    static boolean isNextTick(String before, String after, String ours) {
        Matcher guest = NEXT_TICK.matcher(before);
        Matcher served = NEXT_TICK.matcher(ours);
        return guest.matches() && served.matches() && NEXT_TICK.matcher(after).matches()
                && guest.group(1).equals(served.group(1));
    }

    private static String clock(String expires, String in) {
        return Long.toUnsignedString(Long.parseUnsignedLong(expires) - Long.parseLong(in));
    }
}
