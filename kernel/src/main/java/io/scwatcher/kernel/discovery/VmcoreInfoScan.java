package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.symbol.VmcoreInfo;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import java.util.function.Consumer;

/**
 * Looks at the start of every page that can be non-zero for the VMCOREINFO note (kernel/crash_core.c: an ELF note of name
 * "VMCOREINFO" that fills one page). Stale and copied notes are found as well; telling them apart is not done here.
 */
final class VmcoreInfoScan {
    private static final int PAGE = 4096;
    private static final byte[] NAME = {'V', 'M', 'C', 'O', 'R', 'E', 'I', 'N', 'F', 'O', 0};
    /** Behind the note's header: name size, text size, type. */
    private static final int NAME_AT = 12;
    /** Behind the name, padded to 12 bytes. */
    private static final int TEXT_AT = 24;
    private static final int BATCH = 4096;
    /** Enough for the remains of many boots; bounds what planted notes can cost. */
    private static final int MAX_NOTES = 64;

    private final GuestMemory memory;
    private final Consumer<Note> found;
    private final byte[] heads = new byte[BATCH * TEXT_AT];
    private final ScatterRead batch = new ScatterRead(BATCH);
    private int count;
    private long scanned;

    /**
     * A note that was found.
     *
     * @param page its guest-physical address
     */
    record Note(long page, VmcoreInfo info) {}

    /**
     * @param found hears of each note while the scan goes on, by ascending address
     */
    VmcoreInfoScan(GuestMemory memory, Consumer<Note> found) {
        this.memory = memory;
        this.found = found;
    }

    /** Notes found so far. */
    int count() {
        return count;
    }

    /** Bytes of memory looked at so far. */
    long scanned() {
        return scanned;
    }

    void run() {
        for (PhysicalRange block : memory.ram()) {
            for (PhysicalRange populated : memory.populated(block)) {
                scan(populated);
            }
        }
        flush();
    }

    private void scan(PhysicalRange range) {
        scanned += range.length();
        long first = range.start() + PAGE - 1 & -PAGE;
        for (long page = first; page <= range.end() - PAGE; page += PAGE) {
            batch.add(page, heads, batch.size() * TEXT_AT, TEXT_AT);
            if (batch.size() == BATCH) {
                flush();
            }
        }
    }

    private void flush() {
        memory.read(batch);
        for (int i = 0; i < batch.size() && count < MAX_NOTES; i++) {
            if (batch.isRead(i) && isNote(i * TEXT_AT)) {
                parse(batch.address(i));
            }
        }
        batch.clear();
    }

    private boolean isNote(int at) {
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

    private void parse(long page) {
        byte[] bytes = new byte[PAGE];
        if (!memory.read(page, bytes, 0, PAGE)) {
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
