package io.scwatcher.kernel.collection;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.StructType;
import java.util.ArrayList;
import java.util.List;

/**
 * The maple tree (include/linux/maple_tree.h, lib/maple_tree.c; 6.1 and later): ranges of indexes with an entry each.
 * Every node must name its parent, so none is met twice.
 */
public final class MapleTree {
    private static final long NODE_MASK = 0xff;
    private static final int TYPE_SHIFT = 3;
    private static final int TYPE_MASK = 0xf;
    private static final long RESERVED = 4096;
    private static final int ENTRY_LIMIT = 1 << 22;

    private final Kernel kernel;
    private final StructType nodeType;
    private final long dense;
    private final long leaf;
    private final long range;
    private final long allocationRange;
    private final List<Entry> found = new ArrayList<>();

    /** One range, both ends included. {@code value} is never 0. */
    public record Entry(long first, long last, long value) {}

    private MapleTree(Kernel kernel) {
        this.kernel = kernel;
        nodeType = kernel.types().struct("maple_node");
        dense = nodeKind("maple_dense");
        leaf = nodeKind("maple_leaf_64");
        range = nodeKind("maple_range_64");
        allocationRange = nodeKind("maple_arange_64");
    }

    /** All ranges with an entry, ascending. @param tree a {@code struct maple_tree} */
    public static List<Entry> entries(KObject tree) {
        MapleTree walk = new MapleTree(tree.kernel());
        long root = tree.get("ma_root");
        if (walk.isNode(root)) {
            walk.collect(root, 0, 0, -1L);
        } else if (root != 0) {
            walk.found.add(new Entry(0, 0, root));
        }
        return walk.found;
    }

    private long nodeKind(String enumerator) {
        return kernel.types().enumerator(enumerator).orElse(-1);
    }

    private void collect(long encoded, long parent, long min, long max) {
        KObject node = new KObject(kernel, nodeType, encoded & ~NODE_MASK);
        long kind = encoded >>> TYPE_SHIFT & TYPE_MASK;
        try {
            long up = node.get("parent");
            boolean placed = parent == 0 ? (up & 1) != 0 : (up & ~NODE_MASK) == parent;
            if (!placed) {
                record("has a misplaced node at %#x".formatted(node.address()));
            } else if (kind == leaf || kind == range) {
                slots(node, "mr64", kind == leaf, min, max);
            } else if (kind == allocationRange) {
                slots(node, "ma64", false, min, max);
            } else if (kind == dense) {
                dense(node, min, max);
            } else {
                record("has a node of unknown type %d".formatted(kind));
            }
        } catch (MemoryFault fault) {
            record("is broken: " + fault.getMessage());
        }
    }

    private void slots(KObject node, String layout, boolean isLeaf, long min, long max) {
        KObject pivots = node.at(layout + ".pivot");
        KObject slots = node.at(layout + ".slot");
        int pivotCount = ((CType.Array) pivots.type()).length();
        long first = min;
        for (int i = 0; i <= pivotCount; i++) {
            long last = i < pivotCount ? pivots.index(i).value() : max;
            if (last == 0 && i > 0) {
                last = max;
            }
            if (Long.compareUnsigned(last, max) > 0 || Long.compareUnsigned(last, first) < 0) {
                record("has a pivot out of order in the node at %#x".formatted(node.address()));
                return;
            }
            entry(slots.index(i).value(), node, isLeaf, first, last);
            if (last == max || found.size() >= ENTRY_LIMIT) {
                return;
            }
            first = last + 1;
        }
    }

    private void dense(KObject node, long min, long max) {
        KObject slots = node.at("slot");
        int count = ((CType.Array) slots.type()).length();
        for (int i = 0; i < count && Long.compareUnsigned(min + i, max) <= 0; i++) {
            entry(slots.index(i).value(), node, true, min + i, min + i);
        }
    }

    private void entry(long value, KObject node, boolean isLeaf, long first, long last) {
        if (value == 0) {
            return;
        }
        if (isLeaf) {
            found.add(new Entry(first, last, value));
        } else if (isChild(value)) {
            collect(value, node.address(), first, last);
        } else {
            record("has a broken child in the node at %#x".formatted(node.address()));
        }
    }

    /** {@code mt_mk_node}: only the root carries the bit of {@code mte_mk_root}; {@code MAPLE_ENODE_NULL} may be set. */
    private boolean isChild(long entry) {
        return (entry & 3) == 0 && Long.compareUnsigned(entry, RESERVED) > 0;
    }

    private boolean isNode(long entry) {
        return (entry & 3) == 2 && Long.compareUnsigned(entry, RESERVED) > 0;
    }

    private void record(String what) {
        kernel.anomalies().record("maple tree " + what);
    }
}
