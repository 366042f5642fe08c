package io.scwatcher.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.SyntheticKernel;
import io.scwatcher.kernel.type.CType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RhashtableTest {
    private static final long HEADER = 0xffff_8880_0000_1000L;
    private static final long BUCKETS = 0xffff_8880_0000_2000L;
    private static final long OBJECTS = 0xffff_8880_0001_0000L;
    private static final int HEAD_OFFSET = 16;
    private static final long END = 0x1235;

    private final SyntheticKernel kernel = new SyntheticKernel();
    private int slotsOffset;

    @BeforeEach
    void declare() {
        CType u32 = new CType.Int("unsigned int", 4, false);
        var parameters = kernel.declare("rhashtable_params", "head_offset", SyntheticKernel.U64);
        var buckets = kernel.declare("bucket_table", "size", u32, "nest", u32, "future_tbl",
                new CType.Pointer(() -> kernel.types().struct("bucket_table")), "buckets",
                new CType.Array(SyntheticKernel.POINTER, 0));
        kernel.declare("rhashtable", "tbl", new CType.Pointer(() -> buckets), "p", parameters,
                "rhlist", SyntheticKernel.U8);
        kernel.declare("rhash_head", "next", SyntheticKernel.POINTER);
        kernel.declare("rhlist_head", "rhead", SyntheticKernel.POINTER, "next", SyntheticKernel.POINTER);
        slotsOffset = buckets.offsetOf("buckets");
        kernel.put(HEADER, BUCKETS);
        kernel.put(HEADER + 8, HEAD_OFFSET);
        kernel.put(HEADER + 16, 0);
    }

    private KObject table(int size, int nest, long future) {
        kernel.put(BUCKETS, size | (long) nest << 32);
        kernel.put(BUCKETS + 8, future);
        for (int i = 0; i < (nest == 0 ? size : 1); i++) {
            kernel.put(BUCKETS + slotsOffset + 8L * i, 0);
        }
        return kernel.at(HEADER, "rhashtable");
    }

    private static long object(int number) {
        return OBJECTS + 64L * number;
    }

    private static long link(int number) {
        return object(number) + HEAD_OFFSET;
    }

    @Test
    void walksBucketsInOrderAndStripsTheirLock() {
        KObject table = table(8, 0, 0);
        kernel.put(BUCKETS + slotsOffset + 8 * 2, link(1));
        kernel.put(BUCKETS + slotsOffset + 8 * 5, link(3) | 1);
        kernel.put(link(1), link(2));
        kernel.put(link(2), END);
        kernel.put(link(3), END);
        assertThat(Rhashtable.objects(table)).containsExactly(object(1), object(2), object(3));
        assertThat(kernel.anomalies().count()).isZero();
    }

    @Test
    void goesOnInTheTableThatIsBeingFilled() {
        long next = BUCKETS + 0x1000;
        KObject table = table(4, 0, next);
        kernel.put(BUCKETS + slotsOffset, link(1));
        kernel.put(link(1), END);
        kernel.put(next, 2);
        kernel.put(next + 8, 0);
        kernel.put(next + slotsOffset, 0);
        kernel.put(next + slotsOffset + 8, link(2));
        kernel.put(link(2), END);
        assertThat(Rhashtable.objects(table)).containsExactly(object(1), object(2));
    }

    @Test
    void findsBucketsOfNestedTables() {
        KObject table = table(1024, 1, 0);
        long top = BUCKETS + 0x3000;
        long even = BUCKETS + 0x4000;
        kernel.put(BUCKETS + slotsOffset, top);
        kernel.put(top, even);
        kernel.put(top + 8, 0);
        kernel.put(even, 0);
        kernel.put(even + 8L * 3, link(1));
        kernel.put(link(1), END);
        assertThat(Rhashtable.objects(table)).containsExactly(object(1));
    }

    @Test
    void endsWhenAChainRunsInACircle() {
        KObject table = table(4, 0, 0);
        kernel.put(BUCKETS + slotsOffset, link(1));
        kernel.put(link(1), link(2));
        kernel.put(link(2), link(1));
        assertThat(Rhashtable.objects(table)).containsExactly(object(1), object(2));
        assertThat(kernel.anomalies().list()).singleElement().asString().contains("circle");
    }
}
