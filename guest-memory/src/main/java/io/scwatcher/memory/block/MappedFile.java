package io.scwatcher.memory.block;

import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.host.Posix;
import io.scwatcher.memory.host.ProcessCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file as a backing, mapped and not copied. A hole of a sparse file is never touched through the mapping, since that
 * would allocate it in a memory file system.
 */
public final class MappedFile extends SparseBacking {
    private static final byte[] ZEROS = new byte[PageSet.PAGE];

    private final String name;
    private final Arena arena;
    private final MemorySegment content;
    /** -1 if the file counts as data from start to end. */
    private final int fd;
    /** In hugetlbfs, whose holes cannot be told and which would spend a huge page on each that is touched. */
    private final boolean hugePages;

    private MappedFile(String name, Arena arena, MemorySegment content, int fd) {
        super(content.byteSize());
        this.name = name;
        this.arena = arena;
        this.content = content;
        this.fd = fd;
        hugePages = fd >= 0 && Posix.isHugetlbfs(fd);
        if (fd < 0) {
            noteTouched(0, size());
        }
    }

    /**
     * A file whose holes matter: they read as zeros without being touched.
     *
     * @param name for people, as errors call the file
     */
    public static MappedFile openSparse(Path path, String name) {
        int fd = Posix.open(path.toString());
        if (fd < 0) {
            throw new GuestMemoryException("Cannot open %s: %s".formatted(name, Posix.message(fd)));
        }
        return open(path, name, fd);
    }

    /** A file that counts as data from start to end. No native call is needed for it. */
    public static MappedFile open(Path path, String name) {
        return open(path, name, -1);
    }

    private static MappedFile open(Path path, String name, int fd) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(
                    name, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), fd);
        } catch (IOException e) {
            arena.close();
            if (fd >= 0) {
                Posix.close(fd);
            }
            throw new GuestMemoryException(switch (e) {
                case NoSuchFileException _ -> name + " does not exist";
                case AccessDeniedException _ -> name + " may not be read by this user; run as root or as its owner";
                default -> "Cannot map %s: %s".formatted(name, e.getMessage());
            }, e);
        }
    }

    /** Whether the page of 4 KiB at {@code offset} can be other than zero. */
    public boolean hasData(long offset) {
        if (offset >= size()) {
            return false;
        }
        if (hugePages) {
            byte[] page = new byte[PageSet.PAGE];
            return !readTouched(offset, page, 0, page.length) || !Arrays.equals(page, ZEROS);
        }
        return look(offset, offset + PageSet.PAGE) == offset;
    }

    public long size() {
        return content.byteSize();
    }

    @Override
    boolean readTouched(long offset, byte[] destination, int at, int length) {
        if (hugePages) {
            return ProcessCalls.pread(fd, offset, destination, at, length) == length;
        }
        try {
            MemorySegment.copy(content, offset, MemorySegment.ofArray(destination), at, length);
            return true;
        } catch (IllegalStateException e) {
            throw new GuestMemoryException(name + " was closed while it was read", e);
        }
    }

    @Override
    long look(long page, long end) {
        long data = Posix.seekData(fd, page);
        if (data == -Posix.ENXIO) {
            return end;
        }
        if (data < 0) {
            // The file system cannot tell: all of it counts as data.
            noteTouched(page, size());
            return page;
        }
        if (data >= page + PageSet.PAGE) {
            return data & -PageSet.PAGE;
        }
        noteTouched(page, Math.max(page + 1, Posix.seekHole(fd, data)));
        return page;
    }

    @Override
    public void populated(long offset, long length, Extents found) {
        if (fd < 0) {
            found.add(offset, length);
            return;
        }
        long end = offset + length;
        long at = offset;
        while (at < end) {
            long data = Posix.seekData(fd, at);
            if (data == -Posix.ENXIO || data >= end) {
                return;
            }
            long hole = data < 0 ? end : Posix.seekHole(fd, data);
            // Pages count from the start of the range, since a dump's pages lie at any offset of its file.
            long from = data < 0 ? at : data - Math.floorMod(data - offset, (long) PageSet.PAGE);
            long until = hole < 0 ? end : Math.min(end, hole + Math.floorMod(offset - hole, (long) PageSet.PAGE));
            found.add(Math.max(from, at), until - Math.max(from, at));
            at = until;
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            if (fd >= 0) {
                Posix.close(fd);
            }
        }
    }
}
