package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.FibRoute;
import io.scwatcher.kernel.net.FibTable;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/fib_trie (net/ipv4/fib_trie.c, fib_trie_seq_show). */
final class FibTrieFile implements NetFile {
    private static final int KEY_BITS = 32;
    private static final String[] TYPES = {"UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST",
        "BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW", "NAT", "XRESOLVE"};

    @Override
    public void print(NetNamespace net, ProcText out) {
        for (FibTable table : FibTable.all(net)) {
            boolean first = true;
            for (FibTable.Node node : table.nodes()) {
                if (first) {
                    title(out, table);
                    first = false;
                }
                if (node.isLeaf()) {
                    leaf(node, out);
                } else {
                    inner(node, out);
                }
            }
        }
    }

    /** {@code fib_table_print}. */
    static void title(ProcText out, FibTable table) {
        switch (table.number()) {
            case FibTable.LOCAL -> out.put("Local:\n");
            case FibTable.MAIN -> out.put("Main:\n");
            default -> out.put("Id ").dec(table.number()).put(":\n");
        }
    }

    private static void inner(FibTable.Node node, ProcText out) {
        long bits = node.vector().get("bits");
        indent(out, node.depth() - 1).put("  +-- ").put(AddressText.dotted(node.key()))
                .put('/').unsigned(KEY_BITS - node.vector().get("pos") - bits).put(' ').unsigned(bits)
                .put(' ').unsigned(node.inner().get("full_children"))
                .put(' ').unsigned(node.inner().get("empty_children")).put('\n');
    }

    private static void leaf(FibTable.Node node, ProcText out) {
        indent(out, node.depth()).put("  |-- ").put(AddressText.dotted(node.key())).put('\n');
        for (FibRoute route : node.routes()) {
            indent(out, node.depth() + 1).put("  /").dec(route.prefixLength()).put(' ').put(scope(route.scope()))
                    .put(' ').put(type(route.type()));
            if (route.typeOfService() != 0) {
                out.put(" tos=").dec(route.typeOfService());
            }
            out.put('\n');
        }
    }

    private static ProcText indent(ProcText out, int depth) {
        return out.pad(3 * depth, ' ');
    }

    private static String scope(int scope) {
        return switch (scope) {
            case 0 -> "universe";
            case 200 -> "site";
            case 253 -> "link";
            case 254 -> "host";
            case 255 -> "nowhere";
            default -> "scope=" + scope;
        };
    }

    private static String type(int type) {
        return type < TYPES.length ? TYPES[type] : "type " + type;
    }
}
