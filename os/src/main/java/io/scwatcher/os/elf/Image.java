package io.scwatcher.os.elf;

import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.ENOMEM;

import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.cpu.memory.Mapping;
import io.scwatcher.os.elf.ElfFile.ProgramHeader;
import io.scwatcher.os.mm.MappedFile;
import io.scwatcher.os.mm.MemoryDescriptor;
import io.scwatcher.os.syscall.SystemCallException;

/** Maps the segments of one ELF file: elf_load, load_elf_interp and the heart of load_elf_binary of fs/binfmt_elf.c (6.12). */
final class Image {
    private static final long PAGE = AddressSpace.PAGE;

    private final MemoryDescriptor mm;
    private final ElfFile elf;

    /** What is to be added to the file's addresses. */
    private long bias;

    long programHeaders;
    long startCode = -1;
    long endCode;
    long startData;
    long endData;
    long endOfBss;

    Image(MemoryDescriptor mm, ElfFile elf) {
        this.mm = mm;
        this.elf = elf;
    }

    long bias() {
        return bias;
    }

    /** Where it begins to run. @throws SystemCallException EINVAL */
    long entry() {
        long entry = elf.entry() + bias;
        if (entry < 0 || entry >= AddressSpace.MAX) {
            throw SystemCallException.of(EINVAL);
        }
        return entry;
    }

    /**
     * Maps all segments.
     *
     * @param base where a position independent file is to lie, or 0 for wherever there is room
     * @throws SystemCallException EINVAL, ENOMEM, EFAULT
     */
    void map(long base) {
        Backing backing = elf.file().backing(false);
        mm.hold(backing, elf.file());
        boolean first = true;
        for (ProgramHeader segment : elf.programHeaders()) {
            if (segment.type() != ProgramHeader.PT_LOAD) {
                continue;
            }
            check(segment);
            if (first) {
                place(base, segment.address());
                first = false;
            }
            load(segment, backing);
            note(segment);
        }
        if (first && elf.type() == ElfFile.ET_DYN) {
            throw SystemCallException.of(EINVAL);
        }
    }

    private static void check(ProgramHeader segment) {
        long address = segment.address();
        long size = segment.memorySize();
        if (address < 0 || address >= AddressSpace.MAX || Long.compareUnsigned(segment.fileSize(), size) > 0 || size < 0 || size > AddressSpace.MAX - address) {
            throw SystemCallException.of(EINVAL);
        }
    }

    private void place(long base, long firstAddress) {
        if (elf.type() == ElfFile.ET_EXEC) {
            return;
        }
        long low = Long.MAX_VALUE;
        long high = 0;
        long alignment = PAGE;
        for (ProgramHeader segment : elf.programHeaders()) {
            if (segment.type() == ProgramHeader.PT_LOAD) {
                check(segment);
                low = Math.min(low, segment.address() & -PAGE);
                high = Math.max(high, segment.address() + segment.memorySize());
                if (Long.bitCount(segment.alignment()) == 1 && segment.alignment() > 0) {
                    alignment = Math.max(alignment, segment.alignment());
                }
            }
        }
        long size = pageUp(high - low);
        if (size == 0) {
            throw SystemCallException.of(EINVAL);
        }
        long at = base;
        if (base == 0) {
            long room = size + alignment - PAGE;
            at = room < 0 || room > AddressSpace.MAX ? -1 : mm.space().findFree(room, PAGE, mm.mmapBase);
            if (at < 0) {
                throw SystemCallException.of(ENOMEM);
            }
            at = at + alignment - PAGE & -alignment;
        }
        at &= -alignment;
        bias = at - (firstAddress & -PAGE);
        if (at < PAGE || at > AddressSpace.MAX - size) {
            throw SystemCallException.of(ENOMEM);
        }
    }

    private void load(ProgramHeader segment, Backing backing) {
        int protection = (segment.has(ProgramHeader.PF_R) ? Mapping.READ : 0) | (segment.has(ProgramHeader.PF_W) ? Mapping.WRITE : 0)
                | (segment.has(ProgramHeader.PF_X) ? Mapping.EXECUTE : 0);
        long start = segment.address() + bias;
        long fileEnd = start + segment.fileSize();
        long end = start + segment.memorySize();
        if (start < 0 || end > AddressSpace.MAX || pageUp(end) > AddressSpace.MAX) {
            throw SystemCallException.of(ENOMEM);
        }
        long page = start & -PAGE;
        long mapped = page;
        if (segment.fileSize() != 0) {
            long offset = segment.offset() - (start & PAGE - 1);
            if (offset < 0 || (offset & PAGE - 1) != 0) {
                throw SystemCallException.of(EINVAL);
            }
            mapped = pageUp(fileEnd);
            mm.space().map(page, mapped - page, protection, backing, offset, false, new MappedFile(elf.file().location(), true));
            if (segment.memorySize() > segment.fileSize() && (protection & Mapping.WRITE) != 0) {
                zero(fileEnd, mapped);
            }
        }
        if (pageUp(end) > mapped) {
            mm.space().map(mapped, pageUp(end) - mapped, protection, null, 0, false, null);
        }
    }

    private void zero(long from, long to) {
        int length = (int) (to - from);
        if (length > 0 && mm.space().write(from, new byte[length], 0, length) < length) {
            throw SystemCallException.of(EFAULT);
        }
    }

    private void note(ProgramHeader segment) {
        long start = segment.address() + bias;
        if (Long.compareUnsigned(segment.offset(), elf.programHeaderOffset()) <= 0
                && Long.compareUnsigned(elf.programHeaderOffset(), segment.offset() + segment.fileSize()) < 0) {
            programHeaders = elf.programHeaderOffset() - segment.offset() + start;
        }
        if (segment.has(ProgramHeader.PF_X)) {
            startCode = Long.compareUnsigned(start, startCode) < 0 ? start : startCode;
            endCode = Math.max(endCode, start + segment.fileSize());
        }
        startData = Math.max(startData, start);
        endData = Math.max(endData, start + segment.fileSize());
        endOfBss = Math.max(endOfBss, start + segment.memorySize());
    }

    static long pageUp(long address) {
        return address + PAGE - 1 & -PAGE;
    }
}
