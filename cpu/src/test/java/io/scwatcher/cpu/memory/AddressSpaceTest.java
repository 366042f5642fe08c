package io.scwatcher.cpu.memory;

import static io.scwatcher.cpu.memory.Mapping.EXECUTE;
import static io.scwatcher.cpu.memory.Mapping.READ;
import static io.scwatcher.cpu.memory.Mapping.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuException;
import org.junit.jupiter.api.Test;

class AddressSpaceTest {
    /** Unlike the page of zeros behind anonymous memory, which other tests may have executed. */
    private static final Backing NEVER_EXECUTED = index -> new Frame();
    private static final long BASE = 0x10000;
    private static final int PAGE = AddressSpace.PAGE;

    private final CountingAccount account = new CountingAccount(1000);
    private final AddressSpace memory = new AddressSpace(account);
    private final Cpu cpu = new Cpu(memory);

    @Test
    void readingUntouchedMemoryAllocatesNothing() {
        memory.map(BASE, 100L * PAGE, READ | WRITE, null, 0, false, null);
        for (int i = 0; i < 100; i++) {
            assertThat(cpu.load64(BASE + (long) i * PAGE)).isZero();
        }
        assertThat(memory.residentPages()).isEqualTo(100);
        assertThat(account.used).hasValue(0);
        cpu.store8(BASE + 5, 7);
        assertThat(account.used).hasValue(1);
        assertThat(cpu.load64(BASE)).isEqualTo(7L << 40);
    }

    @Test
    void forkCopiesAPageOnlyWhenItIsWrittenAndTheLastOwnerWritesInPlace() {
        memory.map(BASE, 10L * PAGE, READ | WRITE, null, 0, false, null);
        for (int i = 0; i < 10; i++) {
            cpu.store32(BASE + (long) i * PAGE, i + 1);
        }
        AddressSpace childMemory = memory.fork();
        Cpu child = new Cpu(childMemory);
        assertThat(account.used).hasValue(10);
        child.store32(BASE, 100);
        assertThat(cpu.load32(BASE)).isEqualTo(1);
        assertThat(account.used).hasValue(11);
        cpu.store32(BASE, 50);
        cpu.store32(BASE + PAGE, 60);
        assertThat(account.used).hasValue(12);
        assertThat(child.load32(BASE)).isEqualTo(100);
        assertThat(child.load32(BASE + PAGE)).isEqualTo(2);
        memory.release();
        assertThat(account.used).hasValue(10);
        for (int i = 0; i < 10; i++) {
            child.store32(BASE + (long) i * PAGE, 0);
        }
        assertThat(account.used).hasValue(10);
        childMemory.release();
        assertThat(account.used).hasValue(0);
    }

    @Test
    void sharedAnonymousMemoryIsOneAcrossFork() {
        memory.map(BASE, 2L * PAGE, READ | WRITE, null, 0, true, null);
        Cpu child = new Cpu(memory.fork());
        child.store64(BASE + PAGE - 4, 0x1122334455667788L);
        assertThat(cpu.load64(BASE + PAGE - 4)).isEqualTo(0x1122334455667788L);
        assertThat(memory.sharedFrame(BASE)).isNotNull().isSameAs(child.memory().sharedFrame(BASE));
    }

    @Test
    void aStoreOverTwoPagesFaultsBeforeItChangesTheFirst() {
        memory.map(BASE, PAGE, READ | WRITE, null, 0, false, null);
        memory.map(BASE + PAGE, PAGE, READ, null, 0, false, null);
        assertThatThrownBy(() -> cpu.store64(BASE + PAGE - 3, -1)).isSameAs(CpuException.FAULT);
        assertThat(cpu.vector).isEqualTo(14);
        assertThat(cpu.faultAddress).isEqualTo(BASE + PAGE);
        assertThat(cpu.errorCode & ~1).isEqualTo(6);
        assertThat(cpu.load64(BASE + PAGE - 8)).isZero();
    }

    @Test
    void addressesBeyondTheUsersFault() {
        assertThatThrownBy(() -> cpu.load8(0x8000_0000_0000L)).isSameAs(CpuException.FAULT);
        assertThat(cpu.vector).isEqualTo(13);
        assertThatThrownBy(() -> cpu.load32(-4)).isSameAs(CpuException.FAULT);
        assertThat(cpu.vector).isEqualTo(14);
        assertThat(cpu.errorCode).isEqualTo(5);
        assertThatThrownBy(() -> cpu.load64(-4)).isSameAs(CpuException.FAULT);
        assertThat(memory.read(-1, new byte[8], 0, 8)).isZero();
        assertThat(memory.write(Long.MIN_VALUE, new byte[8], 0, 8)).isZero();
    }

    @Test
    void aStackGrowsToItsLimitAndNotNearAnotherMapping() {
        memory.setLimits(512L * PAGE, Long.MAX_VALUE);
        long top = AddressSpace.MAX;
        memory.mapStack(top - PAGE, PAGE, READ | WRITE, "stack");
        cpu.store64(top - 300L * PAGE, 1);
        assertThat(memory.mappings()).hasSize(1);
        assertThat(memory.mappings().getFirst().start()).isEqualTo(top - 300L * PAGE);
        assertThatThrownBy(() -> cpu.store64(top - 513L * PAGE, 1)).isSameAs(CpuException.FAULT);
        memory.map(top - 700L * PAGE, PAGE, READ, null, 0, false, null);
        cpu.store64(top - 443L * PAGE, 1);
        assertThatThrownBy(() -> cpu.store64(top - 444L * PAGE, 1)).isSameAs(CpuException.FAULT);
        assertThat(memory.findFree(PAGE, 0, top)).isEqualTo(top - 701L * PAGE);
    }

