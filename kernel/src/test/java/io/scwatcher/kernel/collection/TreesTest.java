package io.scwatcher.kernel.collection;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import io.scwatcher.kernel.type.CType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TreesTest {
    private static final long ROOT = 0x1000;
    private static final long NODES = 0x10_0000;
    private static final int SLOTS = 64;

    private final SyntheticKernel kernel = new SyntheticKernel();

    @BeforeEach
    void declare() {
        var node = kernel.declare("rb_node", "__rb_parent_color", SyntheticKernel.U64,
                "rb_right", SyntheticKernel.POINTER, "rb_left", SyntheticKernel.POINTER);
        kernel.declare("rb_root", "rb_node", SyntheticKernel.POINTER);
        kernel.declare("item", "key", SyntheticKernel.U64, "rb", node);
        kernel.declare("xarray", "xa_head", SyntheticKernel.POINTER);
        kernel.declare("xa_node", "shift", SyntheticKernel.U8, "parent", SyntheticKernel.POINTER,
                "slots", new CType.Array(SyntheticKernel.POINTER, SLOTS));
        kernel.enumerator("maple_dense", 0);
        kernel.enumerator("maple_leaf_64", 1);
        kernel.enumerator("maple_range_64", 2);
        kernel.enumerator("maple_arange_64", 3);
        var mr64 = kernel.declare("maple_range_64", "pivot", new CType.Array(SyntheticKernel.U64, 15),
                "slot", new CType.Array(SyntheticKernel.POINTER, 16));
        kernel.declare("maple_node", "parent", SyntheticKernel.POINTER, "mr64", mr64);
        kernel.declare("maple_tree", "ma_root", SyntheticKernel.POINTER);
    }

    // ---- red-black trees: items 0 .. n-1 as a balanced tree, item i at NODES + 64 i

    private static long item(int i) {
        return NODES + 64L * i;
    }

    private static long rb(int i) {
        return item(i) + 8;
    }

    private long balanced(int low, int high, long parent) {
        if (low > high) {
            return 0;
        }
        int middle = (low + high) / 2;
        kernel.put(item(middle), middle);
        kernel.put(rb(middle), parent | middle & 1);
        kernel.put(rb(middle) + 8, balanced(middle + 1, high, rb(middle)));
        kernel.put(rb(middle) + 16, balanced(low, middle - 1, rb(middle)));
        return rb(middle);
    }

    private List<Long> rbKeys() {
        List<Long> keys = new ArrayList<>();
        RbTree.inOrder(kernel.at(ROOT, "rb_root"), "item", "rb").forEach(found -> keys.add(found.get("key")));
        return keys;
    }

    @Test
    void rbTreeIsWalkedInOrder() {
        kernel.put(ROOT, balanced(0, 999, 0));
        List<Long> keys = rbKeys();
        assertThat(keys).hasSize(1000).isSorted();
        assertThat(kernel.anomalies().count()).isZero();
    }

    @Test
    void rbTreeWithALoopEndsAndSaysSo() {
        kernel.put(ROOT, balanced(0, 99, 0));
        kernel.put(rb(99) + 8, rb(49));
        assertThat(rbKeys()).hasSize(100);
        assertThat(kernel.anomalies().list()).singleElement().asString().contains("wrong parent");
    }

    @Test
    void rbTreeSurvivesRandomDamage() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            kernel.put(ROOT, balanced(0, 99, 0));
            for (int flips = 0; flips < 5; flips++) {
                kernel.put(rb(random.nextInt(100)) + 8L * random.nextInt(3), rb(random.nextInt(110)));
            }
            assertThat(rbKeys()).as("seed %d round %d", seed, round).hasSizeLessThanOrEqualTo(110);
        }
    }

    // ---- xarray

    private long xaNode(int number, int shift, long parent) {
        long node = NODES + number * 0x1000L;
        kernel.putByte(node, shift);
        kernel.put(node + 1, parent);
        for (int i = 0; i < SLOTS; i++) {
            kernel.put(node + 9 + 8L * i, 0);
        }
        return node;
    }

    private void slot(long node, int slot, long entry) {
        kernel.put(node + 9 + 8L * slot, entry);
    }

    @Test
    void xarrayEntriesAndLoad() {
        long top = xaNode(0, 6, 0);
        long low = xaNode(1, 0, top);
        slot(top, 3, low | 2);
        slot(low, 5, 0x8888);
        slot(low, 6, 5 << 2 | 2);
        slot(low, 9, 0x9998);
        kernel.put(ROOT, top | 2);
        var array = kernel.at(ROOT, "xarray");
        assertThat(XArray.entries(array))
                .containsExactly(new XArray.Entry(3 * 64 + 5, 0x8888), new XArray.Entry(3 * 64 + 9, 0x9998));
        assertThat(XArray.load(array, 3 * 64 + 9)).isEqualTo(0x9998);
        assertThat(XArray.load(array, 3 * 64 + 6)).as("sibling").isEqualTo(0x8888);
        assertThat(XArray.load(array, 4)).isZero();
        assertThat(XArray.load(array, 1 << 20)).as("beyond the tree").isZero();
        assertThat(kernel.anomalies().count()).isZero();
    }

    @Test
    void xarrayWithASingleEntry() {
        kernel.put(ROOT, 0x7770);
        assertThat(XArray.entries(kernel.at(ROOT, "xarray"))).containsExactly(new XArray.Entry(0, 0x7770));
        assertThat(XArray.load(kernel.at(ROOT, "xarray"), 1)).isZero();
    }

    @Test
    void xarrayThatContainsItselfEnds() {
        long top = xaNode(0, 6, 0);
        for (int i = 0; i < SLOTS; i++) {
            slot(top, i, top | 2);
        }
        kernel.put(ROOT, top | 2);
        assertThat(XArray.entries(kernel.at(ROOT, "xarray"))).isEmpty();
        assertThat(kernel.anomalies().count()).isPositive();
    }

    // ---- maple tree

    private long mapleNode(int number, int kind, long parent) {
        long node = NODES + number * 0x100L;
        kernel.put(node, parent);
        for (int i = 0; i < 31; i++) {
            kernel.put(node + 8 + 8L * i, 0);
        }
        return node | (long) kind << 3 | 4;
    }

    private void range(long encoded, int i, long pivot, long value) {
        long node = encoded & ~0xffL;
        if (i < 15) {
            kernel.put(node + 8 + 8L * i, pivot);
        }
        kernel.put(node + 8 + 15 * 8 + 8L * i, value);
    }

    @Test
    void mapleTreeRangesAscend() {
        long root = mapleNode(0, 2, ROOT | 1);
        long first = mapleNode(1, 1, root & ~0xffL | 6);
        long second = mapleNode(2, 1, root & ~0xffL | 6);
        range(root, 0, 0xfff, first);
        range(root, 1, 0, second);
        range(first, 0, 0xff, 0);
        range(first, 1, 0x1ff, 0xa000);
        range(first, 2, 0xfff, 0xb000);
        range(second, 0, 0x1fff, 0);
        range(second, 1, 0x2fff, 0xc000);
        range(second, 2, -1L, 0);
        kernel.put(ROOT, root & ~4L | 2);
        assertThat(MapleTree.entries(kernel.at(ROOT, "maple_tree"))).containsExactly(
                new MapleTree.Entry(0x100, 0x1ff, 0xa000), new MapleTree.Entry(0x200, 0xfff, 0xb000),
                new MapleTree.Entry(0x2000, 0x2fff, 0xc000));
        assertThat(kernel.anomalies().list()).isEmpty();
    }

    @Test
    void mapleTreeThatContainsItselfEnds() {
        long root = mapleNode(0, 2, ROOT | 1);
        range(root, 0, 0xfff, root);
        range(root, 1, -1L, root);
        kernel.put(ROOT, root & ~4L | 2);
        assertThat(MapleTree.entries(kernel.at(ROOT, "maple_tree"))).isEmpty();
        assertThat(kernel.anomalies().count()).isPositive();
    }
}
