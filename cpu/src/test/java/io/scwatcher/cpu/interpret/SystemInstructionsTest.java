package io.scwatcher.cpu.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuFeatures;
import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.FrameAccount;
import io.scwatcher.cpu.memory.Mapping;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What the oracle can't decide, since it depends on the processor's model or the kernel: by the manual. */
class SystemInstructionsTest {
    private static final long CODE = 0x40_0000;
    private static final long STACK = 0x50_0000;
    private static final int RSP = 4;

    private final Engine engine = Engines.interpreter();
    private final AddressSpace memory = new AddressSpace(FrameAccount.UNLIMITED);
    private final Cpu cpu = new Cpu(memory);

    SystemInstructionsTest() {
        memory.map(CODE, 0x1000, Mapping.READ | Mapping.WRITE | Mapping.EXECUTE, null, 0, false, null);
        memory.map(STACK, 0x1000, Mapping.READ | Mapping.WRITE, null, 0, false, null);
    }

    private Event run(String hex) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        memory.write(CODE, code, 0, code.length);
        cpu.rip = CODE;
        return engine.run(cpu);
    }

    private void stack(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        memory.write(STACK + 0x800, bytes.array(), 0, bytes.capacity());
        cpu.gpr[RSP] = STACK + 0x800;
    }

    private void assertFault(int vector, int errorCode, long rip) {
        assertThat(cpu.vector).isEqualTo(vector);
        assertThat(cpu.errorCode).isEqualTo(errorCode);
        assertThat(cpu.rip).isEqualTo(rip);
    }

    @Test
    void promisesX86Level2AndNoMore() {
        int[] one = CpuFeatures.cpuid(1, 0);
        // FPU, CX8, CMOV, MMX, FXSR, SSE, SSE2; SSE3, SSSE3, CX16, SSE4.1, SSE4.2, POPCNT; LAHF, SYSCALL, LM
        int level1 = 1 | 1 << 8 | 1 << 15 | 1 << 23 | 1 << 24 | 1 << 25 | 1 << 26;
        assertThat(one[3] & level1).isEqualTo(level1);
        assertThat(one[2]).isEqualTo(1 | 1 << 9 | 1 << 13 | 1 << 19 | 1 << 20 | 1 << 23);
        assertThat(CpuFeatures.cpuid(0x8000_0001, 0)[2] & 1).isEqualTo(1);
        assertThat(CpuFeatures.cpuid(0x8000_0001, 0)[3] & (1 << 11 | 1 << 29)).isEqualTo(1 << 11 | 1 << 29);
        assertThat(CpuFeatures.cpuid(7, 0)).containsExactly(0, 1 << 9, 0, 0);
        assertThat(CpuFeatures.cpuid(0xd, 0)).containsExactly(0, 0, 0, 0);
        assertThat(CpuFeatures.hwcap()).isEqualTo(one[3]);
    }

    @Test
    void tellsCachesAndItsName() {
        long bytes = 1;
        int[] level3 = CpuFeatures.cpuid(4, 3);
        bytes *= (level3[1] >>> 22) + 1;
        bytes *= (level3[1] & 0xfff) + 1;
        bytes *= level3[2] + 1;
        assertThat(bytes).isEqualTo(32 << 20);
        assertThat(CpuFeatures.cpuid(4, 4)[0]).isZero();
        ByteBuffer name = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        for (int leaf = 0x8000_0002; leaf <= 0x8000_0004; leaf++) {
            for (int word : CpuFeatures.cpuid(leaf, 0)) {
                name.putInt(word);
            }
        }
        assertThat(new String(name.array(), StandardCharsets.US_ASCII)).startsWith("SCwatcher x86-64-v2").endsWith("\0");
        cpu.gpr[0] = 0;
        assertThat(run("0f a2 0f 05")).isEqualTo(Event.SYSTEM_CALL);
        assertThat(cpu.gpr[0]).isGreaterThanOrEqualTo(7);
    }

    @Test
    void returnsFarAndFromInterrupts() {
        stack(CODE + 0x100, Cpu.USER_CS);
        memory.write(CODE + 0x100, new byte[] {0x0f, 0x05}, 0, 2);
        assertThat(run("48 cb")).isEqualTo(Event.SYSTEM_CALL);
        assertThat(cpu.rip).isEqualTo(CODE + 0x102);
        assertThat(cpu.gpr[RSP]).isEqualTo(STACK + 0x810);

        stack(CODE + 0x100, Cpu.USER_CS, Flags.CF | Flags.OF, STACK + 0x10, Cpu.USER_DS);
        assertThat(run("48 cf")).isEqualTo(Event.SYSTEM_CALL);
        assertThat(cpu.gpr[RSP]).isEqualTo(STACK + 0x10);
        assertThat(cpu.rflags()).isEqualTo(Flags.CF | Flags.OF | Flags.IF | 2);
    }

    @Test
    void knowsNoCompatibilityMode() {
        stack(CODE + 0x100, 0x23);
        assertThat(run("48 cb")).isEqualTo(Event.EXCEPTION);
        assertFault(13, 0x20, CODE);
    }

    @Test
    void raisesWhatSoftwareInterruptsRaise() {
        assertThat(run("cc")).isEqualTo(Event.EXCEPTION);
        assertFault(3, 0, CODE + 1);
        assertThat(run("cd 03")).isEqualTo(Event.EXCEPTION);
        assertFault(3, 0, CODE + 2);
        assertThat(run("cd 80")).isEqualTo(Event.EXCEPTION);
        assertFault(13, 0x80 << 3 | 2, CODE);
        assertThat(run("f1")).isEqualTo(Event.EXCEPTION);
        assertFault(1, 0, CODE + 1);
    }

    @Test
    void keepsPrivilegesToItself() {
        for (String code : new String[] {"f4", "fa", "fb", "ec", "e4 60", "6c", "0f 00 c0", "0f 01 e0", "0f 01 00", "0f 30", "0f 32", "0f 22 c0", "0f 01 f8"}) {
            assertThat(run(code)).as(code).isEqualTo(Event.EXCEPTION);
            assertFault(13, 0, CODE);
        }
    }

    @Test
    void refusesWhatIsNotPromised() {
        // XGETBV, RDFSBASE, RDRAND, MOVBE, TZCNT's neighbours of BMI, AVX, SYSENTER
        for (String code : new String[] {"0f 01 d0", "f3 0f ae c0", "0f c7 f0", "0f 38 f0 00", "c4 e2 78 f2 c1", "c5 f8 58 c1", "0f 34", "0f 0b"}) {
            assertThat(run(code)).as(code).isEqualTo(Event.EXCEPTION);
            assertFault(6, 0, CODE);
        }
    }

    @Test
    void countsTime() {
        assertThat(run("0f 31 48 c1 e2 20 48 09 d0 48 89 c3 0f 01 f9 48 c1 e2 20 48 09 d0 0f 05")).isEqualTo(Event.SYSTEM_CALL);
        assertThat(cpu.gpr[0] - cpu.gpr[3]).isNotNegative();
    }
}
