package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.arch.KernelMapping;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.ScatterRead;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What tells one boot of one kernel from every other: bytes that are fixed early in the boot, many of them random. The
 * image of an earlier boot often survives a reboot untouched, so the page tables behind it and what lies in low memory
 * count as well. All is read in one request.
 */
final class BootIdentity {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final List<Mark> marks = new ArrayList<>();
    private final Set<Long> walked = new HashSet<>();
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

    /** Remembers the table entries through which an address is translated now, but for the flags that processors set. */
    void rememberWalk(GuestMemory memory, KernelMapping mapping, long virtual) {
        List<Long> entries = new ArrayList<>();
        mapping.tables().translate(entry -> {
            entries.add(entry);
            byte[] bytes = new byte[Long.BYTES];
            return memory.read(entry, bytes, 0, bytes.length) ? (long) LONG.get(bytes, 0) : 0;
        }, mapping.root(), virtual);
        for (long entry : entries) {
            if (walked.add(entry)) {
                remember(memory, entry + 1, Long.BYTES - 2, false);
            }
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
