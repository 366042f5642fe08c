package io.scwatcher.kernel.discovery;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.ScatterRead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What tells one boot of one kernel from every other: bytes of the kernel's image that are fixed early in the boot, many
 * of them random. Read in one request.
 */
final class BootIdentity {
    private final List<Mark> marks = new ArrayList<>();
    private int size;

    /**
     * @param physical where the bytes lie
     * @param late whether they are zero until the guest first needs them
     */
    private record Mark(long physical, byte[] bytes, boolean late) {}

    /** Remembers the bytes at an address as they are now; an address outside RAM is not remembered. */
    void remember(GuestMemory memory, long physical, int length, boolean late) {
        byte[] bytes = new byte[length];
        if (memory.read(physical, bytes, 0, length)) {
            marks.add(new Mark(physical, bytes, late));
            size += length;
        }
    }

    /** Whether the memory still holds that boot. */
    boolean matches(GuestMemory memory) {
        ScatterRead batch = new ScatterRead(marks.size());
        byte[] now = new byte[size];
        int at = 0;
        for (Mark mark : marks) {
            batch.add(mark.physical, now, at, mark.bytes.length);
            at += mark.bytes.length;
        }
        memory.read(batch);
        for (int i = 0; i < marks.size(); i++) {
            Mark mark = marks.get(i);
            int from = batch.offset(i);
            boolean equal = batch.isRead(i)
                    && Arrays.equals(mark.bytes, 0, mark.bytes.length, now, from, from + mark.bytes.length);
            if (!equal && !(mark.late && isZero(mark.bytes))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
