package io.scwatcher.kernel.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.kernel.SyntheticKernel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HashBucketsTest {
    private static final long TABLE = 0xffff_8880_0000_1000L;
    private static final long ELEMENTS = 0xffff_8880_0010_0000L;

    private final SyntheticKernel kernel = new SyntheticKernel();

    @BeforeEach
    void declare() {
        kernel.declare("hlist_head", "first", SyntheticKernel.POINTER);
        var node = kernel.declare("hlist_node", "next", SyntheticKernel.POINTER);
        kernel.declare("hlist_nulls_head", "first", SyntheticKernel.POINTER);
        kernel.declare("hlist_nulls_node", "next", SyntheticKernel.POINTER);
        kernel.declare("item", "id", SyntheticKernel.U64, "node", node);
        kernel.declare("bucket", "count", SyntheticKernel.U64, "head", SyntheticKernel.POINTER);
    }

    private static long link(int item) {
        return ELEMENTS + 64L * item + Long.BYTES;
    }

    private void item(int number, long next) {
        kernel.put(link(number) - Long.BYTES, number);
        kernel.put(link(number), next);
    }

    private List<String> visited(HashBuckets buckets) {
        List<String> visited = new ArrayList<>();
        buckets.forEach("item", "node", (bucket, item) -> visited.add(bucket + ":" + item.get("id")));
        return visited;
    }

    @Test
    void visitsChainsByBucket() {
        HashBuckets buckets = HashBuckets.ofHeads(kernel, TABLE, 512);
        kernel.put(TABLE, 0);
        kernel.put(TABLE + 3 * 8, link(1));
        kernel.put(TABLE + 400 * 8, link(3));
        item(1, link(2));
        item(2, 0);
        item(3, 0);
        assertThat(visited(buckets)).containsExactly("3:1", "3:2", "400:3");
        assertThat(kernel.anomalies().count()).isZero();
    }

    @Test
    void findsTheHeadInsideABucket() {
        HashBuckets buckets = HashBuckets.of(kernel, TABLE, 4, "bucket", "head");
        kernel.put(TABLE, 0);
        kernel.put(TABLE + 2 * 16, 7);
        kernel.put(TABLE + 2 * 16 + 8, link(1));
        item(1, 0);
        assertThat(visited(buckets)).containsExactly("2:1");
    }

    @Test
    void takesMarkersForEmpty() {
        HashBuckets buckets = HashBuckets.ofHeads(kernel, TABLE, 4);
        for (int i = 0; i < 4; i++) {
            kernel.put(TABLE + 8L * i, 2L * i + 1);
        }
        List<Integer> occupied = new ArrayList<>();
        buckets.forEachOccupied((bucket, head) -> occupied.add(bucket));
        assertThat(occupied).isEmpty();
    }

    @Test
    void skipsWhatIsNotMapped() {
        HashBuckets buckets = HashBuckets.ofHeads(kernel, TABLE, 1024);
        kernel.put(TABLE, 0);
        item(1, 0);
        kernel.put(TABLE + 8, link(1));
        assertThat(visited(buckets)).containsExactly("1:1");
        assertThat(kernel.anomalies().count()).isPositive();
    }

    @Test
    void refusesAnAbsurdSize() {
        assertThat(visited(HashBuckets.ofHeads(kernel, TABLE, 1L << 40))).isEmpty();
        assertThat(kernel.anomalies().list()).singleElement().asString().contains("buckets");
    }

    @Test
    void endsWhenAChainRunsInACircle() {
        HashBuckets buckets = HashBuckets.ofHeads(kernel, TABLE, 1);
        kernel.put(TABLE, link(1));
        item(1, link(2));
        item(2, link(1));
        assertThat(visited(buckets)).startsWith("0:1", "0:2").hasSizeLessThan(20);
        assertThat(kernel.anomalies().count()).isPositive();
    }
}
