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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which exception a failed access is, with which error code and address: what a program's signal handler sees. */
class FaultReportTest {
    private static final long CODE = 0x40_0000;
    private static final long DATA = 0x50_0000;
    /** Readable, with nothing behind. */
    private static final long CONSTANT = 0x60_0000;
    private static final long HIDDEN = 0x70_0000;
    private static final int RAX = 0, RCX = 1, RSP = 4, RBP = 5, RSI = 6, RDI = 7;
    private static final int INVALID_OPCODE = 6, STACK_FAULT = 12, GENERAL_PROTECTION = 13, PAGE_FAULT = 14, ALIGNMENT_CHECK = 17;

    private final AddressSpace memory = new AddressSpace(FrameAccount.UNLIMITED);
    private final Cpu cpu = new Cpu(memory);

    FaultReportTest() {
        memory.map(CODE, 0x1000, Mapping.READ | Mapping.WRITE | Mapping.EXECUTE, null, 0, false, null);
        memory.map(DATA, 0x1000, Mapping.READ | Mapping.WRITE, null, 0, false, null);
        memory.map(CONSTANT, 0x1000, Mapping.READ, null, 0, false, null);
        memory.map(HIDDEN, 0x1000, Mapping.READ | Mapping.WRITE, null, 0, false, null);
        memory.write(HIDDEN, new byte[1], 0, 1);
        memory.protect(HIDDEN, 0x1000, 0);
        cpu.gpr[RSP] = DATA + 0x800;
    }

