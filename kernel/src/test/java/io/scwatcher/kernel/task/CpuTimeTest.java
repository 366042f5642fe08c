package io.scwatcher.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CpuTimeTest {
    @Test
    void scalesTicksToThePreciseRunTime() {
        assertThat(CpuTime.adjust(3_000, 1_000, 8_000, 0, 0)).isEqualTo(new CpuTime(6_000, 2_000));
    }

    @Test
    void takesEverythingForUserTimeWhereNoTickHitTheKernel() {
        assertThat(CpuTime.adjust(0, 0, 500, 0, 0)).isEqualTo(new CpuTime(500, 0));
        assertThat(CpuTime.adjust(0, 4_000_000, 500, 0, 0)).isEqualTo(new CpuTime(0, 500));
    }

    @Test
    void neverGoesBackwards() {
        assertThat(CpuTime.adjust(9_000, 1_000, 100, 60, 40)).isEqualTo(new CpuTime(60, 40));
        assertThat(CpuTime.adjust(9_000, 1_000, 110, 60, 40)).isEqualTo(new CpuTime(70, 40));
    }

    @Test
    void sharesTimesThatOverflowAWordWhenMultiplied() {
        long year = 365L * 24 * 3600 * 1_000_000_000;
        assertThat(CpuTime.adjust(year, year, 4 * year, 0, 0)).isEqualTo(new CpuTime(2 * year, 2 * year));
    }

    @Test
    void bothPartsAlwaysAddUpToTheRunTime() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long previousUser = random.nextLong(1L << 40);
            long previousSystem = random.nextLong(1L << 40);
            long runtime = previousUser + previousSystem + 1 + random.nextLong(1L << 40);
            CpuTime time = CpuTime.adjust(random.nextLong(1L << 42), random.nextLong(1L << 42), runtime, previousUser,
                    previousSystem);
            assertThat(time.user() + time.system()).as("seed %d", seed).isEqualTo(runtime);
            assertThat(time.user()).as("seed %d", seed).isGreaterThanOrEqualTo(previousUser);
            assertThat(time.system()).as("seed %d", seed).isGreaterThanOrEqualTo(previousSystem);
        }
    }
}
