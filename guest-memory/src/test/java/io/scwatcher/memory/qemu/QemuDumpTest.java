package io.scwatcher.memory.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dumps that QEMU itself writes of a machine with a hole and a plugged DIMM: some seconds, and 2 GiB of disk. */
@Tag("vm")
@Timeout(120)
class QemuDumpTest {
    private static final long MIB = 1L << 20;
    private static final List<Long> MARKED = List.of(MIB, 256 * MIB - 8, 4096 * MIB, 4352 * MIB - 8, 5120 * MIB);

    @TempDir Path directory;

    @Test
    void findsTheHoleThatARawImageLacks() throws Exception {
        Path file = directory.resolve("ram");
        try (TinyVm _ = TinyVm.start(directory, List.of(4096 * MIB), "-M", "q35,memory-backend=m", "-m", "3G",
                "-object", "memory-backend-file,id=m,size=3G,share=on,mem-path=" + file)) {
            // The firmware's tables appear while it starts.
            int blocks;
            do {
                try (GuestMemory memory = GuestMemories.open(file.toString())) {
                    blocks = memory.ram().size();
                    if (blocks == 2) {
                        assertThat(TinyVm.read(memory, 4096 * MIB)).isEqualTo(TinyVm.value(4096 * MIB));
                    }
                }
            } while (blocks == 1);
        }
    }

    @Test
    void readsWhatQemuDumps() throws Exception {
        try (TinyVm vm = TinyVm.start(directory, MARKED, "-S", "-M", "q35,max-ram-below-4g=256M",
                "-m", "512M,slots=1,maxmem=4G", "-object", "memory-backend-ram,id=d,size=128M", "-device",
                "pc-dimm,memdev=d")) {
            for (String option : List.of("", "-p ", "-z ")) {
                Path file = directory.resolve("dump" + option.strip());
                assertThat(vm.monitor("dump-guest-memory " + option + file)).isEmpty();
                try (GuestMemory memory = GuestMemories.open(file.toString())) {
                    for (long address : MARKED) {
                        assertThat(TinyVm.read(memory, address)).isEqualTo(TinyVm.value(address));
                    }
                    assertThat(memory.isLive()).isFalse();
                    assertThat(memory.control()).isEmpty();
                }
            }
            Path raw = directory.resolve("raw");
            vm.monitor("pmemsave 0 %d \"%s\"".formatted(256 * MIB, raw));
            try (GuestMemory memory = GuestMemories.open(raw.toString())) {
                assertThat(TinyVm.read(memory, 256 * MIB - 8)).isEqualTo(TinyVm.value(256 * MIB - 8));
            }
        }
    }
}
