package io.scwatcher.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import io.scwatcher.kernel.type.CType;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FibTableTest {
    private static final long TABLE = 0xffff_8880_0000_1000L;
    private static final long TRIE = 0xffff_8880_0000_2000L;
    private static final long NODES = 0xffff_8880_0001_0000L;

    private final SyntheticKernel kernel = new SyntheticKernel();

    @BeforeEach
    void declare() {
        CType u32 = new CType.Int("unsigned int", 4, false);
        kernel.declare("fib_table", "tb_data", SyntheticKernel.POINTER, "tb_id", u32);
        var vector = kernel.declare("key_vector", "key", u32, "pos", SyntheticKernel.U8, "bits", SyntheticKernel.U8,
                "slen", SyntheticKernel.U8, "pad", SyntheticKernel.U8, "tnode",
                new CType.Array(SyntheticKernel.POINTER, 0));
        kernel.declare("trie", "kv", new CType.Array(vector, 1));
        kernel.put(TABLE, TRIE);
        kernel.put(TABLE + 8, FibTable.MAIN);
        kernel.put(TRIE, 0);
    }

    private static long node(int number) {
        return NODES + 256L * number;
    }

    /** A node with its children; none for a leaf. */
    private void put(int number, long key, long... children) {
        int bits = Long.numberOfTrailingZeros(Math.max(1, children.length));
        kernel.put(node(number), key | (long) bits << 40);
        for (int i = 0; i < children.length; i++) {
            kernel.put(node(number) + 8 + 8L * i, children[i]);
        }
    }

    private List<FibTable.Node> nodes(long root) {
        kernel.put(TRIE + 8, root);
        return new FibTable(kernel.at(TABLE, "fib_table")).nodes();
    }

    @Test
    void visitsNodesBeforeTheirChildrenWithDepths() {
        put(0, 0x0a000000, node(1), 0, 0, node(2));
        put(1, 0x0a000000);
        put(2, 0x0a0c0000, node(3), node(4));
        put(3, 0x0a0c0000);
        put(4, 0x0a0d0000);
        List<FibTable.Node> nodes = nodes(node(0));
        assertThat(nodes).extracting(FibTable.Node::key)
                .containsExactly(0x0a000000L, 0x0a000000L, 0x0a0c0000L, 0x0a0c0000L, 0x0a0d0000L);
        assertThat(nodes).extracting(FibTable.Node::depth).containsExactly(1, 1, 2, 2, 2);
        assertThat(nodes).extracting(FibTable.Node::isLeaf).containsExactly(false, true, false, true, true);
        assertThat(kernel.anomalies().count()).isZero();
    }

    @Test
    void takesASingleLeafForTheWholeTrie() {
        put(0, 0x7f000000);
        assertThat(nodes(node(0))).singleElement().extracting(FibTable.Node::depth).isEqualTo(0);
    }

    @Test
    void isEmptyWithoutARoot() {
        assertThat(nodes(0)).isEmpty();
    }

    @Test
    void endsWhenANodeIsItsOwnChild() {
        put(0, 0, node(0), node(0));
        nodes(node(0));
        assertThat(kernel.anomalies().count()).isPositive();
    }

    @Test
    void endsWhereMemoryIsNotMapped() {
        put(0, 0, 0xffff_8881_0000_0000L, node(1));
        put(1, 0x0a000000);
        assertThat(nodes(node(0))).hasSize(2);
        assertThat(kernel.anomalies().count()).isEqualTo(1);
    }
}
