package io.scwatcher.kernel.collection;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.type.StructType;

/**
 * The kernel's linked lists (include/linux/list.h, list_nulls.h, list_bl.h, llist.h) as bounded iterables. {@code
 * structure} and {@code member} name what the links are embedded in.
 */
public final class Lists {
    private Lists() {}

    /** A circular {@code struct list_head}; the head itself is left out. An uninitialised head (null) is empty. */
    public static Iterable<KObject> list(KObject head, String structure, String member) {
        return list(head, structure, member, "next");
    }

    /** As {@link #list}, from the last element to the first. */
    public static Iterable<KObject> listReverse(KObject head, String structure, String member) {
        return list(head, structure, member, "prev");
    }

    /** A {@code struct hlist_head}, ended by null. */
    public static Iterable<KObject> hlist(KObject head, String structure, String member) {
        return nullEnded(head, structure, member, head.as("hlist_head").get("first"), "hlist_node");
    }

    /** A {@code struct hlist_bl_head}: the lowest bit of its pointer is a lock. */
    public static Iterable<KObject> hlistBl(KObject head, String structure, String member) {
        return nullEnded(head, structure, member, head.as("hlist_bl_head").get("first") & ~1L, "hlist_bl_node");
    }

    /** A {@code struct llist_head}. */
    public static Iterable<KObject> llist(KObject head, String structure, String member) {
        return nullEnded(head, structure, member, head.as("llist_head").get("first"), "llist_node");
    }

    /** A {@code struct hlist_nulls_head}, ended by an odd value. */
    public static Iterable<KObject> nulls(KObject head, String structure, String member) {
        return nullsFrom(head.kernel(), head.as("hlist_nulls_head").get("first"), structure, member);
    }

    /** As {@link #nulls}, from the address of the first link (which may be the ending value already). */
    public static Iterable<KObject> nullsFrom(Kernel kernel, long first, String structure, String member) {
        StructType container = kernel.types().struct(structure);
        VirtualMemory memory = kernel.memory();
        int next = kernel.types().struct("hlist_nulls_node").offsetOf("next");
        return () -> new ChainIterator(kernel, container, member, first) {
            @Override
            boolean isEnd(long candidate) {
                return (candidate & 1) != 0;
            }

            @Override
            long following(long element) {
                return memory.u64(element + next);
            }
        };
    }

    private static Iterable<KObject> list(KObject head, String structure, String member, String direction) {
        Kernel kernel = head.kernel();
        StructType container = kernel.types().struct(structure);
        VirtualMemory memory = kernel.memory();
        int step = kernel.types().struct("list_head").offsetOf(direction);
        long end = head.address();
        return () -> {
            long first = memory.u64(end + step);
            return new ChainIterator(kernel, container, member, first == 0 ? end : first) {
                @Override
                boolean isEnd(long candidate) {
                    return candidate == end;
                }

                @Override
                long following(long element) {
                    return memory.u64(element + step);
                }
            };
        };
    }

    private static Iterable<KObject> nullEnded(KObject head, String structure, String member, long first, String node) {
        Kernel kernel = head.kernel();
        StructType container = kernel.types().struct(structure);
        VirtualMemory memory = kernel.memory();
        int next = kernel.types().struct(node).offsetOf("next");
        return () -> new ChainIterator(kernel, container, member, first) {
            @Override
            boolean isEnd(long candidate) {
                return candidate == 0;
            }

            @Override
            long following(long element) {
                return memory.u64(element + next);
            }
        };
    }
}
