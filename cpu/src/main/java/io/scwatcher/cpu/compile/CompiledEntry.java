package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.interpret.CompiledBlock;

/** One way into a compiled region. The generated classes are its subclasses. */
public abstract class CompiledEntry extends CompiledBlock {
    /** Number of the entry in its region. */
    protected final int entry;

    /** Where the entry is, from the region's base. */
    protected final int offset;

    private CodeImage image;
    private boolean loop;

    protected CompiledEntry(int entry, int offset) {
        this.entry = entry;
        this.offset = offset;
    }

    /**
     * @param madeFrom what the region was made from
     * @param isLoop whether a loop begins here
     */
    final CompiledEntry of(CodeImage madeFrom, boolean isLoop) {
        image = madeFrom;
        loop = isLoop;
        return this;
    }

    final boolean isLoop() {
        return loop;
    }

    @Override
    public final boolean fits(Cpu cpu) {
        return image.isAt(cpu.memory(), cpu.rip - offset);
    }
}
