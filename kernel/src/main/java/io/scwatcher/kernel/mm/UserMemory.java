package io.scwatcher.kernel.mm;

import io.scwatcher.kernel.memory.VirtualMemory;

/** What a process has in its memory, as far as it is in RAM: {@code access_remote_vm} (mm/memory.c). */
public final class UserMemory {
    private static final int PAGE_SIZE = 4096;
    private static final long LONGEST = 64 << 20;

    private final Mm mm;
    private final VirtualMemory memory;

    /** Takes a run of bytes. */
    @FunctionalInterface
    public interface Sink {
        void put(byte[] bytes, int offset, int length);
    }

    public UserMemory(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
    }

    /** Reads up to the first page that is not there. @return the bytes read */
    public int read(long address, byte[] destination, int length) {
        return memory.readSome(address, destination, 0, length);
    }

    /**
     * Gives what lies between two addresses, page by page, up to the first page that is not in RAM; that is recorded as
     * an anomaly, since the process itself could have read on.
     */
    public void print(long start, long end, Sink sink) {
        long last = Long.compareUnsigned(end - start, LONGEST) > 0 ? start + LONGEST : end;
        byte[] page = new byte[(int) Math.clamp(last - start, 0, PAGE_SIZE)];
        for (long at = start; at < last; ) {
            int wanted = (int) Math.min(PAGE_SIZE - (at & PAGE_SIZE - 1), last - at);
            int got = memory.readSome(at, page, 0, wanted);
            sink.put(page, 0, got);
            at += got;
            if (got < wanted) {
                mm.kernel().anomalies().record("user memory at %#x is not in RAM".formatted(at));
                return;
            }
        }
    }
}