    @Test
    void anAccountThatRefusesMakesTheAccessFault() {
        CountingAccount small = new CountingAccount(3);
        AddressSpace limited = new AddressSpace(small);
        Cpu processor = new Cpu(limited);
        limited.map(BASE, 10L * PAGE, READ | WRITE, null, 0, false, null);
        for (int i = 0; i < 3; i++) {
            processor.store8(BASE + (long) i * PAGE, 1);
        }
        assertThat(limited.outOfFrames()).isFalse();
        assertThatThrownBy(() -> processor.store8(BASE + 3L * PAGE, 1)).isSameAs(CpuException.FAULT);
        assertThat(limited.outOfFrames()).isTrue();
        assertThat(limited.write(BASE, new byte[5 * PAGE], 0, 5 * PAGE)).isEqualTo(3 * PAGE);
    }

    @Test
    void aWriteToCodeThrowsTheCodeAwayAndRestartsTheInstruction() {
        memory.map(BASE, PAGE, READ | WRITE | EXECUTE, NEVER_EXECUTED, 0, false, null);
        cpu.store8(BASE, 0x90);
        PageTableEntry entry = cpu.executable(BASE);
        assertThat(entry.installCode("code")).isEqualTo("code");
        assertThat(entry.installCode("other")).isEqualTo("code");
        assertThat(cpu.codeChanged()).isFalse();
        assertThatThrownBy(() -> cpu.store8(BASE, 1)).isSameAs(CpuException.CODE_CHANGED);
        assertThat(cpu.codeChanged()).isTrue();
        assertThat(entry.frame().code()).isNull();
        cpu.codeForgotten();
        cpu.store8(BASE, 1);
        assertThat(cpu.load8(BASE)).isEqualTo(1);
    }

    @Test
    void codeSurvivesForkUntilOneSideWritesToIt() {
        memory.map(BASE, PAGE, READ | WRITE | EXECUTE, NEVER_EXECUTED, 0, false, null);
        cpu.store8(BASE, 0x90);
        cpu.executable(BASE).installCode("code");
        Cpu child = new Cpu(memory.fork());
        assertThat(child.executable(BASE).frame().code()).isEqualTo("code");
        assertThatThrownBy(() -> child.store8(BASE, 1)).isSameAs(CpuException.CODE_CHANGED);
        assertThat(child.executable(BASE).frame().code()).isNull();
        assertThat(cpu.executable(BASE).frame().code()).isEqualTo("code");
        assertThat(cpu.codeChanged()).isFalse();
        assertThat(cpu.load8(BASE)).isEqualTo(0x90);
    }

    @Test
    void codeOfSharedFramesGoesWhenAnotherMappingWrites() {
        Backing file = new SharedMemory(PAGE, account);
        memory.map(BASE, PAGE, READ | WRITE, file, 0, true, null);
        memory.map(BASE + PAGE, PAGE, READ | EXECUTE, file, 0, true, null);
        cpu.store8(BASE, 1);
        cpu.executable(BASE + PAGE).installCode("code");
        assertThatThrownBy(() -> cpu.store8(BASE, 2)).isSameAs(CpuException.CODE_CHANGED);
        cpu.codeForgotten();
        cpu.store8(BASE, 2);
        assertThat(cpu.load8(BASE + PAGE)).isEqualTo(2);
        cpu.executable(BASE + PAGE).installCode("code");
        file.frame(0).modified();
        assertThat(cpu.codeChanged()).isTrue();
    }

    @Test
    void unmappingAndProtectingCodeChangesTheEpoch() {
        memory.map(BASE, 2L * PAGE, READ | EXECUTE, new SharedMemory(2L * PAGE, account), 0, false, null);
        cpu.executable(BASE).installCode("code");
        memory.protect(BASE, PAGE, READ | WRITE | EXECUTE);
        assertThat(cpu.codeChanged()).isFalse();
        memory.protect(BASE, PAGE, READ);
        assertThat(cpu.codeChanged()).isTrue();
        assertThatThrownBy(() -> cpu.executable(BASE)).isSameAs(CpuException.FAULT);
        assertThat(cpu.errorCode).isEqualTo(1 | 4 | 16);
        cpu.codeForgotten();
        memory.unmap(BASE + PAGE, PAGE);
        assertThat(cpu.codeChanged()).isFalse();
        memory.unmap(BASE, PAGE);
        assertThat(cpu.codeChanged()).isTrue();
    }

    @Test
    void rejectsRangesThatAreNoUserAddresses() {
        assertThatThrownBy(() -> memory.map(1, PAGE, READ, null, 0, false, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.map(0, 0, READ, null, 0, false, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.map(PAGE, AddressSpace.MAX, READ, null, 0, false, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.unmap(-PAGE, 2L * PAGE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyThousandForksAndExitsLeaveNothing() {
        memory.map(BASE, 600L * PAGE, READ | WRITE, null, 0, false, null);
        for (int i = 0; i < 600; i++) {
            cpu.store32(BASE + (long) i * PAGE, i);
        }
        for (int i = 0; i < 2000; i++) {
            AddressSpace child = memory.fork();
            Cpu processor = new Cpu(child);
            processor.store32(BASE + (long) i % 600 * PAGE, -1);
            cpu.store32(BASE, i);
            child.release();
        }
        assertThat(account.used).hasValue(600);
    }
}
