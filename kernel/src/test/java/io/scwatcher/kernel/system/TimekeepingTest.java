package io.scwatcher.kernel.system;

import static io.scwatcher.kernel.SyntheticKernel.U32;
import static io.scwatcher.kernel.SyntheticKernel.U64;
import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import io.scwatcher.kernel.type.StructType;
import org.junit.jupiter.api.Test;

class TimekeepingTest {
    private static final long CORE = 0x1000;
    private static final long TIMEKEEPER = CORE + 8;
    private static final long TICK = 0x20000;
    private static final long JIFFIES = 0x5000;
    private static final long SECOND = 1_000_000_000L;

    private final SyntheticKernel kernel = new SyntheticKernel();

    TimekeepingTest() {
        kernel.cpus(2);
        StructType reading = kernel.declare("tk_read_base", "base", U64, "xtime_nsec", U64, "shift", U64);
        kernel.declare("seqcount_raw_spinlock_t", "sequence", U32);
        kernel.declare("timekeeper", "tkr_mono", reading, "offs_real", U64, "offs_boot", U64);
        kernel.declare("tick_sched", "idle_entrytime", U64, "idle_waketime", U64);
        kernel.declare("clocksource", "mult", U32, "shift", U32);
        kernel.symbol("tk_core", CORE);
        kernel.symbol("tick_cpu_sched", TICK);
        kernel.symbol("clocksource_jiffies", JIFFIES);
        kernel.put(TIMEKEEPER, 100 * SECOND);
        kernel.put(TIMEKEEPER + 8, 5L << 10);
        kernel.put(TIMEKEEPER + 16, 10);
        kernel.put(TIMEKEEPER + 24, 1_000 * SECOND);
        kernel.put(TIMEKEEPER + 32, 3 * SECOND);
        idle(0, 0);
        idle(1, 0);
    }

    @Test
    void takesTheLastUpdateWhereNoCpuWroteLater() {
        assertThat(new Timekeeping(kernel).monotonic()).isEqualTo(100 * SECOND + 5);
    }

    @Test
    void takesTheMomentWhenTheLastCpuWentToSleep() {
        idle(1, 104 * SECOND);
        Timekeeping time = new Timekeeping(kernel);
        assertThat(time.monotonic()).isEqualTo(104 * SECOND);
        assertThat(time.boottime()).isEqualTo(107 * SECOND);
        assertThat(time.real()).isEqualTo(1_104 * SECOND);
        assertThat(time.bootedAt()).isEqualTo(997 * SECOND);
    }

    @Test
    void doesNotBelieveAnAbsurdTimeStamp() {
        idle(0, Long.MAX_VALUE);
        assertThat(new Timekeeping(kernel).monotonic()).isEqualTo(100 * SECOND + 5);
    }

    @Test
    void takesTheLengthOfATickFromTheJiffies() {
        kernel.put(JIFFIES, 4_000_000L << 8 & 0xffff_ffffL | 8L << 32);
        assertThat(Timekeeping.hz(kernel)).isEqualTo(250);
        kernel.put(JIFFIES, 0);
        assertThat(Timekeeping.hz(kernel)).isEqualTo(250);
        kernel.put(JIFFIES, 1_000_000L << 8 & 0xffff_ffffL | 8L << 32);
        assertThat(Timekeeping.hz(kernel)).isEqualTo(1000);
    }

    private void idle(int cpu, long entered) {
        kernel.put(TICK + cpu * SyntheticKernel.PER_CPU, entered);
        kernel.put(TICK + cpu * SyntheticKernel.PER_CPU + 8, 0);
    }
}
