package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/**
 * Instructions of one page that run one after the other: only the last one may branch. Position independent, and shared by all processes that
 * map the page's frame.
 */
public final class Block {
    /** At least one. */
    public final Instruction[] instructions;

    /** Where the first one begins, from the start of its page. */
    public final int offset;

    /** The page's other blocks: branch targets within the page are there, if they have been executed. */
    public final CodePage page;

    /** How often the interpreter began to execute it; racy, so a little less. */
    public int executions;

    /** What to run instead, once there is something. Racy: seen late at worst. */
    public CompiledBlock compiled;

    /** If the last instruction is an indirect jump or call, where it went; else null. */
    final BranchTargets targets;

    /** All instructions but those of the end. */
    final Op[] body;
    final End end;

    Block(Instruction[] instructions, int offset, CodePage page) {
        this.instructions = instructions;
        this.offset = offset;
        this.page = page;
        int last = instructions.length - 1;
        targets = targets(instructions, offset, page);
        End fused = last == 0 ? null : Translator.fused(instructions[last - 1], instructions[last]);
        end = fused != null ? fused : Translator.end(instructions[last]);
        body = new Op[fused != null ? last - 1 : last];
        for (int i = 0; i < body.length; i++) {
            body[i] = Translator.op(instructions[i]);
        }
    }

    private static BranchTargets targets(Instruction[] instructions, int offset, CodePage page) {
        Instruction last = instructions[instructions.length - 1];
        if (last.form.relative() || last.opcode != Opcode.JMP && last.opcode != Opcode.CALL) {
            return null;
        }
        int at = offset;
        for (int i = 0; i < instructions.length - 1; i++) {
            at += instructions[i].length;
        }
        return page.targets(at);
    }
}
