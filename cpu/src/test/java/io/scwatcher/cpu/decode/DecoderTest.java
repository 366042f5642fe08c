package io.scwatcher.cpu.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DecoderTest {
    private static Instruction decode(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        Instruction instruction = Decoder.decode(bytes, 0, bytes.length);
        assertThat(instruction).as(hex).isNotNull();
        return instruction;
    }

    @Test
    void addressesMemoryRelativeToTheInstruction() {
        Instruction mov = decode("48 8b 05 10 00 00 00"); // mov 0x10(%rip),%rax
        assertThat(mov.opcode).isEqualTo(Opcode.MOV);
        assertThat(mov.operand(0)).isEqualTo(Operand.of(Operand.Kind.GPR, 0, 8));
        assertThat(mov.operand(1).isMemory()).isTrue();
        assertThat(mov.base).isEqualTo(Instruction.RIP);
        assertThat(mov.displacement).isEqualTo(0x17);
    }

    @Test
    void makesBranchTargetsRelativeToTheInstruction() {
        assertThat(decode("eb fe").immediate).isZero();
        assertThat(decode("e8 00 00 00 00").immediate).isEqualTo(5);
        Instruction jne = decode("0f 85 00 01 00 00");
        assertThat(jne.opcode).isEqualTo(Opcode.JCC);
        assertThat(jne.condition).isEqualTo(5);
        assertThat(jne.immediate).isEqualTo(0x106);
    }

    @Test
    void readsSibAndSegment() {
        Instruction mov = decode("64 4a 8b 44 a3 f8"); // mov %fs:-8(%rbx,%r12,4),%rax
        assertThat(mov.segment).isEqualTo(Instruction.FS);
        assertThat(mov.base).isEqualTo(3);
        assertThat(mov.index).isEqualTo(12);
        assertThat(mov.scale).isEqualTo(2);
        assertThat(mov.displacement).isEqualTo(-8);
    }

    @Test
    void takesHighBytesOnlyWithoutRex() {
        assertThat(decode("88 e1").operand(1)).isEqualTo(Operand.of(Operand.Kind.HIGH_BYTE, 0, 1));
        assertThat(decode("40 88 e1").operand(1)).isEqualTo(Operand.of(Operand.Kind.GPR, 4, 1));
    }

    @Test
    void ignoresRexThatIsNotLast() {
        assertThat(decode("48 66 89 c1").operandSize).isEqualTo(2);
        assertThat(decode("66 48 89 c1").operandSize).isEqualTo(8);
    }

    @Test
    void choosesByMandatoryPrefix() {
        assertThat(decode("f3 90").opcode).isEqualTo(Opcode.PAUSE);
        assertThat(decode("90").opcode).isEqualTo(Opcode.NOP);
        assertThat(decode("41 90").opcode).isEqualTo(Opcode.XCHG);
        assertThat(decode("f3 0f b8 c1").opcode).isEqualTo(Opcode.POPCNT);
        assertThat(decode("0f b8 c1").opcode).isEqualTo(Opcode.UD);
        assertThat(decode("66 f2 0f 38 f1 c1").operand(1).size()).isEqualTo(2);
        assertThat(decode("f0 48 0f c7 0f").opcode).isEqualTo(Opcode.CMPXCHG16B);
        assertThat(decode("0f c7 0f").opcode).isEqualTo(Opcode.CMPXCHG8B);
    }

    @Test
    void allowsLockOnlyWithAMemoryDestination() {
        assertThat(decode("f0 01 07").lock).isTrue();
        assertThat(decode("f0 01 c7").opcode).isEqualTo(Opcode.UD);
        assertThat(decode("f0 03 07").opcode).isEqualTo(Opcode.UD);
        assertThat(decode("f0 39 07").opcode).isEqualTo(Opcode.UD);
    }

    @Test
    void limitsTheLength() {
        assertThat(decode("66".repeat(14) + "90").length).isEqualTo(15);
        assertThat(decode("66".repeat(15) + "90").opcode).isEqualTo(Opcode.PRIVILEGED);
        byte[] half = HexFormat.of().parseHex("488b05");
        assertThat(Decoder.decode(half, 0, half.length)).isNull();
    }

    @Test
    void knowsNoAvx() {
        for (String bytes : new String[] {"c5 f8 77", "c4 e2 79 00 c1", "62 f1 7c 48 58 c1", "8f e8 78 01", "0f 01 d0"}) {
            assertThat(decode(bytes).opcode).as(bytes).isEqualTo(Opcode.UD);
        }
    }

    @Test
    void readsLongImmediatesAndOffsets() {
        assertThat(decode("48 b8 88 77 66 55 44 33 22 11").immediate).isEqualTo(0x1122334455667788L);
        assertThat(decode("48 c7 c0 ff ff ff ff").immediate).isEqualTo(-1);
        assertThat(decode("a1 88 77 66 55 44 33 22 11").displacement).isEqualTo(0x1122334455667788L);
        assertThat(decode("c8 34 12 03").immediate).isEqualTo(0x31234);
    }
}
