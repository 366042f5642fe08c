package io.scwatcher.os.elf;

import static io.scwatcher.os.abi.Errno.EIO;

import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.syscall.SystemCallException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The headers of an x86-64 ELF file, of which nothing is believed but what fs/binfmt_elf.c (6.12) needs.
 *
 * @param type ET_EXEC or ET_DYN
 * @param programHeaderOffset in the file
 */
record ElfFile(FileDescription file, int type, long entry, long programHeaderOffset, List<ProgramHeader> programHeaders) {
    static final int ET_EXEC = 2, ET_DYN = 3;
    static final int HEADER_SIZE = 64, PROGRAM_HEADER_SIZE = 56;
    private static final int EM_X86_64 = 62, EM_LIMIT = 65536;

    /** A program header: Elf64_Phdr. */
    record ProgramHeader(int type, int flags, long offset, long address, long fileSize, long memorySize, long alignment) {
        static final int PT_LOAD = 1, PT_INTERP = 3, PT_GNU_STACK = 0x6474e551;
        static final int PF_X = 1, PF_W = 2, PF_R = 4;

        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** Whether the first bytes of a file are those of an ELF file. */
    static boolean hasMagic(byte[] head) {
        return head.length >= 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
    }

    /**
     * Reads the headers.
     *
     * @param head the first bytes of the file, at least {@value #HEADER_SIZE}, padded with zeros
     * @return null if this isn't an ELF file for this machine
     */
    static ElfFile read(FileDescription file, byte[] head) {
        ByteBuffer in = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int type = in.getShort(16);
        int count = in.getShort(56) & 0xffff;
        boolean fits = hasMagic(head) && (type == ET_EXEC || type == ET_DYN) && in.getShort(18) == EM_X86_64
                && in.getShort(54) == PROGRAM_HEADER_SIZE && count > 0 && count * PROGRAM_HEADER_SIZE <= EM_LIMIT;
        if (!fits) {
            return null;
        }
        long offset = in.getLong(32);
        byte[] table = readFully(file, offset, count * PROGRAM_HEADER_SIZE);
        if (table == null) {
            return null;
        }
        ByteBuffer headers = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
        List<ProgramHeader> list = new ArrayList<>(count);
        for (int at = 0; at < table.length; at += PROGRAM_HEADER_SIZE) {
            list.add(new ProgramHeader(headers.getInt(at), headers.getInt(at + 4), headers.getLong(at + 8), headers.getLong(at + 16),
                    headers.getLong(at + 32), headers.getLong(at + 40), headers.getLong(at + 48)));
        }
        return new ElfFile(file, type, in.getLong(24), offset, list);
    }

    /** The first header of a type, or null. */
    ProgramHeader find(int type) {
        for (ProgramHeader header : programHeaders) {
            if (header.type == type) {
                return header;
            }
        }
        return null;
    }

    /** @return null if the file ends before that, or the offset is nonsense */
    static byte[] readFully(FileDescription file, long offset, int length) {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length && offset >= 0) {
            int count = file.readAt(offset + done, bytes, done, length - done);
            if (count < 0) {
                throw SystemCallException.of(-count);
            }
            if (count == 0) {
                return null;
            }
            done += count;
        }
        return offset < 0 ? null : bytes;
    }

    /** Likewise; EIO where that returns null. */
    static byte[] require(FileDescription file, long offset, int length) {
        byte[] bytes = readFully(file, offset, length);
        if (bytes == null) {
            throw SystemCallException.of(EIO);
        }
        return bytes;
    }
}
