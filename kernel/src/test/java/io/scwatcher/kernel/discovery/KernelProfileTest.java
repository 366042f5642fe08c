package io.scwatcher.kernel.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.SyntheticRam;
import io.scwatcher.kernel.symbol.KallsymsEncoder.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelProfileTest {
    private static final long IMAGE = 0x120_0000;
    private static final long SLIDE = 0x1a60_0000;
    private static final long NOTE = 0x10_3000;

    private final SyntheticRam ram = SyntheticRam.ofMebibytes(64);

    private SyntheticGuest guest(long physical, long slide) {
        return new SyntheticGuest(ram, physical, slide, 4, Layout.V6_4);
    }

    private KernelProfile discover() {
        return KernelProfile.discover(ram, DiscoveryListener.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void profilesAKernelInBothPagingModes(int levels) {
        SyntheticGuest guest = new SyntheticGuest(ram, IMAGE, SLIDE, levels, Layout.V6_4).boot().note(NOTE);
        List<String> steps = new ArrayList<>();
        KernelProfile profile = KernelProfile.discover(ram, (step, nanoseconds, found) -> steps.add(step));
        assertThat(profile.release()).isEqualTo(SyntheticGuest.RELEASE);
        assertThat(profile.banner()).isEqualTo("Linux version 6.9.0-synthetic (synthetic) #1 SMP");
        assertThat(profile.pagingLevels()).isEqualTo(levels);
        assertThat(profile.virtualOffset()).isEqualTo(SLIDE);
        assertThat(profile.physicalBase()).isEqualTo(IMAGE);
        assertThat(profile.symbolCount()).isEqualTo(guest.symbols().size());
        assertThat(profile.cpus()).isEqualTo(3);
        assertThat(profile.machine()).isEqualTo("x86_64");
        assertThat(profile.modulesWithTypes(ram)).isEmpty();
        assertThat(steps).contains("search for VMCOREINFO", "symbols", "types", "check of the first task");
    }

    @ParameterizedTest
    @EnumSource
    void needsNoVmcoreInfo(Layout layout) {
        new SyntheticGuest(ram, IMAGE, SLIDE, 5, layout).boot();
        KernelProfile profile = discover();
        assertThat(profile.release()).isEqualTo(SyntheticGuest.RELEASE);
        assertThat(profile.pagingLevels()).isEqualTo(5);
        assertThat(profile.virtualOffset()).isEqualTo(SLIDE);
    }

    @Test
    void anEpochReadsTheKernel() {
        guest(IMAGE, SLIDE).boot().note(NOTE);
        Kernel kernel = discover().epoch(ram);
        assertThat(kernel.object("init_task", "task_struct").string("comm", 16)).isEqualTo("swapper/0");
        assertThat(kernel.possibleCpus()).containsExactly(0, 1, 3);
        assertThat(kernel.onlineCpus()).containsExactly(0, 1);
        assertThat(kernel.perCpu(0x1f000, 1)).isEqualTo(0x21_f000);
        assertThat(kernel.directMap(0x5000)).isEqualTo(0xffff_9000_0000_5000L);
        assertThat(kernel.pageToPhysical(0xffff_ee00_0000_0000L + 64 * 3)).isEqualTo(0x3000);
        assertThat(kernel.addressSpace(kernel.address("init_top_pgt")).isMapped(kernel.address("_stext"))).isTrue();
        assertThat(kernel.types().hasStruct("sk_buff")).isFalse();
    }

    @Test
    void remainsOfAnEarlierBootAreNotTakenForTheKernel() {
        SyntheticGuest earlier = guest(0x220_0000, 0x500_0000).release("5.4.0-earlier").boot();
        earlier.note(0x10_0000).note(0x10_1000);
        long overwritten = 0x220_0000 + (4 << 20);
        for (long at = overwritten; at < overwritten + 4096; at += 8) {
            ram.putU64(at, 0);
        }
        guest(IMAGE + 0x200_0000, SLIDE).boot().note(NOTE);
        assertThat(discover().release()).isEqualTo(SyntheticGuest.RELEASE);
    }

    @Test
    void anIntactImageWhosePageTablesAreInUseElsewhereIsGone() {
        SyntheticGuest earlier = guest(0x220_0000, 0x500_0000).release("5.4.0-earlier").clock(1 << 30).boot();
        earlier.note(0x10_0000);
        KernelProfile old = discover();
        assertThat(old.stillValid(ram)).isTrue();
        guest(IMAGE - 0x80_0000, SLIDE).release("6.2.0-later").clock(1000).boot().note(NOTE);
        assertThat(old.stillValid(ram)).as("nothing of it has changed").isTrue();
        earlier.loseData();
        assertThat(old.stillValid(ram)).isFalse();
        List<String> steps = new ArrayList<>();
        KernelProfile profile = KernelProfile.discover(ram, (step, nanoseconds, found) -> steps.add(step));
        assertThat(profile.release()).isEqualTo("6.2.0-later");
        assertThat(steps).contains("remains of a boot").doesNotContain("choice");
    }

    @Test
    void ofSeveralIntactKernelsTheOneWithTheLatestClockRuns() {
        guest(0x220_0000, 0x500_0000).release("5.4.0-earlier").clock(1000).boot().note(0x10_0000);
        guest(IMAGE - 0x80_0000, SLIDE).release("6.2.0-later").clock(2000).boot().note(NOTE);
        guest(0x2a0_0000, 0x700_0000).release("4.9.0-earliest").clock(500).boot().note(0x10_4000);
        List<String> found = new ArrayList<>();
        KernelProfile profile = KernelProfile.discover(ram, (step, nanoseconds, what) -> found.add(what));
        assertThat(profile.release()).isEqualTo("6.2.0-later");
        assertThat(found).contains("3 kernels are intact, 6.2.0-later is the one that runs");
    }

    @Test
    void aCopyOfTheNoteChangesNothing() {
        guest(IMAGE, SLIDE).boot().note(NOTE).note(0x10_0000).note(0x200_0000);
        List<String> steps = new ArrayList<>();
        KernelProfile.discover(ram, (step, nanoseconds, found) -> steps.add(step));
        assertThat(steps).containsOnlyOnce("types");
    }

    @Test
    void aNoteThatLiesIsNoticed() {
        guest(IMAGE, SLIDE).boot().note(NOTE);
        ram.put(NOTE + 24, "OSRELEASE=6.9.1".getBytes());
        assertThat(discover().release()).as("found by the page tables").isEqualTo(SyntheticGuest.RELEASE);
    }

    @Test
    void noKernelIsOneClearLine() {
        assertThatThrownBy(this::discover).isInstanceOfSatisfying(DiscoveryException.class, e -> {
            assertThat(e.category()).isEqualTo(DiscoveryException.Category.NO_KERNEL);
            assertThat(e.getMessage()).contains("synthetic memory").doesNotContain("\n");
        });
    }

    @Test
    void aKernelWithoutTypesIsOneClearLine() {
        guest(IMAGE, SLIDE).withoutTypes().boot().note(NOTE);
        assertThatThrownBy(this::discover).isInstanceOfSatisfying(DiscoveryException.class, e -> {
            assertThat(e.category()).isEqualTo(DiscoveryException.Category.UNSUPPORTED_KERNEL);
            assertThat(e.getMessage()).contains(SyntheticGuest.RELEASE).contains("BTF").doesNotContain("\n");
        });
    }

    @Test
    void aKernelWithDamagedSymbolsIsOneClearLine() {
        guest(IMAGE, SLIDE).boot().note(NOTE);
        for (int i = 0; i < 0x4000; i += 8) {
            ram.putU64(IMAGE + (2 << 20) + 0x10_0000 + i, 0xdead);
        }
        assertThatThrownBy(this::discover).isInstanceOfSatisfying(DiscoveryException.class, e -> {
            assertThat(e.category()).isEqualTo(DiscoveryException.Category.UNSUPPORTED_KERNEL);
            assertThat(e.getMessage()).contains(SyntheticGuest.RELEASE).contains("symbol table");
        });
    }

    @Test
    void aRebootIsNoticed() {
        SyntheticGuest guest = guest(IMAGE, SLIDE).boot().note(NOTE);
        KernelProfile profile = discover();
        assertThat(profile.stillValid(ram)).isTrue();
        ram.put(IMAGE + (4 << 20) + 0x5000, new byte[] {1, 2, 3, 4});
        assertThat(profile.stillValid(ram)).as("the boot id is made on first use").isTrue();
        ram.putU64(guest.initTask() + SyntheticGuest.CANARY_OFFSET, 0x666);
        assertThat(profile.stillValid(ram)).isFalse();
        assertThatThrownBy(() -> profile.requireValid(ram)).isInstanceOfSatisfying(DiscoveryException.class,
                e -> assertThat(e.category()).isEqualTo(DiscoveryException.Category.REBOOTED));
    }

    @Test
    void damageEndsInAProfileOrInOneClearLine() {
        long seed = System.nanoTime();
        System.out.println("KernelProfileTest seed " + seed);
        Random random = new Random(seed);
        guest(IMAGE, SLIDE).boot().note(NOTE);
        List<Long> pages = ram.written();
        for (int round = 0; round < 60; round++) {
            long[] where = new long[200];
            for (int i = 0; i < where.length; i++) {
                where[i] = pages.get(random.nextInt(pages.size())) * 4096 + random.nextInt(4096);
                ram.flip(where[i], i % 8);
            }
            try {
                KernelProfile profile = discover();
                assertThat(profile.epoch(ram).possibleCpus().length).isLessThanOrEqualTo(8192);
            } catch (DiscoveryException oneLine) {
                assertThat(oneLine.getMessage()).doesNotContain("\n");
            }
            for (int i = 0; i < where.length; i++) {
                ram.flip(where[i], i % 8);
            }
        }
        assertThat(discover().release()).isEqualTo(SyntheticGuest.RELEASE);
    }
}
