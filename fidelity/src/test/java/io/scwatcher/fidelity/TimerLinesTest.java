package io.scwatcher.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimerLinesTest {
    @Test
    void aTimerIsOneLineWithWhatItsClockShows() {
        assertThat(TimerLines.of("""
                active timers:
                 #0: <000000002b5ac164>, it_real_fn, S:01
                 # expires at 34044000000-34044000000 nsecs [in 48698329 to 48698329 nsecs]
                 #1: <00000000f743fb55>, hrtimer_wakeup, S:01
                 # expires at 500011007045972-500011007095972 nsecs [in 499977011744301 to 499977011794301 nsecs]
                 clock 1:
                """)).isEqualTo("""
                active timers:
                 timer <00000000f743fb55>, hrtimer_wakeup, S:01 expires 500011007045972-500011007095972 clock 33995301671-33995301671
                 clock 1:
                """);
    }

    @Test
    void ofTheTickOnlyTheTimeIsForgiven() {
        String tick = "  .next_timer     : %d";
        assertThat(TimerLines.isNextTick(tick.formatted(5), tick.formatted(6), tick.formatted(99))).isTrue();
        assertThat(TimerLines.isNextTick(tick.formatted(5), tick.formatted(6), "  .idle_expires   : 99 nsecs")).isFalse();
        assertThat(TimerLines.isNextTick(tick.formatted(5), tick.formatted(6), "  .next_timer     : x")).isFalse();
        assertThat(TimerLines.isNextTick("  .nr_events      : 5", "  .nr_events      : 6", "  .nr_events      : 7")).isFalse();
    }
}
