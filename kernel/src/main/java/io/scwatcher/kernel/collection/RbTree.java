package io.scwatcher.kernel.collection;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.type.StructType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * In-order walk of a red-black tree (include/linux/rbtree.h). Each node must name its parent as its parent, so no node
 * is met twice however broken the tree is; a subtree that does not is left out and recorded.
 */
public final class RbTree {
    /** A red-black tree of 2^48 nodes is less deep. */
    private static final int DEPTH_LIMIT = 128;
    private static final int COLOR_BITS = 3;

    private RbTree() {}

    /** @param root a {@code struct rb_root} or {@code struct rb_root_cached} */
    public static Iterable<KObject> inOrder(KObject root, String structure, String member) {
        String top = root.has("rb_root") ? "rb_root.rb_node" : "rb_node";
        return () -> new Walk(root.kernel(), root.get(top), root.kernel().types().struct(structure), member);
    }

    private static final class Walk implements Iterator<KObject> {
        private final Kernel kernel;
        private final VirtualMemory memory;
        private final StructType container;
        private final String member;
        private final int memberOffset;
        private final int parent;
        private final int left;
        private final int right;
        private final Deque<Long> pending = new ArrayDeque<>();
        private int count;

        Walk(Kernel kernel, long top, StructType container, String member) {
            StructType node = kernel.types().struct("rb_node");
            this.kernel = kernel;
            this.memory = kernel.memory();
            this.container = container;
            this.member = member;
            this.memberOffset = container.offsetOf(member);
            this.parent = node.offsetOf("__rb_parent_color");
            this.left = node.offsetOf("rb_left");
            this.right = node.offsetOf("rb_right");
            descend(top, 0);
        }

        @Override
        public boolean hasNext() {
            return !pending.isEmpty();
        }

        @Override
        public KObject next() {
            if (pending.isEmpty()) {
                throw new NoSuchElementException();
            }
            long node = pending.pop();
            if (++count >= ChainIterator.LIMIT) {
                pending.clear();
                record("has more than %d nodes".formatted(ChainIterator.LIMIT));
            } else {
                descendRight(node);
            }
            return new KObject(kernel, container, node - memberOffset);
        }

        private void descendRight(long node) {
            try {
                long child = memory.u64(node + right);
                if (child != 0 && child == memory.u64(node + left)) {
                    record("has one node on both sides of its parent");
                } else {
                    descend(child, node);
                }
            } catch (MemoryFault fault) {
                record("is broken: " + fault.getMessage());
            }
        }

        /** Puts a subtree's leftmost path on the stack. */
        private void descend(long subtree, long above) {
            long node = subtree;
            long expected = above;
            try {
                while (node != 0) {
                    if ((memory.u64(node + parent) & ~COLOR_BITS) != expected) {
                        record("has a node with a wrong parent at %#x".formatted(node));
                        return;
                    }
                    if (pending.size() >= DEPTH_LIMIT) {
                        record("is deeper than %d".formatted(DEPTH_LIMIT));
                        return;
                    }
                    long next = memory.u64(node + left);
                    pending.push(node);
                    expected = node;
                    node = next;
                }
            } catch (MemoryFault fault) {
                record("is broken: " + fault.getMessage());
            }
        }

        private void record(String what) {
            kernel.anomalies().record("rbtree through %s.%s %s".formatted(container.name(), member, what));
        }
    }
}
