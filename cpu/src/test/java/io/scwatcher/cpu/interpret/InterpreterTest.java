package io.scwatcher.cpu.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.FrameAccount;
import io.scwatcher.cpu.memory.Mapping;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class InterpreterTest {
    private static final long CODE = 0x40_0000;
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RSP = 4;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final long DATA = 0x50_0000;

    private final Engine engine = Engines.interpreter();
    private final AddressSpace memory = new AddressSpace(FrameAccount.UNLIMITED);
    private final Cpu cpu = new Cpu(memory);

    InterpreterTest() {
        int all = Mapping.READ | Mapping.WRITE | Mapping.EXECUTE;
        memory.map(CODE, 0x4000, all, null, 0, false, null);
        memory.map(DATA, 0x4000, all, null, 0, false, null);
    }

    private Event run(String hex) {
        return runAt(CODE, hex);
    }

    private Event runAt(long address, String hex) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(memory.write(address, code, 0, code.length)).isEqualTo(code.length);
        cpu.rip = address;
        cpu.gpr[RSP] = DATA + 0x2000;
        return engine.run(cpu);
    }

    @Test
    void sumsInALoopAndComesBackAtTheSystemCall() {
        // mov $100,%ecx; xor %eax,%eax; 1: add %rcx,%rax; dec %rcx; jnz 1b; syscall
        assertThat(run("b9 64 00 00 00  31 c0  48 01 c8  48 ff c9  75 f8  0f 05")).isEqualTo(Event.SYSTEM_CALL);
        assertThat(cpu.gpr[RAX]).isEqualTo(5050);
        assertThat(cpu.rip).isEqualTo(CODE + 17);
        assertThat(cpu.gpr[RCX]).isEqualTo(CODE + 17);
    }

    @Test
    void faultsAtTheInstructionAndChangesNothing() {
        cpu.gpr[RDI] = 0x1234_5000;
        cpu.gpr[RCX] = 7;
        assertThat(run("90 90 48 01 0f 0f 05")).isEqualTo(Event.EXCEPTION);
        assertThat(cpu.rip).isEqualTo(CODE + 2);
        assertThat(cpu.vector).isEqualTo(14);
        assertThat(cpu.errorCode & ~2).isEqualTo(4);
        assertThat(cpu.faultAddress).isEqualTo(0x1234_5000);
        assertThat(cpu.gpr[RCX]).isEqualTo(7);
    }

    @Test
    void executesInstructionsThatCrossPages() {
        assertThat(runAt(CODE + 0xffd, "48 b8 88 77 66 55 44 33 22 11 0f 05")).isEqualTo(Event.SYSTEM_CALL);
        assertThat(cpu.gpr[RAX]).isEqualTo(0x1122334455667788L);
        memory.protect(CODE + 0x1000, 0x1000, Mapping.READ);
        cpu.rip = CODE + 0xffd;
        assertThat(engine.run(cpu)).isEqualTo(Event.EXCEPTION);
        assertThat(cpu.faultAddress).isEqualTo(CODE + 0x1000);
        assertThat(cpu.errorCode).isEqualTo(16 | 4 | 1);
    }

    @Test
    void executesCodeThatItHasJustChanged() {
        // movb $0x42, 1f+1(%rip); 1: mov $0,%al; syscall
        assertThat(run("c6 05 01 00 00 00 42  b0 00  0f 05")).isEqualTo(Event.SYSTEM_CALL);
        assertThat(cpu.gpr[RAX] & 0xff).isEqualTo(0x42);
        // The same again, now that the block is known
        assertThat(run("c6 05 01 00 00 00 43  b0 00  0f 05")).isEqualTo(Event.SYSTEM_CALL);
        assertThat(cpu.gpr[RAX] & 0xff).isEqualTo(0x43);
    }

    @Test
    void trapsAfterEachInstructionWithTheTrapFlag() {
        cpu.setRflags(Flags.TF);
        assertThat(run("48 ff c0 48 ff c0")).isEqualTo(Event.EXCEPTION);
        assertThat(cpu.vector).isEqualTo(1);
        assertThat(cpu.rip).isEqualTo(CODE + 3);
        assertThat(engine.run(cpu)).isEqualTo(Event.EXCEPTION);
        assertThat(cpu.gpr[RAX]).isEqualTo(2);
    }

    @Test
    void popfTurnsTheTrapFlagOnBehindTheNextInstruction() {
        // pushq $0x100; popf; nop; nop
        assertThat(run("68 00 01 00 00 9d 90 90")).isEqualTo(Event.EXCEPTION);
        assertThat(cpu.vector).isEqualTo(1);
        assertThat(cpu.rip).isEqualTo(CODE + 7);
    }

    @Test
    void checksAlignmentFromPopfOn() {
        cpu.gpr[RDI] = DATA + 1;
        // mov (%rdi),%eax; pushq $0x40000; popf; mov (%rdi),%eax
        assertThat(run("8b 07 68 00 00 04 00 9d 90 8b 07")).isEqualTo(Event.EXCEPTION);
        assertThat(cpu.vector).isEqualTo(17);
        assertThat(cpu.rip).isEqualTo(CODE + 9);
        cpu.requestAttention();
        assertThat(engine.run(cpu)).isEqualTo(Event.ATTENTION);
    }

    @Test
    void comesBackFromAnEndlessLoopOnRequest() throws InterruptedException {
        Thread other = Thread.ofPlatform().start(cpu::requestAttention);
        assertThat(run("eb fe")).isEqualTo(Event.ATTENTION);
        other.join();
        assertThat(cpu.rip).isEqualTo(CODE);
    }

    @Test
    void leavesCountersAfterTheLastWholeElementWhenAStringFaults() {
        cpu.gpr[RSI] = DATA;
        cpu.gpr[RDI] = DATA + 0x4000 - 20;
        cpu.gpr[RCX] = 100;
        assertThat(run("f3 48 a5 0f 05")).isEqualTo(Event.EXCEPTION);
        assertThat(cpu.gpr[RCX]).isEqualTo(98);
        assertThat(cpu.gpr[RSI]).isEqualTo(DATA + 16);
        assertThat(cpu.rip).isEqualTo(CODE);
        assertThat(cpu.faultAddress).isEqualTo(DATA + 0x4000);
    }

    @Test
    void repeatsAnyCountUntilItFaults() {
        cpu.gpr[RSI] = DATA + 0x1000;
        cpu.gpr[RDI] = DATA;
        cpu.gpr[RCX] = -5;
        assertThat(run("f3 a4 0f 05")).isEqualTo(Event.EXCEPTION);
        assertThat(cpu.gpr[RCX]).isEqualTo(-5 - 0x3000);
    }

    @Test
    void faultsAtAnyAddressThatIsNoCode() {
        for (long address : new long[] {-1, 0, Long.MIN_VALUE, Long.MAX_VALUE, 0x7fff_ffff_ffffL, 0xffff_8000_0000_0000L}) {
            cpu.rip = address;
            assertThat(engine.run(cpu)).isEqualTo(Event.EXCEPTION);
            assertThat(cpu.rip).isEqualTo(address);
        }
    }

    @Test
    void interruptsALongRepetition() {
        memory.map(0x1000_0000L, 1L << 40, Mapping.READ, null, 0, false, null);
        cpu.gpr[RSI] = 0x1000_0000L;
        cpu.gpr[RCX] = 1L << 40;
        cpu.requestAttention();
        cpu.takeAttention();
        Thread other = Thread.ofPlatform().start(cpu::requestAttention);
        Event event = run("f3 ac 0f 05");
        assertThat(event).isEqualTo(Event.ATTENTION);
        assertThat(cpu.rip).isEqualTo(CODE);
        assertThat(cpu.gpr[RCX]).isEqualTo((1L << 40) - (cpu.gpr[RSI] - 0x1000_0000L));
        assertThat(other).isNotNull();
    }

    @Test
    void keepsFlagsOfEveryCombination() {
        for (int bits = 0; bits < 64; bits++) {
            int flags = (bits & 1) * Flags.CF | (bits >> 1 & 1) * Flags.PF | (bits >> 2 & 1) * Flags.AF | (bits >> 3 & 1) * Flags.ZF
                    | (bits >> 4 & 1) * Flags.SF | (bits >> 5 & 1) * Flags.OF;
            cpu.setRflags(flags);
            assertThat(cpu.rflags()).isEqualTo(flags | 0x202);
            boolean less = (flags & Flags.SF) != 0 != ((flags & Flags.OF) != 0);
            assertThat(cpu.condition(12)).isEqualTo(less);
            assertThat(cpu.condition(15)).isEqualTo(!less && (flags & Flags.ZF) == 0);
            assertThat(cpu.condition(6)).isEqualTo((flags & (Flags.CF | Flags.ZF)) != 0);
        }
    }
}
