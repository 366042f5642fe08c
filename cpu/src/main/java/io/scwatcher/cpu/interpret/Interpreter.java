package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuException;
import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Event;
import io.scwatcher.cpu.memory.Frame;

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
                Event event = SingleStep.isWanted(cpu) ? SingleStep.trap(cpu) : blocks(cpu);
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
            FaultReport.refine(cpu);
            return Event.EXCEPTION;
        }
        cpu.takeAttention();
        return Event.ATTENTION;
    }

    /** Null if a flag wants single steps from now on. */
    private Event blocks(Cpu cpu) {
        while (!SingleStep.isWanted(cpu)) {
            if (cpu.attentionRequested() && cpu.takeAttention()) {
                return Event.ATTENTION;
            }
            BlockCache cache = cpu.blocks;
            int index = BlockCache.index(cpu.rip);
            Event event;
            if (cache.addresses[index] != cpu.rip) {
                Block block = BlockDecoder.block(cpu);
                cache.addresses[index] = cpu.rip;
                cache.blocks[index] = block;
                cache.compiled[index] = null;
                event = interpret(cpu, block, index);
            } else if (cache.compiled[index] != null) {
                cpu.compiledEntries++;
                event = cache.compiled[index].run(cpu);
            } else {
                event = interpret(cpu, cache.blocks[index], index);
            }
            if (event != null) {
                return event;
            }
        }
        return null;
    }

    private Event interpret(Cpu cpu, Block block, int index) {
        if (++block.executions == threshold && compiler != null) {
            compiler.hot(cpu, block);
        }
        CompiledBlock compiled = block.compiled;
        if (compiled != null && compiled.fits(cpu)) {
            cpu.blocks.compiled[index] = compiled;
            cpu.compiledEntries++;
            return compiled.run(cpu);
        }
        cpu.interpretedInstructions += block.body.length + 1;
        long rip = cpu.rip;
        for (Op op : block.body) {
            cpu.rip = rip;
            op.execute(cpu);
            rip += op.length;
        }
        cpu.rip = rip;
        Event event = block.end.execute(cpu);
        if (block.targets != null) {
            block.targets.add(cpu.rip - (rip & -Frame.SIZE));
        }
        return event;
    }
}
