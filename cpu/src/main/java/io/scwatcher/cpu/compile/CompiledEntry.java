package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.interpret.CompiledBlock;

/** One way into a compiled region. The generated classes are its subclasses. */
public abstract class CompiledEntry implements CompiledBlock {
    /** Number of the entry in its region. */
    protected final int entry;

    /** Where the entry is, from the region's base. */
    protected final int offset;

    private CodeImage image;

    protected CompiledEntry(int entry, int offset) {
        this.entry = entry;
        this.offset = offset;
    }

    /** @param image what the region was made from */
    final CompiledEntry of(CodeImage madeFrom) {
        image = madeFrom;
        return this;
    }

    @Override
    public final boolean fits(Cpu cpu) {
        return image.isAt(cpu.memory(), cpu.rip - offset);
    }
}
