package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's log, read from its ring buffer as readers of /dev/kmsg do (kernel/printk/printk_ringbuffer.c, since 5.10): a ring of descriptors, each
 * with what is known of a record, and a ring of text.
 */
public final class KernelLog {
    private static final int MOST_BITS = 24;
    private static final long FINALIZED = 2;
    private static final int STATE_SHIFT = Long.SIZE - 2;
    private static final long ID_MASK = -1L >>> 2;
    private static final int ID_BYTES = Long.BYTES;
    private static final int LOG_CONT = 8;
    private static final int LONGEST_NAME = 64;

    /**
     * A record.
     *
     * @param nanos on the kernel's clock since it was booted
     * @param isContinuation whether it continues the line of an earlier record
     * @param text without a line's end, one {@code char} for each byte; may have several lines
     * @param subsystem of the device that it is about, as in {@code pci}; "" if it is about none
     * @param device as in {@code +pci:0000:00:01.0}
     */
    public record Entry(long sequence, long nanos, int facility, int level, boolean isContinuation, String text, String subsystem, String device) {}

    private final Kernel kernel;
    private final KObject ring;
    private final int textBits;

    public KernelLog(Kernel kernel) {
        this.kernel = kernel;
        this.ring = new Variables(kernel).pointee("prb", "printk_ringbuffer");
        this.textBits = bits("text_data_ring.size_bits");
    }

    /** All records that are complete, the oldest first. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        int count = 1 << bits("desc_ring.count_bits");
        KObject descriptors = ring.ptr("desc_ring.descs");
        KObject information = ring.ptr("desc_ring.infos");
        long first = ring.get("desc_ring.tail_id.counter");
        long last = ring.get("desc_ring.head_id.counter");
        for (int i = 0; i < count && (first + i & ID_MASK) != (last + 1 & ID_MASK); i++) {
            long id = first + i & ID_MASK;
            KObject descriptor = descriptors.index(id & count - 1);
            long state = descriptor.get("state_var.counter");
            if ((state & ID_MASK) == id && state >>> STATE_SHIFT == FINALIZED) {
                KObject about = information.index(id & count - 1);
                String text = text(descriptor, about.getInt("text_len"));
                if (text != null) {
                    entries.add(entry(about, text));
                }
            }
        }
        return entries;
    }

    private static Entry entry(KObject about, String text) {
        return new Entry(about.get("seq"), about.get("ts_nsec"), about.getInt("facility"), about.getInt("level"),
                (about.get("flags") & LOG_CONT) != 0, text, about.string("dev_info.subsystem", LONGEST_NAME), about.string("dev_info.device", LONGEST_NAME));
    }

    /** {@code get_data}: null if the text is lost. */
    private String text(KObject descriptor, int length) {
        long begin = descriptor.get("text_blk_lpos.begin");
        long next = descriptor.get("text_blk_lpos.next");
        if ((begin & 1) != 0 || (next & 1) != 0) {
            // NO_LPOS, or FAILED_LPOS.
            return begin == next && begin == 3 ? "" : null;
        }
        long mask = (1L << textBits) - 1;
        boolean wraps = begin >>> textBits != next >>> textBits && (next & mask) != 0;
        long at = wraps ? 0 : begin & mask;
        long room = (wraps ? next & mask : next - begin) - ID_BYTES;
        if (room < 0 || room > mask) {
            return null;
        }
        byte[] bytes = new byte[(int) Math.min(room, length & 0xffff)];
        kernel.memory().read(ring.get("text_data_ring.data") + at + ID_BYTES, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private int bits(String member) {
        return (int) Math.clamp(ring.get(member), 0, MOST_BITS);
    }
}
