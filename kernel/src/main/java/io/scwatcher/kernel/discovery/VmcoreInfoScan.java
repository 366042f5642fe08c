package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.symbol.VmcoreInfo;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks at the start of every page that can be non-zero for the VMCOREINFO note (kernel/crash_core.c: an ELF note of name
 * "VMCOREINFO" that fills one page), on two threads. Both rest while a note that was found is examined: mostly it is the
 * right one, and what else would be looked at in the meantime is looked at for nothing. Stale and copied notes are found
 * as well; telling them apart is not done here.
 */
final class VmcoreInfoScan {
    private static final int PAGE = 4096;
    private static final byte[] NAME = {'V', 'M', 'C', 'O', 'R', 'E', 'I', 'N', 'F', 'O', 0};
    /** Behind the note's header: name size, text size, type. */
    private static final int NAME_AT = 12;
    /** Behind the name, padded to 12 bytes. */
    private static final int TEXT_AT = 24;
    private static final int BATCH = 1024;
    private static final long PIECE = (long) BATCH * PAGE;
    /** Enough for the remains of many boots; bounds what planted notes can cost. */
    private static final int MAX_NOTES = 64;

    private final GuestMemory memory;
    private final Consumer<Note> found;
    private final BooleanSupplier enough;
    private final List<PhysicalRange> pieces = new ArrayList<>();
    private final AtomicInteger nextPiece = new AtomicInteger();
    private final AtomicLong scanned = new AtomicLong();
    private int count;

    /**
     * A note that was found.
     *
     * @param page its guest-physical address
     */
    record Note(long page, VmcoreInfo info) {}

    /**
     * @param found hears of each note while the scan goes on, never from two threads at once
     * @param enough asked now and then, as {@code found} never from two threads at once, whether the rest need not be
     *     looked at
     */
    VmcoreInfoScan(GuestMemory memory, Consumer<Note> found, BooleanSupplier enough) {
        this.memory = memory;
        this.found = found;
        this.enough = enough;
    }

    /** Notes found. */
    int count() {
        return count;
    }

    /** Bytes of memory looked at. */
    long scanned() {
        return scanned.get();
    }

    /** @throws io.scwatcher.memory.GuestMemoryException if the source fails */
    void run() {
        for (PhysicalRange block : memory.ram()) {
            for (PhysicalRange populated : memory.populated(block)) {
                split(populated);
            }
        }
        Helper helper = new Helper();
        helper.start();
        try {
            new Worker().run();
        } finally {
            helper.end();
        }
        if (helper.failure != null) {
            throw helper.failure;
        }
    }

    private void split(PhysicalRange range) {
        long first = range.start() + PAGE - 1 & -PAGE;
        for (long start = first; start <= range.end() - PAGE; start += PIECE) {
            pieces.add(new PhysicalRange(start, Math.min(PIECE, range.end() - start)));
        }
    }

    /** Takes pieces until there are none left. */
    private final class Worker {
        private final byte[] heads = new byte[BATCH * TEXT_AT];
        private final ScatterRead batch = new ScatterRead(BATCH);

        void run() {
            for (int i; (i = nextPiece.getAndIncrement()) < pieces.size() && !isEnough();) {
                scan(pieces.get(i));
            }
        }

        private void scan(PhysicalRange piece) {
            batch.clear();
            for (long page = piece.start(); page <= piece.end() - PAGE; page += PAGE) {
                batch.add(page, heads, batch.size() * TEXT_AT, TEXT_AT);
            }
            memory.read(batch);
            scanned.addAndGet((long) batch.size() * PAGE);
            for (int i = 0; i < batch.size(); i++) {
                if (batch.isRead(i) && isNote(heads, i * TEXT_AT)) {
                    parse(batch.address(i));
                }
            }
        }
    }

    private final class Helper extends Thread {
        private RuntimeException failure;

        Helper() {
            super("search for VMCOREINFO");
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                new Worker().run();
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        void end() {
            boolean interrupted = false;
            while (isAlive()) {
                try {
                    join();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isNote(byte[] heads, int at) {
        if (heads[at] != NAME.length || heads[at + 1] != 0 || heads[at + 2] != 0 || heads[at + 3] != 0) {
            return false;
        }
        for (int i = 0; i < NAME.length; i++) {
            if (heads[at + NAME_AT + i] != NAME[i]) {
                return false;
            }
        }
        return true;
    }

    /** Waits for the examination of what the other thread has found. */
    private synchronized boolean isEnough() {
        return enough.getAsBoolean();
    }

    private synchronized void parse(long page) {
        byte[] bytes = new byte[PAGE];
        if (count >= MAX_NOTES || !memory.read(page, bytes, 0, PAGE)) {
            return;
        }
        int length = bytes[4] & 0xff | (bytes[5] & 0xff) << 8 | (bytes[6] & 0xff) << 16 | bytes[7] << 24;
        int available = PAGE - TEXT_AT;
        VmcoreInfo info = VmcoreInfo.parse(bytes, TEXT_AT, length < 0 ? available : Math.min(length, available));
        if (!info.release().isEmpty()) {
            count++;
            found.accept(new Note(page, info));
        }
    }
}
