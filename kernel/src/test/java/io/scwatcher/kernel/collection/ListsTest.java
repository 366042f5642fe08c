package io.scwatcher.kernel.collection;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.SyntheticKernel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListsTest {
    private static final long HEAD = 0x1000;
    private static final long ELEMENTS = 0x2000;
    private static final int LINK_OFFSET = 8;

    private final SyntheticKernel kernel = new SyntheticKernel();

    @BeforeEach
    void declare() {
        var listHead = kernel.declare("list_head", "next", SyntheticKernel.POINTER, "prev", SyntheticKernel.POINTER);
        kernel.declare("hlist_head", "first", SyntheticKernel.POINTER);
        kernel.declare("hlist_node", "next", SyntheticKernel.POINTER);
        kernel.declare("hlist_nulls_head", "first", SyntheticKernel.POINTER);
        kernel.declare("hlist_nulls_node", "next", SyntheticKernel.POINTER);
        kernel.declare("item", "id", SyntheticKernel.U64, "node", listHead);
    }

    private static long link(int i) {
        return ELEMENTS + 64L * i + LINK_OFFSET;
    }

    private KObject head(String type) {
        return kernel.at(HEAD, type);
    }

    /** Chains items 0 .. count - 1, the last one's link leading to {@code end}. */
    private void chain(int count, long end) {
        kernel.put(HEAD, count == 0 ? end : link(0));
        for (int i = 0; i < count; i++) {
            kernel.put(link(i) - LINK_OFFSET, i);
            kernel.put(link(i), i + 1 < count ? link(i + 1) : end);
        }
    }

    private static List<Long> ids(Iterable<KObject> items) {
        List<Long> ids = new ArrayList<>();
        for (KObject item : items) {
            ids.add(item.get("id"));
        }
        return ids;
    }

    @Test
    void walksACircularListWithoutItsHead() {
        chain(5, HEAD);
        assertThat(ids(Lists.list(head("list_head"), "item", "node"))).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(kernel.anomalies().count()).isZero();
    }

    @Test
    void anEmptyOrUninitialisedListIsEmpty() {
        chain(0, HEAD);
        assertThat(Lists.list(head("list_head"), "item", "node")).isEmpty();
        chain(0, 0);
        assertThat(Lists.list(head("list_head"), "item", "node")).isEmpty();
        assertThat(kernel.anomalies().count()).isZero();
    }

    @Test
    void endsAtACircleThatLeavesTheHeadOut() {
        chain(50, link(10));
        List<Long> ids = ids(Lists.list(head("list_head"), "item", "node"));
        assertThat(ids).startsWith(0L, 1L, 2L).contains(49L).hasSizeLessThan(200);
        assertThat(kernel.anomalies().list()).singleElement().asString().contains("item.node", "circle");
    }

    @Test
    void keepsWhatStandsBeforeABrokenLink() {
        chain(3, 0xdead_0000L);
        // the element behind the broken link is still named: whoever reads it gets the fault
        assertThat(Lists.list(head("list_head"), "item", "node")).hasSize(4);
        assertThat(kernel.anomalies().list()).singleElement().asString().contains("broken");
    }

    @Test
    void aNullInsideACircularListIsAnAnomaly() {
        chain(3, 0);
        assertThat(ids(Lists.list(head("list_head"), "item", "node"))).containsExactly(0L, 1L, 2L);
        assertThat(kernel.anomalies().list()).singleElement().asString().contains("null pointer");
    }

    @Test
    void hlistEndsAtNullAndNullsListAtAnOddValue() {
        chain(4, 0);
        assertThat(ids(Lists.hlist(head("hlist_head"), "item", "node"))).containsExactly(0L, 1L, 2L, 3L);
        chain(4, 0x2a1);
        assertThat(ids(Lists.nulls(head("hlist_nulls_head"), "item", "node"))).containsExactly(0L, 1L, 2L, 3L);
        assertThat(kernel.anomalies().count()).isZero();
    }
}
