package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.FibTable;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.type.StructType;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/fib_triestat (net/ipv4/fib_trie.c, fib_triestat_seq_show). */
final class FibTrieStatFile implements NetFile {
    private static final int MAX_STAT_DEPTH = 32;
    private static final String[][] USAGE = {{"gets = ", "gets"}, {"backtracks = ", "backtrack"},
        {"semantic match passed = ", "semantic_match_passed"}, {"semantic match miss = ", "semantic_match_miss"},
        {"null node hit= ", "null_node_hit"}, {"skipped node resize = ", "resize_node_skipped"}};

    @Override
    public void print(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        StructType vector = kernel.types().struct("key_vector");
        long innerSize = kernel.types().struct("tnode").offsetOf("kv") + vector.offsetOf("tnode");
        long leafSize = innerSize + Long.BYTES;
        out.put("Basic info: size of leaf: ").dec(leafSize).put(" bytes, size of tnode: ").dec(innerSize)
                .put(" bytes.\n");
        for (FibTable table : FibTable.all(net)) {
            if (table.table().get("tb_data") != 0) {
                FibTrieFile.title(out, table);
                new Statistics(table).print(out, leafSize, innerSize, kernel.types().struct("fib_alias").size());
                usage(kernel.at(table.table().get("tb_data"), "trie"), out);
            }
        }
    }

    /** Only where the kernel counts ({@code CONFIG_IP_FIB_TRIE_STATS}). */
    private static void usage(KObject trie, ProcText out) {
        if (!trie.has("stats")) {
            return;
        }
        Kernel kernel = trie.kernel();
        out.put("\nCounters:\n---------\n");
        for (String[] counter : USAGE) {
            long sum = 0;
            for (int cpu : kernel.possibleCpus()) {
                sum += kernel.at(kernel.perCpu(trie.get("stats"), cpu), "trie_use_stats").get(counter[1]);
            }
            out.put(counter[0]).unsigned(sum & 0xffff_ffffL).put('\n');
        }
        out.put('\n');
    }

    private static final class Statistics {
        private final int[] nodesOfBits = new int[MAX_STAT_DEPTH];
        private long totalDepth;
        private int maxDepth;
        private int inner;
        private int leaves;
        private int prefixes;
        private long nullPointers;

        Statistics(FibTable table) {
            for (FibTable.Node node : table.nodes()) {
                if (node.isLeaf()) {
                    leaves++;
                    totalDepth += node.depth();
                    maxDepth = Math.max(maxDepth, node.depth());
                    prefixes += node.routes().size();
                } else {
                    inner++;
                    int bits = node.vector().getInt("bits");
                    if (bits < MAX_STAT_DEPTH) {
                        nodesOfBits[bits]++;
                    }
                    nullPointers += node.inner().get("empty_children");
                }
            }
        }

        void print(ProcText out, long leafSize, long innerSize, long aliasSize) {
            long average = leaves == 0 ? 0 : totalDepth * 100 / leaves;
            out.put("\tAver depth:     ").dec(average / 100).put('.').zeroPadded(average % 100, 2).put('\n');
            out.put("\tMax depth:      ").dec(maxDepth).put('\n');
            out.put("\tLeaves:         ").dec(leaves).put('\n');
            out.put("\tPrefixes:       ").dec(prefixes).put('\n');
            out.put("\tInternal nodes: ").dec(inner).put("\n\t");
            long pointers = 0;
            for (int bits = 1; bits < MAX_STAT_DEPTH; bits++) {
                if (nodesOfBits[bits] != 0) {
                    out.put("  ").dec(bits).put(": ").dec(nodesOfBits[bits]);
                    pointers += (1L << bits) * nodesOfBits[bits];
                }
            }
            long bytes = leafSize * leaves + aliasSize * prefixes + innerSize * inner + Long.BYTES * pointers;
            out.put("\n\tPointers: ").dec(pointers).put('\n');
            out.put("Null ptrs: ").dec(nullPointers).put('\n');
            out.put("Total size: ").dec((bytes + 1023) / 1024).put("  kB\n");
        }
    }
}
