package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuException;
import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.Flags;

/** Executes blocks of decoded instructions, or what a compiler made of them. */
public final class Interpreter implements Engine {
    private final BlockCompiler compiler;
    private final int threshold;

    /** @param compiler is told about hot blocks; null for none */
    public Interpreter(BlockCompiler compiler) {
        this.compiler = compiler;
        threshold = compiler == null ? -1 : compiler.threshold();
    }

    @Override
    public Event run(Cpu cpu) {
        if (cpu.codeChanged()) {
            cpu.forgetCode();
        }
        while (true) {
            try {
                Event event = (cpu.controlFlags & Flags.TF) != 0 ? SingleStep.trap(cpu) : blocks(cpu);
                if (event != null) {
                    return event;
                }
            } catch (CpuException e) {
                if (e != CpuException.CODE_CHANGED) {
                    return event(cpu, e);
                }
                cpu.forgetCode();
                Event event = stepOver(cpu);
                if (event != null) {
                    return event;
                }
            }
        }
    }

    /** Executes the instruction that wanted to change code. */
    private static Event stepOver(Cpu cpu) {
        try {
            return SingleStep.execute(cpu);
        } catch (CpuException e) {
            return event(cpu, e);
        }
    }

    private static Event event(Cpu cpu, CpuException e) {
        if (e == CpuException.FAULT) {
            StackFault.refine(cpu);
            return Event.EXCEPTION;
        }
        cpu.takeAttention();
        return Event.ATTENTION;
    }

    private Event blocks(Cpu cpu) {
        while (true) {
            if (cpu.attentionRequested() && cpu.takeAttention()) {
                return Event.ATTENTION;
            }
            Block block = cpu.blocks.get(cpu.rip);
            if (block == null) {
                block = BlockDecoder.block(cpu);
                cpu.blocks.put(cpu.rip, block);
            }
            CompiledBlock compiled = block.compiled;
            Event event = compiled != null ? compiled.run(cpu) : interpret(cpu, block);
            if (event != null) {
                return event;
            }
        }
    }

    private Event interpret(Cpu cpu, Block block) {
        if (++block.executions == threshold && compiler != null) {
            compiler.hot(block);
        }
        long rip = cpu.rip;
        for (Op op : block.body) {
            cpu.rip = rip;
            op.execute(cpu);
            rip += op.length;
        }
        cpu.rip = rip;
        return block.end.execute(cpu);
    }
}
