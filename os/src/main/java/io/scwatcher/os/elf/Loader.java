package io.scwatcher.os.elf;

import io.scwatcher.cpu.memory.Mapping;
import io.scwatcher.os.elf.ElfFile.ProgramHeader;
import io.scwatcher.os.mm.MemoryDescriptor;
import io.scwatcher.os.task.Credentials;

/** Fills an empty address space with a program: load_elf_binary of fs/binfmt_elf.c (6.12). Addresses are the same each time, so that code is shared. */
public final class Loader {
    /** ELF_ET_DYN_BASE: two thirds of the address space, where position independent programs lie. */
    static final long PIE_BASE = 0x5555_5555_4000L;

    private Loader() {}

    /** Where a program begins. */
    public record Start(long rip, long rsp) {}

    /**
     * Maps the program, its interpreter and its stack.
     *
     * @param mm empty, with its {@code mmapBase} set
     * @param hwcap EDX of CPUID leaf 1
     * @param random 16 bytes
     * @throws io.scwatcher.os.syscall.SystemCallException EINVAL, ENOMEM, EFAULT; {@code mm} is useless then
     */
    public static Start load(MemoryDescriptor mm, Program program, Credentials credentials, boolean secure, int hwcap, int signalFrame, byte[] random) {
        ElfFile elf = program.elf();
        boolean isStatic = program.interpreter() == null;
        Image image = new Image(mm, elf);
        image.map(isStatic ? 0 : PIE_BASE);
        long entry = image.entry();
        long start = entry;
        long interpreterBase = 0;
        if (!isStatic) {
            Image interpreter = new Image(mm, program.interpreter());
            interpreter.map(0);
            interpreterBase = interpreter.bias();
            start = interpreter.entry();
        }
        mm.startCode = image.startCode;
        mm.endCode = image.endCode;
        mm.startData = image.startData;
        mm.endData = image.endData;
        mm.startBrk = isStatic && elf.type() == ElfFile.ET_DYN ? PIE_BASE : Image.pageUp(image.endOfBss);
        mm.brk = mm.startBrk;
        mm.setExecutable(elf.file().location());

        ProgramHeader stack = elf.find(ProgramHeader.PT_GNU_STACK);
        int protection = Mapping.READ | Mapping.WRITE | (stack != null && stack.has(ProgramHeader.PF_X) ? Mapping.EXECUTE : 0);
        InitialStack.Facts facts = new InitialStack.Facts(hwcap, 0, signalFrame, secure, credentials, random);
        return new Start(start, new InitialStack(mm, program).build(protection, facts, entry, interpreterBase, image.programHeaders));
    }
}
