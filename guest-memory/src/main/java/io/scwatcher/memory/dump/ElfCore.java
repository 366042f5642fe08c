package io.scwatcher.memory.dump;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.BlockMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ELF core files whose PT_LOAD segments carry guest-physical addresses in {@code p_paddr}: QEMU's
 * {@code dump-guest-memory} (with paging, many segments show the same RAM at several virtual addresses), libvirt's
 * {@code dump --memory-only}, the kernel's own vmcore. See elf(5) and QEMU's dump/dump.c.
 */
final class ElfCore {
    private static final int ET_CORE = 4;
    private static final int PT_LOAD = 1;
    private static final int PT_NOTE = 4;
    private static final int PN_XNUM = 0xffff;
    private static final int MAX_NOTES = 64 << 20;

    private final DumpFile file;
    private final boolean wide;

    private ElfCore(DumpFile file) {
        this.file = file;
        byte[] ident = file.bytes(0, 16, "ELF identification");
        wide = ident[4] == 2;
        if (!wide && ident[4] != 1 || ident[5] != 1 && ident[5] != 2) {
            throw file.corrupt("its ELF class is %d and its byte order %d".formatted(ident[4], ident[5]));
        }
        file.order(ident[5] == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    static boolean recognizes(byte[] start) {
        return start.length >= 16 && start[0] == 0x7f && start[1] == 'E' && start[2] == 'L' && start[3] == 'F';
    }

    static GuestMemory open(DumpFile file) {
        return new ElfCore(file).open();
    }

    /** A program header. Sizes and offsets are unsigned in the file; negative ones fail the bounds checks. */
    private record Segment(int type, long offset, long physical, long inFile, long inMemory) {}

    private GuestMemory open() {
        List<Block> blocks = new ArrayList<>();
        Optional<byte[]> vmcoreinfo = Optional.empty();
        for (Segment segment : segments()) {
            // What has no bytes in the file is a mapping of a device, or has no known place in RAM.
            if (segment.type == PT_LOAD && segment.inFile != 0 && segment.physical != -1) {
                file.add(blocks, file.block(segment.physical, segment.inFile, segment.offset, "ELF segments"));
            } else if (segment.type == PT_NOTE && vmcoreinfo.isEmpty()) {
                vmcoreinfo = vmcoreinfo(segment);
            }
        }
        if (blocks.isEmpty()) {
            throw file.corrupt("it has no ELF segment with RAM");
        }
        return new BlockMemory(
                "ELF dump " + file.name(), blocks, BlockMemory.Source.dump(vmcoreinfo, file::close));
    }

    private List<Segment> segments() {
        ByteBuffer header = file.buffer(0, wide ? 64 : 52, "ELF header");
        if (header.getShort(16) != ET_CORE) {
            throw file.corrupt("it is an ELF file but no core dump");
        }
        long table = wide ? header.getLong(32) : Integer.toUnsignedLong(header.getInt(28));
        int entry = Short.toUnsignedInt(header.getShort(wide ? 54 : 42));
        long count = Short.toUnsignedInt(header.getShort(wide ? 56 : 44));
        if (count == PN_XNUM) {
            // Section header 0 holds the count in sh_info then.
            long sections = wide ? header.getLong(40) : Integer.toUnsignedLong(header.getInt(32));
            ByteBuffer first = file.buffer(sections, wide ? 64 : 40, "ELF section headers");
            count = Integer.toUnsignedLong(first.getInt(wide ? 44 : 28));
        }
        if (entry < (wide ? 56 : 32)) {
            throw file.corrupt("its ELF program headers have %d bytes each".formatted(entry));
        }
        file.checkHeaders(table, count * entry, "ELF program headers");
        List<Segment> segments = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            segments.add(segment(file.buffer(table + i * entry, entry, "ELF program headers")));
        }
        return segments;
    }

    private Segment segment(ByteBuffer header) {
        if (wide) {
            return new Segment(
                    header.getInt(0), header.getLong(8), header.getLong(24), header.getLong(32), header.getLong(40));
        }
        long physical = Integer.toUnsignedLong(header.getInt(12));
        return new Segment(header.getInt(0), Integer.toUnsignedLong(header.getInt(4)),
                physical == 0xffffffffL ? -1 : physical,
                Integer.toUnsignedLong(header.getInt(16)), Integer.toUnsignedLong(header.getInt(20)));
    }

    private Optional<byte[]> vmcoreinfo(Segment segment) {
        if (segment.inFile < 0 || segment.inFile > MAX_NOTES) {
            throw file.corrupt("its ELF notes have %#x bytes".formatted(segment.inFile));
        }
        return ElfNotes.vmcoreinfo(file.buffer(segment.offset, (int) segment.inFile, "ELF notes"));
    }
}
