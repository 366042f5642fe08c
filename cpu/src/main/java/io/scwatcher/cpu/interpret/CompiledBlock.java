package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Event;

/** Guest code that became JVM bytecode. */
public abstract class CompiledBlock {
    /**
     * Whether it was made from what is at {@code cpu.rip} and around in this address space; holds until code changes. The block's own page has been
     * compared already.
     */
    public abstract boolean fits(Cpu cpu);

    /**
     * Runs from {@code cpu.rip}, which is the block's start, for as long as it likes; asks {@code cpu.attentionRequested()} on its way, and then comes
     * back with null.
     *
     * @return null to go on at {@code cpu.rip}; or the event, with {@code cpu.rip} as {@link io.scwatcher.cpu.Engine} promises
     * @throws io.scwatcher.cpu.CpuException as an instruction throws it, with {@code cpu.rip} the address of that instruction
     */
    public abstract Event run(Cpu cpu);
}
