package io.scwatcher.os.fs.tmpfs;

import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.os.fs.FileFrames;
import io.scwatcher.vfs.RegularFile;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * The contents of a regular file: pages of its own over those of a lower file, with holes. The one cache that read(2), write(2) and mappings use. Guarded by its
 * file.
 */
final class PagedContent {
    private static final int CHUNK = 64;

    private final Tmpfs fs;
    private final TreeMap<Long, Frame[]> chunks = new TreeMap<>();
    private Backing lower;
    /** Pages of the lower file that still count. */
    private long lowerPages;
    private long size;
    private long pages;

    PagedContent(Tmpfs fs, RegularFile lower, long size) {
        this.fs = fs;
        this.size = size;
        if (lower != null) {
            this.lower = lower instanceof Backing backing ? backing : new FileFrames(lower);
            this.lowerPages = pageCount(size);
        }
    }

    private static long pageCount(long bytes) {
        return (bytes >>> 12) + ((bytes & 4095) == 0 ? 0 : 1);
    }

    long size() {
        return size;
    }

    /** Pages that hold data. */
    long residentPages() {
        return pages + lowerPages;
    }

    /** Likewise, the file's own alone: what is freed with it. */
    long ownPages() {
        return pages;
    }

    private Frame own(long index) {
        Frame[] chunk = chunks.get(index / CHUNK);
        return chunk == null ? null : chunk[(int) (index % CHUNK)];
    }

    /** The page, or null for a hole. */
    private Frame page(long index) {
        Frame frame = own(index);
        return frame != null || index >= lowerPages ? frame : lower.frame(index);
    }

    /** The page to be written, or null if there is no space. */
    private Frame ownPage(long index) {
        Frame frame = own(index);
        if (frame != null) {
            return frame;
        }
        if (!fs.reserve(1)) {
            return null;
        }
        Frame below = index < lowerPages ? lower.frame(index) : null;
        frame = below == null ? new Frame() : new Frame(below.bytes.clone());
        chunks.computeIfAbsent(index / CHUNK, _ -> new Frame[CHUNK])[(int) (index % CHUNK)] = frame;
        pages++;
        return frame;
    }

    /** For a mapping. Null behind the end, and where there is no space. */
    Frame mapped(long index, boolean writable) {
        if (index < 0 || index >= pageCount(size)) {
            return null;
        }
        Frame frame = writable ? null : page(index);
        return frame == null ? ownPage(index) : frame;
    }

    int read(long position, byte[] to, int offset, int length) {
        if (position >= size) {
            return 0;
        }
        int count = (int) Math.min(length, size - position);
        for (int done = 0; done < count; ) {
            long at = position + done;
            int inPage = (int) (at & 4095);
            int piece = Math.min(count - done, Frame.SIZE - inPage);
            Frame frame = page(at >>> 12);
            if (frame == null) {
                Arrays.fill(to, offset + done, offset + done + piece, (byte) 0);
            } else {
                System.arraycopy(frame.bytes, inPage, to, offset + done, piece);
            }
            done += piece;
        }
        return count;
    }

    /** Returns the bytes written: fewer than asked for where space ends. */
    int write(long position, byte[] from, int offset, int length) {
        int done = 0;
        while (done < length) {
            long at = position + done;
            int inPage = (int) (at & 4095);
            int piece = Math.min(length - done, Frame.SIZE - inPage);
            Frame frame = ownPage(at >>> 12);
            if (frame == null) {
                break;
            }
            System.arraycopy(from, offset + done, frame.bytes, inPage, piece);
            frame.modified();
            done += piece;
        }
        if (done > 0) {
            size = Math.max(size, position + done);
        }
        return done;
    }

    /** False if there is no space for the page that is cut. */
    boolean truncate(long length) {
        if (length < size) {
            if ((length & 4095) != 0 && page(length >>> 12) != null) {
                Frame cut = ownPage(length >>> 12);
                if (cut == null) {
                    return false;
                }
                Arrays.fill(cut.bytes, (int) (length & 4095), Frame.SIZE, (byte) 0);
                cut.modified();
            }
            dropFrom(pageCount(length), Long.MAX_VALUE);
            lowerPages = Math.min(lowerPages, pageCount(length));
        }
        size = length;
        return true;
    }

    /** Frees own pages from one index up to another, exclusive. */
    private void dropFrom(long first, long end) {
        long dropped = 0;
        var entries = chunks.tailMap(first / CHUNK, true).entrySet().iterator();
        while (entries.hasNext()) {
            var entry = entries.next();
            long start = entry.getKey() * CHUNK;
            if (start >= end) {
                break;
            }
            Frame[] chunk = entry.getValue();
            boolean left = false;
            for (int i = 0; i < CHUNK; i++) {
                if (chunk[i] != null && start + i >= first && start + i < end) {
                    chunk[i] = null;
                    dropped++;
                }
                left |= chunk[i] != null;
            }
            if (!left) {
                entries.remove();
            }
        }
        pages -= dropped;
        fs.free(dropped);
    }

    /** fallocate(2): makes the pages of a range; false if there is no space. */
    boolean allocate(long first, long end) {
        long missing = 0;
        for (long i = first; i < end; i++) {
            missing += page(i) == null ? 1 : 0;
        }
        if (!fs.reserve(missing)) {
            return false;
        }
        fs.free(missing);
        for (long i = first; i < end; i++) {
            if (page(i) == null && ownPage(i) == null) {
                return false;
            }
        }
        return true;
    }

    /** FALLOC_FL_PUNCH_HOLE; false if there is no space for the pages at its ends. */
    boolean punch(long position, long length) {
        long end = Math.min(position + length, size);
        long firstWhole = pageCount(position);
        long endWhole = Math.max(firstWhole, end >>> 12);
        boolean sameEnds = position >>> 12 == end >>> 12;
        if (!zero(position, sameEnds ? end : Math.min(end, firstWhole << 12)) || !sameEnds && !zero(Math.max(endWhole << 12, position), end)) {
            return false;
        }
        for (long i = firstWhole; i < Math.min(endWhole, lowerPages); i++) {
            Frame frame = ownPage(i);
            if (frame == null) {
                return false;
            }
            Arrays.fill(frame.bytes, (byte) 0);
            frame.modified();
        }
        dropFrom(Math.max(firstWhole, lowerPages), Math.max(endWhole, lowerPages));
        return true;
    }

    /** Zeros bytes within one page. */
    private boolean zero(long from, long to) {
        if (from >= to || page(from >>> 12) == null) {
            return true;
        }
        Frame frame = ownPage(from >>> 12);
        if (frame == null) {
            return false;
        }
        Arrays.fill(frame.bytes, (int) (from & 4095), (int) (to - (from & ~4095L)), (byte) 0);
        frame.modified();
        return true;
    }

    /** SEEK_DATA and SEEK_HOLE from a position within the file: the size if there is nothing more. */
    long seek(long position, boolean data) {
        long end = pageCount(size);
        for (long i = position >>> 12; i < end; i++) {
            if (data && i >= lowerPages && own(i) == null) {
                Long next = chunks.ceilingKey(i / CHUNK);
                if (next == null) {
                    return size;
                }
                i = Math.max(i, next * CHUNK);
            }
            if (i < end && (page(i) != null) == data) {
                return Math.max(position, i << 12);
            }
        }
        return size;
    }

    /** Gives everything back. */
    void clear() {
        fs.free(pages);
        pages = 0;
        chunks.clear();
    }
}
