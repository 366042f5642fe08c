package io.scwatcher.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths below /proc: their kinds and families, and which of them globs select. */
class PathsTest {
    @ParameterizedTest
    @CsvSource({
        "12/stat, PID/stat, PID",
        "12/task/13/stat, PID/task/TID/stat, PID/task/TID",
        "12/task/13/fd/4, PID/task/TID/fd/N, PID/task/TID/fd",
        "12/net/stat/rt_cache, PID/net/stat/rt_cache, PID/net",
        "12/map_files/400000-401000, PID/map_files/RANGE, PID/map_files",
        "irq/9/node, irq/N/node, irq/N",
        "sys/net/ipv4/conf/lo/tag, sys/net/ipv4/conf/lo/tag, sys/net",
        "meminfo, meminfo, /",
        "12, PID, PID",
    })
    void pathsHaveKindsAndFamilies(String path, String pattern, String family) {
        assertThat(Patterns.of(path)).isEqualTo(pattern);
        assertThat(Patterns.family(path)).isEqualTo(family);
    }

    @Test
    void globsSelectWhatTheyMatchAndAllBelow() {
        Globs globs = new Globs(List.of("/proc/[0-9]*/net", "sys/vm/*ness"));
        assertThat(globs.selected()).accepts("1/net", "22/net/tcp", "sys/vm/swappiness")
                .rejects("", "1", "1/task", "sys", "sys/vm/swap", "self/net");
        assertThat(globs.leadingThere()).accepts("", "1", "1/net", "1/net/stat", "sys", "sys/vm").rejects("1/task", "sys/net", "self");
        assertThat(new Globs(List.of()).selected()).accepts("", "anything");
    }

    @Test
    void bothSidesLeaveTheSameFilesUnread() {
        assertThat(List.of("kmsg", "kcore", "vmcore", "kpagecount", "1/pagemap", "1/task/2/pagemap")).allMatch(NeverRead::contains);
        assertThat(List.of("1/maps", "kallsyms", "1/mem", "sys/kcore")).noneMatch(NeverRead::contains);
    }

    @Test
    void requiredFilesAreNamedByKind() {
        assertThat(List.of("1/stat", "1/task/2/fdinfo/7", "1/net/tcp6", "meminfo", "sys/kernel/ostype", "tty/drivers", "1/fd"))
                .allMatch(RequiredFiles::contains);
        assertThat(List.of("1/smaps", "kcore", "1/net/fib_trie", "bus/pci/devices")).noneMatch(RequiredFiles::contains);
    }
}
