package io.scwatcher.kernel.collection;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.StructType;
import java.util.ArrayList;
import java.util.List;

/**
 * The XArray (include/linux/xarray.h; 4.20 and later) and the radix tree before it, which differ in names and in the bit
 * that marks an inner node. Entries are given raw: pointers, or odd values ({@code xa_is_value}).
 */
public final class XArray {
    private static final long RESERVED = 4096;
    private static final int ENTRY_LIMIT = 1 << 22;

    private final Kernel kernel;
    private final StructType nodeType;
    private final long innerMark;
    private final int slotsOffset;
    private final int slotsPerNode;

    /**
     * One entry.
     *
     * @param value never 0
     */
    public record Entry(long index, long value) {}

    private XArray(KObject array) {
        kernel = array.kernel();
        boolean modern = array.has("xa_head");
        nodeType = kernel.types().struct(modern ? "xa_node" : "radix_tree_node");
        innerMark = modern ? 2 : 1;
        slotsOffset = nodeType.offsetOf("slots");
        slotsPerNode = ((CType.Array) nodeType.field("slots").type()).length();
    }

    /** All entries by ascending index. @param array a {@code struct xarray} or {@code struct radix_tree_root} */
    public static List<Entry> entries(KObject array) {
        XArray walk = new XArray(array);
        List<Entry> entries = new ArrayList<>();
        walk.collect(head(array), 0, 0, Long.SIZE, entries);
        return entries;
    }

    /** The entry at an index, or 0. */
    public static long load(KObject array, long index) {
        XArray walk = new XArray(array);
        long entry = head(array);
        int above = Long.SIZE;
        if (!walk.isInner(entry)) {
            return index == 0 && !walk.isReserved(entry) ? entry : 0;
        }
        long covered = -1;
        while (walk.isInner(entry)) {
            KObject node = walk.node(entry);
            int shift = node.getInt("shift");
            if (shift >= above) {
                throw new MemoryFault(node.address());
            }
            long slot = index >>> shift;
            if (covered == -1 && slot >= walk.slotsPerNode) {
                return 0;
            }
            covered = slot & (walk.slotsPerNode - 1);
            above = shift;
            entry = walk.followSibling(node, walk.slot(node, covered));
        }
        return walk.isReserved(entry) ? 0 : entry;
    }

    private static long head(KObject array) {
        return array.get(array.has("xa_head") ? "xa_head" : "rnode");
    }

    private void collect(long entry, long base, long parent, int above, List<Entry> into) {
        if (entry == 0 || isReserved(entry)) {
            return;
        }
        if (!isInner(entry)) {
            into.add(new Entry(base, entry));
            return;
        }
        KObject node = node(entry);
        try {
            int shift = node.getInt("shift");
            if (shift >= above || node.get("parent") != parent) {
                record("has a misplaced node at %#x".formatted(node.address()));
                return;
            }
            for (int i = 0; i < slotsPerNode; i++) {
                if (into.size() >= ENTRY_LIMIT) {
                    record("has more than %d entries".formatted(ENTRY_LIMIT));
                    return;
                }
                collect(slot(node, i), base + ((long) i << shift), node.address(), shift, into);
            }
        } catch (MemoryFault fault) {
            record("is broken: " + fault.getMessage());
        }
    }

    /** A multi-index entry's further slots hold the number of the slot that has it ({@code xa_is_sibling}). */
    private long followSibling(KObject node, long entry) {
        boolean sibling = innerMark == 2 && (entry & 3) == 2 && entry >>> 2 < slotsPerNode - 1;
        return sibling ? slot(node, entry >>> 2) : entry;
    }

    private long slot(KObject node, long index) {
        return kernel.memory().u64(node.address() + slotsOffset + index * Long.BYTES);
    }

    private boolean isInner(long entry) {
        return (entry & 3) == innerMark && Long.compareUnsigned(entry, RESERVED) > 0;
    }

    private boolean isReserved(long entry) {
        return innerMark == 2 && (entry & 3) == 2 && Long.compareUnsigned(entry, RESERVED) <= 0;
    }

    private KObject node(long entry) {
        return new KObject(kernel, nodeType, entry - innerMark);
    }

    private void record(String what) {
        kernel.anomalies().record("xarray " + what);
    }
}
