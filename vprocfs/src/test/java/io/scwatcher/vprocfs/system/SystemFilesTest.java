package io.scwatcher.vprocfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SystemFilesTest {
    @Test
    void servesWhatEveryToolExpects() {
        assertThat(SystemFiles.table().keySet()).containsAll(List.of("stat", "meminfo", "loadavg", "uptime", "version",
                "cmdline", "cpuinfo", "modules", "kallsyms", "filesystems", "partitions", "diskstats", "devices",
                "interrupts", "softirqs", "vmstat", "swaps", "consoles", "misc", "locks", "cgroups", "tty/drivers",
                "sysvipc/msg", "sysvipc/sem", "sysvipc/shm"));
    }

    @Test
    void findsFilesOfInterruptsByNumber() {
        assertThat(SystemFiles.find("irq/4/smp_affinity")).isNotNull();
        assertThat(SystemFiles.find("irq/4/unheard_of")).isNull();
        assertThat(SystemFiles.find("irq/99999999999/node")).isNull();
        assertThat(SystemFiles.find("unheard_of")).isNull();
    }
}
