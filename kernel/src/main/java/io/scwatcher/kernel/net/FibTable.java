package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.StructType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An IPv4 routing table: {@code struct fib_table} over a level-compressed trie (net/ipv4/fib_trie.c). The local and the
 * main table share one trie until rules set them apart; {@link FibRoute#table()} tells whose a route is.
 *
 * @param table the {@code struct fib_table}
 */
public record FibTable(KObject table) {
    /** {@code RT_TABLE_MAIN}. */
    public static final int MAIN = 254;
    /** {@code RT_TABLE_LOCAL}. */
    public static final int LOCAL = 255;

    private static final int KEY_BITS = 32;
    /** Children of all nodes together; the Internet's full table needs about two million. */
    private static final long MAX_SLOTS = 1 << 24;

    /**
     * A node of the trie.
     *
     * @param vector its {@code struct key_vector}
     * @param depth inner nodes above it, itself included if it is one
     */
    public record Node(KObject vector, int depth) {
        public boolean isLeaf() {
            return vector.get("bits") == 0;
        }

        /** The address bits that lead here, in host order. */
        public long key() {
            return vector.get("key");
        }

        /** A leaf's routes, the most specific first. */
        public List<FibRoute> routes() {
            List<FibRoute> routes = new ArrayList<>();
            for (KObject alias : Lists.hlist(vector.at("leaf"), "fib_alias", "fa_list")) {
                routes.add(new FibRoute(alias));
            }
            return routes;
        }

        /** An inner node's {@code struct tnode}. */
        public KObject inner() {
            return vector.containerOf("tnode", "kv");
        }
    }

    /** All tables of a namespace in the order of their hash. */
    public static List<FibTable> all(NetNamespace net) {
        List<FibTable> tables = new ArrayList<>();
        int buckets = net.net().has("ipv4.rules_ops") ? 256 : 2;
        HashBuckets.ofHeads(net.kernel(), net.net().get("ipv4.fib_table_hash"), buckets)
                .forEach("fib_table", "tb_hlist", (bucket, table) -> tables.add(new FibTable(table)));
        return tables;
    }

    /** The table of that number, or null. */
    public static FibTable of(NetNamespace net, int number) {
        for (FibTable table : all(net)) {
            if (table.number() == number) {
                return table;
            }
        }
        return null;
    }

    public int number() {
        return table.getInt("tb_id");
    }

    /** The trie's nodes from the root on, each before its children, which is ascending order of addresses. */
    public List<Node> nodes() {
        Walk walk = new Walk();
        long root = table.get("tb_data");
        if (root != 0) {
            KObject trie = table.kernel().at(root, "trie");
            walk.visit(table.memory().u64(trie.at("kv").address() + walk.type.offsetOf("tnode")), 0, 0);
        }
        return walk.nodes;
    }

    private final class Walk {
        private final StructType type = table.kernel().types().struct("key_vector");
        private final List<Node> nodes = new ArrayList<>();
        private final Set<Long> seen = new HashSet<>();
        private long slotsLeft = MAX_SLOTS;

        void visit(long address, int depth, int bitsAbove) {
            if (address == 0) {
                return;
            }
            KObject vector = new KObject(table.kernel(), type, address);
            try {
                int bits = vector.getInt("bits");
                if (bits == 0) {
                    nodes.add(new Node(vector, depth));
                } else if (bitsAbove + bits > KEY_BITS || 1L << bits > slotsLeft || !seen.add(address)) {
                    record("is deeper or larger than can be, or runs in a circle");
                } else {
                    slotsLeft -= 1L << bits;
                    nodes.add(new Node(vector, depth + 1));
                    children(vector, bits, depth + 1, bitsAbove + bits);
                }
            } catch (MemoryFault fault) {
                record(fault.getMessage());
            }
        }

        private void children(KObject vector, int bits, int depth, int bitsAbove) {
            long children = vector.address() + type.offsetOf("tnode");
            for (long i = 0; i < 1L << bits; i++) {
                visit(table.memory().u64(children + i * Long.BYTES), depth, bitsAbove);
            }
        }

        private void record(String what) {
            table.kernel().anomalies().record("routing table %d %s".formatted(number(), what));
        }
    }
}
