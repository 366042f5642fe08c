package io.scwatcher.memory.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.qemu.FlatView.Section;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlatViewTest {
    private static Section section(long start, long end, String region, long offset) {
        return new Section(new PhysicalRange(start, end - start), region, offset);
    }

    @Test
    void takesTheRamOfBackendsAndJoinsItsParts() {
        String text = """
                FlatView #0
                 AS "I/O", root: io
                 Root memory region: io
                  0000000000000000-0000000000000fff (prio 0, ram): pc.ram owner:{obj path=/objects/pc.ram}

                FlatView #1
                 AS "memory", root: system
                 AS "cpu-memory-0", root: system
                 Root memory region: system
                  0000000000000000-000000000009ffff (prio 0, ram): pc.ram KVM owner:{obj path=/objects/pc.ram}
                  00000000000a0000-00000000000bffff (prio 1, i/o): vga-lowmem owner:{dev path=/machine/vga}
                  00000000000c0000-00000000000dffff (prio 0, rom): pc.ram @00000000000c0000 KVM owner:{obj path=/objects/pc.ram}
                  00000000000e0000-000000007fffffff (prio 0, ram): pc.ram @00000000000e0000 KVM owner:{obj path=/objects/pc.ram}
                  00000000fd000000-00000000fdffffff (prio 1, ram): vga.vram KVM owner:{dev path=/machine/vga}
                  00000000feb00000-00000000feb00fff (prio 0, ramd): 0000:01:00.0 BAR 0 mmaps[0] owner:{dev id=vfio}
                  00000000fffc0000-00000000ffffffff (prio 0, rom): pc.bios parent:{obj path=/machine/unattached}
                  0000000100000000-000000013fffffff (prio 0, ram): pc.ram @0000000080000000 KVM owner:{obj path=/objects/pc.ram}
                  0000000140000000-0000000147ffffff (prio 0, nv-ram): my nvdimm owner:{obj path=/objects/my nvdimm}

                FlatView #2
                 AS "cpu-smm-0", root: memory
                  00000000000a0000-00000000000bffff (prio 0, ram): pc.ram @00000000000a0000 owner:{obj path=/objects/pc.ram}
                """;
        assertThat(FlatView.ram(text, List.of())).containsExactly(
                section(0, 0xa0000, "pc.ram", 0),
                section(0xc0000, 0x8000_0000L, "pc.ram", 0xc0000),
                section(0x1_0000_0000L, 0x1_4000_0000L, "pc.ram", 0x8000_0000L),
                section(0x1_4000_0000L, 0x1_4800_0000L, "my nvdimm", 0));
    }

    @Test
    void goesByNamesWhereOwnersAreNotTold() {
        String text = """
                FlatView #0
                 AS "memory", root: system
                 Root memory region: system
                  0000000000000000-000000000009ffff (prio 0, ram): pc.ram
                  0000000100000000-000000013fffffff (prio 0, ram): dimm0
                  00000000fd000000-00000000fdffffff (prio 1, ram): vga.vram
                  00000000fffc0000-00000000ffffffff (prio 0, rom): pc.bios
                """;
        assertThat(FlatView.ram(text, List.of("dimm0"))).containsExactly(
                section(0, 0xa0000, "pc.ram", 0), section(0x1_0000_0000L, 0x1_4000_0000L, "dimm0", 0));
        assertThat(FlatView.ram("unknown command: 'info mtree'", List.of())).isEmpty();
    }
}