    private void fault(Engine engine, String hex) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        memory.write(CODE, code, 0, code.length);
        cpu.rip = CODE;
        assertThat(engine.run(cpu)).isEqualTo(Event.EXCEPTION);
        assertThat(cpu.rip).isEqualTo(CODE);
    }

    private void faults(String hex, int vector, int errorCode, long address) {
        for (Engine engine : new Engine[] {Engines.interpreter(), Engines.compiler()}) {
            memory.discard(CONSTANT, 0x1000);
            fault(engine, hex);
            assertThat(cpu.vector).isEqualTo(vector);
            assertThat(cpu.errorCode).isEqualTo(errorCode);
            if (vector == PAGE_FAULT) {
                assertThat(cpu.faultAddress).isEqualTo(address);
            }
        }
    }

    private void faults(String hex, int vector) {
        faults(hex, vector, 0, 0);
    }

    /** With EDI as the destination: MOV, ADD, SHL, XCHG, LOCK ADD, CMPXCHG, BTS, RCL, LOCK CMPXCHG8B. */
    @ParameterizedTest
    @CsvSource({"8907", "0107", "c12703", "8707", "f00107", "0fb10f", "0fba2f03", "c11703", "f00fc70f"})
    void whatIsWrittenFaultsAsAWriteAndMakesNoPageResident(String hex) {
        cpu.gpr[RDI] = CONSTANT;
        faults(hex, PAGE_FAULT, 6, CONSTANT);
        cpu.gpr[RDI] = CONSTANT + 0xffe;
        faults(hex, PAGE_FAULT, 6, CONSTANT + 0xffe);
        cpu.gpr[RDI] = HIDDEN;
        faults(hex, PAGE_FAULT, 6, HIDDEN);
        memory.read(CONSTANT, new byte[1], 0, 1);
        cpu.gpr[RDI] = CONSTANT;
        fault(Engines.interpreter(), hex);
        assertThat(cpu.errorCode).isEqualTo(7);
    }

    /** MOV from memory. */
    @Test
    void onlyWhatUserModeMayAccessIsPresent() {
        cpu.gpr[RDI] = HIDDEN;
        faults("8b07", PAGE_FAULT, 4, HIDDEN);
        cpu.gpr[RDI] = 0x7fff_ffff_f000L;
        faults("8b07", PAGE_FAULT, 5, 0x7fff_ffff_f000L);
        cpu.gpr[RDI] = -8;
        faults("8b07", PAGE_FAULT, 5, -8);
        // jmp *%rdi
        cpu.gpr[RDI] = CONSTANT;
        memory.discard(CONSTANT, 0x1000);
        byte[] jump = {(byte) 0xff, (byte) 0xe7};
        memory.write(CODE, jump, 0, 2);
        cpu.rip = CODE;
        assertThat(Engines.interpreter().run(cpu)).isEqualTo(Event.EXCEPTION);
        assertThat(cpu.errorCode).isEqualTo(0x14);
    }

    @Test
    void anAccessThatLeavesTheLowerHalfIsNoPageFault() {
        cpu.gpr[RDI] = 0x7fff_ffff_fffcL;
        faults("8b07", PAGE_FAULT, 5, 0x7fff_ffff_fffcL);
        faults("488b07", GENERAL_PROTECTION);
        faults("0f1007", GENERAL_PROTECTION); // movups
        cpu.gpr[RBP] = 0x7fff_ffff_fffcL;
        faults("488b4500", STACK_FAULT);
        cpu.gpr[RSP] = 0x7fff_ffff_fffcL;
        faults("5f", STACK_FAULT); // pop
        cpu.gpr[RDI] = 0x7fff_ffff_fffdL;
        faults("8f07", STACK_FAULT); // pop (%rdi)
        // fstpt stores eight bytes and two
        cpu.gpr[RDI] = 0x7fff_ffff_fff7L;
        faults("db3f", PAGE_FAULT, 7, 0x7fff_ffff_fff7L);
        // with alignment checks
        cpu.setRflags(Flags.AC);
        cpu.gpr[RDI] = 0x7fff_ffff_fffcL;
        faults("488b07", GENERAL_PROTECTION);
        cpu.gpr[RSP] = 0x7fff_ffff_fffeL;
        faults("50", ALIGNMENT_CHECK); // push
    }

    /** LOCK BTC %rax,(%rdi): neither the alignment nor the page of where the string of bits begins matters. */
    @Test
    void aBitStringIsAccessedWhereTheBitIs() {
        memory.write(CODE, HexFormat.of().parseHex("f0480fbb070f05"), 0, 7);
        for (Engine engine : new Engine[] {Engines.interpreter(), Engines.compiler()}) {
            cpu.gpr[RDI] = DATA + 0x1000;
            cpu.gpr[RAX] = -64;
            cpu.rip = CODE;
            assertThat(engine.run(cpu)).isEqualTo(Event.SYSTEM_CALL);
        }
        cpu.setRflags(Flags.AC);
        cpu.gpr[RDI] = DATA + 1;
        faults("f0480fbb07", ALIGNMENT_CHECK);
        cpu.gpr[RAX] = Long.MAX_VALUE;
        faults("f0480fbb07", GENERAL_PROTECTION);
    }

    @Test
    void misalignmentIsFoundBeforeAPageThatIsNotThere() {
        cpu.gpr[RDI] = CONSTANT + 0x1008;
        faults("f0480fc70f", GENERAL_PROTECTION); // lock cmpxchg16b
        faults("0fae07", GENERAL_PROTECTION); // fxsave
        cpu.gpr[RBP] = 0x1234_5678_0000_0008L;
        faults("0f284500", GENERAL_PROTECTION); // movaps
        faults("0fae4500", STACK_FAULT);
    }

    @Test
    void alignmentIsCheckedOperandByOperand() {
        cpu.setRflags(Flags.AC);
        cpu.gpr[RSI] = HIDDEN;
        cpu.gpr[RDI] = DATA + 1;
        faults("a5", PAGE_FAULT, 4, HIDDEN); // movs reads its source first
        faults("a7", ALIGNMENT_CHECK); // cmps its destination
        cpu.gpr[RSI] = DATA + 1;
        cpu.gpr[RDI] = HIDDEN;
        faults("a5", ALIGNMENT_CHECK);
        faults("a7", PAGE_FAULT, 4, HIDDEN);
        cpu.gpr[RSP] = DATA + 0x801;
        faults("ff37", PAGE_FAULT, 4, HIDDEN); // push (%rdi)
        faults("ff36", ALIGNMENT_CHECK);
        cpu.gpr[RSP] = HIDDEN;
        faults("8f06", PAGE_FAULT, 4, HIDDEN); // pop (%rsi)
        faults("8e0e", INVALID_OPCODE); // mov (%rsi),%cs
        faults("8e1e", ALIGNMENT_CHECK); // mov (%rsi),%ds
        cpu.gpr[RSI] = DATA + 2;
        faults("0fae06", ALIGNMENT_CHECK); // fxsave
        cpu.gpr[RSI] = DATA + 4;
        faults("0fae06", GENERAL_PROTECTION);
    }

    /** FXSAVE and FXRSTOR. */
    @Test
    void theEndOfAnImageIsLookedAtFirst() {
        cpu.gpr[RDI] = CONSTANT - 0x100;
        faults("0fae07", PAGE_FAULT, 6, CONSTANT + 0xff);
        cpu.gpr[RDI] = DATA + 0xf00;
        faults("0fae0f", PAGE_FAULT, 4, DATA + 0x10ff);
        cpu.gpr[RDI] = 0x7fff_ffff_ff00L;
        faults("0fae0f", GENERAL_PROTECTION);
        cpu.gpr[RDI] = 0x7fff_ffff_fe00L;
        faults("0fae0f", PAGE_FAULT, 5, 0x7fff_ffff_ffffL);
    }

    /** A repetition of nothing accesses nothing. */
    @Test
    void nothingIsAccessedWithoutACount() {
        memory.write(CODE, HexFormat.of().parseHex("f3aa0f05"), 0, 4);
        cpu.gpr[RCX] = 0;
        cpu.gpr[RDI] = CONSTANT;
        cpu.rip = CODE;
        assertThat(Engines.interpreter().run(cpu)).isEqualTo(Event.SYSTEM_CALL);
    }
}
