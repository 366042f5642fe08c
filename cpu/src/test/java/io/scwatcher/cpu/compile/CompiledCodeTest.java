package io.scwatcher.cpu.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.interpret.Block;
import io.scwatcher.cpu.interpret.BlockCompiler;
import io.scwatcher.cpu.interpret.Interpreter;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.cpu.memory.FrameAccount;
import io.scwatcher.cpu.memory.Mapping;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CompiledCodeTest {
    private static final long CODE = 0x40_0000;
    private static final long DATA = 0x50_0000;
    private static final int RAX = 0, RCX = 1, RBX = 3, RSP = 4;
    private static final byte INT3 = (byte) 0xcc;

    private final AddressSpace memory = new AddressSpace(FrameAccount.UNLIMITED);
    private final Cpu cpu = new Cpu(memory);

    private void load(byte[] code) {
        memory.map(CODE, 16L * Frame.SIZE, Mapping.READ | Mapping.WRITE | Mapping.EXECUTE, null, 0, false, null);
        memory.map(DATA, 2L * Frame.SIZE, Mapping.READ | Mapping.WRITE, null, 0, false, null);
        memory.write(CODE, code, 0, code.length);
        cpu.rip = CODE;
        cpu.gpr[RSP] = DATA + 0x800;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** However much memory the instructions touch, the method stays shorter than what HotSpot compiles. */
    @Test
    void keepsMethodsCompilable() {
        ByteBuffer code = ByteBuffer.allocate(3000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 290; i++) {
            code.put(bytes(0x66, 0x81, 0x54, 0x8c, i & 31)).putShort((short) i); // adc word [rsp+4*rcx+i],i
        }
        code.put(INT3);
        load(code.array());
        AtomicInteger longest = new AtomicInteger();
        new Interpreter(new BlockCompiler() {
            @Override
            public int threshold() {
                return 1;
            }

            @Override
            public void hot(Cpu processor, Block block) {
                CodeImage image = CodeImage.around(memory, processor.rip & -Frame.SIZE);
                int whole = RegionCompiler.methodBytes(new RegionWriter(RegionFinder.find(image, block.offset, 10_000)).write());
                longest.set(Math.max(longest.get(), whole));
                new RegionCompiler(1).hot(processor, block);
            }
        }).run(cpu);
        assertThat(longest.get()).as("too long as a whole, so that the limit is tested").isGreaterThan(RegionCompiler.MAX_METHOD_BYTES);
        assertThat(RegionCompiler.MAX_METHOD_BYTES).isLessThan(8000);
        assertThat(cpu.rip).isEqualTo(CODE + 290 * 7 + 1);
    }

    /** The very next instruction may be new: a loop that changes the immediate of a move within itself. */
    @Test
    void seesCodeThatItChangedItself() {
        byte[] code = bytes(
                0xb9, 0xd0, 0x07, 0x00, 0x00,             // mov ecx,2000
                0x88, 0x0d, 0x01, 0x00, 0x00, 0x00,       // mov [rip+1],cl: the immediate of the next instruction
                0xb8, 0x00, 0x00, 0x00, 0x00,             // mov eax,imm32
                0x01, 0xc3,                               // add ebx,eax
                0xff, 0xc9,                               // dec ecx
                0x75, 0xef,                               // jnz to the store
                0xcc);
        long expected = 0;
        for (int i = 2000; i > 0; i--) {
            expected += i & 0xff;
        }
        for (Engine engine : new Engine[] {Engines.interpreter(), Engines.mixed(), Engines.compiler(), new Interpreter(new RegionCompiler(1))}) {
            load(code);
            cpu.gpr[RBX] = 0;
            assertThat(engine.run(cpu)).isEqualTo(Event.EXCEPTION);
            assertThat(cpu.vector).isEqualTo(3);
            assertThat(cpu.gpr[RBX]).isEqualTo(expected);
        }
    }

    /** Registers and flags of a fault in the middle of compiled code are those of the instruction that faults. */
    @Test
    void faultsPrecisely() {
        byte[] code = bytes(
                0x48, 0x83, 0xc0, 0x08,                   // add rax,8
                0x48, 0x83, 0xc1, 0x01,                   // add rcx,1
                0x48, 0x89, 0x08,                         // mov [rax],rcx
                0xeb, 0xf3);                              // jmp to the beginning
        for (Engine engine : new Engine[] {Engines.interpreter(), Engines.compiler(), new Interpreter(new RegionCompiler(1))}) {
            load(code);
            cpu.gpr[RAX] = DATA;
            cpu.gpr[RCX] = 0;
            assertThat(engine.run(cpu)).isEqualTo(Event.EXCEPTION);
            assertThat(cpu.rip).isEqualTo(CODE + 8);
            assertThat(cpu.faultAddress).isEqualTo(DATA + 2L * Frame.SIZE);
            assertThat(cpu.gpr[RAX]).isEqualTo(DATA + 2L * Frame.SIZE);
            assertThat(cpu.gpr[RCX]).isEqualTo(2L * Frame.SIZE / 8);
        }
    }

    /** Accesses to the stack that reach over the end of its page, in both directions. */
    @Test
    void crossesTheStacksPage() {
        byte[] code = bytes(
                0x48, 0x89, 0x44, 0x24, 0xfc,             // mov [rsp-4],rax
                0x48, 0x8b, 0x5c, 0x24, 0xfc,             // mov rbx,[rsp-4]
                0xcc);
        for (int shift = -8; shift <= 8; shift++) {
            load(code);
            memory.write(DATA, new byte[2 * Frame.SIZE], 0, 2 * Frame.SIZE);
            cpu.load64(DATA);
            cpu.load64(DATA + Frame.SIZE);
            cpu.gpr[RSP] = DATA + Frame.SIZE + shift;
            cpu.gpr[RAX] = 0x1122334455667788L;
            new Interpreter(new RegionCompiler(1)).run(cpu);
            assertThat(cpu.gpr[RBX]).isEqualTo(0x1122334455667788L);
            assertThat(cpu.load64(DATA + Frame.SIZE + shift - 4)).isEqualTo(0x1122334455667788L);
        }
    }
}
