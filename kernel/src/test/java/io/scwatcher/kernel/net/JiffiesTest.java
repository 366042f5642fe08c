package io.scwatcher.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JiffiesTest {
    /** {@code jiffies_to_clock_t} of kernels compiled with these rates. */
    @ParameterizedTest
    @CsvSource({"10000000, 100, 37, 37", "4000000, 250, 250, 100", "4000000, 250, 1, 0", "4000000, 250, 3, 1",
        "3333333, 300, 300, 99", "1000000, 1000, 1999, 199"})
    void convertsToClockTicks(long tickNanos, int hertz, long jiffies, long clockTicks) {
        Jiffies unit = new Jiffies(0, tickNanos);
        assertThat(unit.hertz()).isEqualTo(hertz);
        assertThat(unit.toClockTicks(jiffies)).isEqualTo(clockTicks);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1250, 100", "1000, 1000, 0", "1000, 10, 0", "-5, 245, 100"})
    void saysHowLongUntil(long now, long expires, long clockTicks) {
        assertThat(new Jiffies(now, 4_000_000).clockTicksUntil(expires)).isEqualTo(clockTicks);
    }
}
