package io.scwatcher.memory.block;

import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.host.Posix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file as a backing, mapped and not copied. A hole is never touched through the mapping, since that would allocate it
 * in a memory file system: the first read of a page asks the file system whether it has data.
 */
public final class MappedFile implements Backing {
    static final int PAGE_SHIFT = 12;
    private static final int PAGE = 1 << PAGE_SHIFT;

    private final String name;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment content;
    private final int fd;
    /** Pages known to have data, a bit each. Races lose bits at worst, and a lost bit is asked for again. */
    private final long[] withData;

    /** @param name for people, as errors call the file */
    public MappedFile(Path path, String name) {
        this.name = name;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new GuestMemoryException(name + " does not exist", e);
        } catch (AccessDeniedException e) {
            throw new GuestMemoryException(name + " may not be read by this user; run as root or as its owner", e);
        } catch (IOException e) {
            throw new GuestMemoryException("Cannot map %s: %s".formatted(name, e.getMessage()), e);
        }
        fd = Posix.open(path.toString());
        if (fd < 0) {
            arena.close();
            throw new GuestMemoryException("Cannot open %s: errno %d".formatted(name, -fd));
        }
        withData = new long[Math.toIntExact((size() >>> PAGE_SHIFT + 6) + 1)];
    }

    public long size() {
        return content.byteSize();
    }

    @Override
    public void read(long offset, byte[] destination, int at, int length) {
        while (length > 0) {
            long end = offset + length;
            long known = knownUntil(offset, end);
            int run;
            if (known > offset) {
                run = (int) (known - offset);
                copy(offset, destination, at, run);
            } else {
                long hole = holeUntil(offset, end);
                run = (int) (hole - offset);
                Arrays.fill(destination, at, at + run, (byte) 0);
            }
            offset += run;
            at += run;
            length -= run;
        }
    }

    private void copy(long offset, byte[] destination, int at, int length) {
        try {
            MemorySegment.copy(content, ValueLayout.JAVA_BYTE, offset, destination, at, length);
        } catch (InternalError e) {
            throw new GuestMemoryException(name + " became shorter while it was read; open it again", e);
        } catch (IllegalStateException e) {
            throw new GuestMemoryException(name + " was closed while it was read", e);
        }
    }

    /** The end of the run of pages with data that starts at {@code offset}, at most {@code end}. */
    private long knownUntil(long offset, long end) {
        long page = offset >>> PAGE_SHIFT;
        while (page << PAGE_SHIFT < end && (withData[(int) (page >>> 6)] >>> page & 1) != 0) {
            page++;
        }
        return Math.max(offset, Math.min(end, page << PAGE_SHIFT));
    }

    /** Looks at the file again: the end of the hole at {@code offset}, or {@code offset} if it has data. */
    private long holeUntil(long offset, long end) {
        long start = offset & -PAGE;
        long data = Posix.seekData(fd, start);
        if (data == -Posix.ENXIO) {
            return end;
        }
        if (data < 0) {
            // The file system cannot tell: all of it is data.
            note(start, size());
            return offset;
        }
        if (data >= start + PAGE) {
            return Math.min(end, data & -PAGE);
        }
        note(start, Posix.seekHole(fd, data));
        return offset;
    }

    private void note(long start, long end) {
        for (long page = start >>> PAGE_SHIFT; page << PAGE_SHIFT < Math.max(end, start + PAGE); page++) {
            withData[(int) (page >>> 6)] |= 1L << page;
        }
    }

    @Override
    public void populated(long offset, long length, Extents found) {
        long end = offset + length;
        long at = offset;
        while (at < end) {
            long data = Posix.seekData(fd, at);
            if (data == -Posix.ENXIO || data >= end) {
                return;
            }
            long hole = data < 0 ? end : Posix.seekHole(fd, data);
            // Pages are counted from the start of the range: a dump's pages lie at any offset of its file.
            long from = data < 0 ? at : Math.max(offset, data - Math.floorMod(data - offset, (long) PAGE));
            long until = hole < 0 ? end : Math.min(end, hole + Math.floorMod(offset - hole, (long) PAGE));
            from = Math.max(from, at);
            found.add(from, until - from);
            at = until;
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            Posix.close(fd);
        }
    }
}
