package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Decoder;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.cpu.memory.PageTableEntry;
import java.util.Arrays;

/** Finds the code at an address: in the frame's page of code, or by decoding. */
final class BlockDecoder {
    private static final int MAX_INSTRUCTIONS = 64;
    private static final int OFFSET = Frame.SIZE - 1;

    private BlockDecoder() {
    }

    /**
     * The block at {@code cpu.rip}, decoded if nobody did before.
     *
     * @throws io.scwatcher.cpu.CpuException for an instruction fetch that faults
     */
    static Block block(Cpu cpu) {
        PageTableEntry entry = cpu.executable(cpu.rip);
        CodePage page = page(entry);
        int offset = (int) cpu.rip & OFFSET;
        Block block = page.at(offset);
        if (block != null) {
            return block;
        }
        Instruction[] instructions = new Instruction[MAX_INSTRUCTIONS];
        int count = 0;
        byte[] bytes = entry.bytes;
        for (int at = offset; at < Frame.SIZE && count < MAX_INSTRUCTIONS;) {
            Instruction instruction = Decoder.decode(bytes, at, Frame.SIZE);
            if (instruction == null) {
                break;
            }
            instructions[count++] = instruction;
            at += instruction.length;
            if (instruction.form.endsBlock()) {
                break;
            }
        }
        if (count == 0) {
            return crossing(cpu);
        }
        block = new Block(Arrays.copyOf(instructions, count), offset, page);
        page.put(block);
        return block;
    }

    /** The instruction at {@code cpu.rip}, decoded afresh; nothing is kept. */
    static Instruction instruction(Cpu cpu) {
        byte[] window = new byte[2 * Decoder.MAX_LENGTH];
        PageTableEntry first = cpu.executable(cpu.rip);
        int offset = (int) cpu.rip & OFFSET;
        int inFirst = Math.min(Decoder.MAX_LENGTH, Frame.SIZE - offset);
        System.arraycopy(first.bytes, offset, window, 0, inFirst);
        Instruction instruction = Decoder.decode(window, 0, inFirst);
        if (instruction == null) {
            PageTableEntry second = cpu.executable(cpu.rip + inFirst);
            System.arraycopy(second.bytes, 0, window, inFirst, Decoder.MAX_LENGTH);
            instruction = Decoder.decode(window, 0, window.length);
        }
        return instruction;
    }

    /**
     * A block of the one instruction that crosses into the next page. It belongs to no frame, since another process may have something else behind;
     * but as both frames have pages of code now, a write to either makes the processors forget it.
     */
    private static Block crossing(Cpu cpu) {
        page(cpu.executable((cpu.rip | OFFSET) + 1));
        return new Block(new Instruction[] {instruction(cpu)}, (int) cpu.rip & OFFSET, new CodePage());
    }

    private static CodePage page(PageTableEntry entry) {
        Object code = entry.frame().code();
        return (CodePage) (code != null ? code : entry.installCode(new CodePage()));
    }
}
