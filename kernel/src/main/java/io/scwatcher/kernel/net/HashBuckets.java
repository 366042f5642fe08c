package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.type.StructType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * An array of hash buckets, most of them empty. Scanned in large reads, since a table of a big machine has hundreds of
 * thousands of buckets.
 *
 * @param base address of bucket 0
 * @param count number of buckets
 * @param stride bytes from one bucket to the next
 * @param headOffset where in a bucket its list head lies
 */
record HashBuckets(Kernel kernel, long base, long count, int stride, int headOffset) {
    private static final long LIMIT = 1 << 24;
    private static final int ELEMENT_LIMIT = 1 << 22;
    private static final int CHUNK = 1 << 18;
    private static final int PAGE = 4096;
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Receives the buckets that hold something, by ascending number. */
    @FunctionalInterface
    interface Visitor {
        /** @param head the address of the bucket's list head */
        void visit(int bucket, long head);
    }

    /** Receives the elements of chains. */
    @FunctionalInterface
    interface ElementVisitor {
        void visit(int bucket, KObject element);
    }

    /** Buckets that are structures with a list head called {@code head}. */
    static HashBuckets of(Kernel kernel, long base, long count, String structure, String head) {
        StructType bucket = kernel.types().struct(structure);
        return new HashBuckets(kernel, base, count, bucket.size(), bucket.offsetOf(head));
    }

    /** Buckets that are bare {@code hlist_head} or {@code hlist_nulls_head}. */
    static HashBuckets ofHeads(Kernel kernel, long base, long count) {
        return new HashBuckets(kernel, base, count, Long.BYTES, 0);
    }

    /** As {@link #ofHeads(Kernel, long, long)} for an array that is a structure's member. */
    static HashBuckets ofHeads(KObject array, long count) {
        return ofHeads(array.kernel(), array.address(), count);
    }

    /** Visits buckets whose head is neither null nor a nulls marker. */
    void forEachOccupied(Visitor visitor) {
        if (count < 0 || count > LIMIT || stride <= 0) {
            kernel.anomalies().record("hash table at %#x claims %d buckets".formatted(base, count));
            return;
        }
        int perChunk = Math.max(1, CHUNK / stride);
        byte[] chunk = new byte[(int) Math.min(count, perChunk) * stride];
        for (long first = 0; first < count; first += perChunk) {
            int buckets = (int) Math.min(perChunk, count - first);
            fill(chunk, buckets * stride, base + first * stride);
            announce(chunk, buckets);
            for (int i = 0; i < buckets; i++) {
                long head = (long) U64.get(chunk, i * stride + headOffset);
                if (head != 0 && (head & 1) == 0) {
                    visitor.visit((int) first + i, base + (first + i) * stride + headOffset);
                }
            }
        }
    }

    /** A remote source fetches what the heads point to in one request. */
    private void announce(byte[] chunk, int buckets) {
        long[] heads = new long[buckets];
        int occupied = 0;
        for (int i = 0; i < buckets; i++) {
            long head = (long) U64.get(chunk, i * stride + headOffset);
            if (head != 0 && (head & 1) == 0) {
                heads[occupied++] = head;
            }
        }
        kernel.memory().prefetch(heads, occupied);
    }

    /** Visits the elements of all chains that end in null ({@code hlist_head}). */
    void forEach(String structure, String member, ElementVisitor visitor) {
        Budget budget = new Budget();
        forEachOccupied((bucket, head) -> budget.spend(bucket,
                Lists.hlist(kernel.at(head, "hlist_head"), structure, member), visitor));
    }

    /** Visits the elements of all chains that end in a marker ({@code hlist_nulls_head}). */
    void forEachNulls(String structure, String member, ElementVisitor visitor) {
        Budget budget = new Budget();
        forEachOccupied((bucket, head) -> budget.spend(bucket,
                Lists.nulls(kernel.at(head, "hlist_nulls_head"), structure, member), visitor));
    }

    /** Limits the elements of all chains together, since broken chains can run into each other. */
    private final class Budget {
        private int left = ELEMENT_LIMIT;

        void spend(int bucket, Iterable<KObject> chain, ElementVisitor visitor) {
            for (KObject element : left > 0 ? chain : List.<KObject>of()) {
                if (left-- == 0) {
                    kernel.anomalies().record("hash table at %#x has more than %d elements"
                            .formatted(base, ELEMENT_LIMIT));
                    return;
                }
                visitor.visit(bucket, element);
            }
        }
    }

    /** What is not mapped counts as empty buckets. */
    private void fill(byte[] chunk, int length, long address) {
        int done = kernel.memory().readSome(address, chunk, 0, length);
        while (done < length) {
            kernel.anomalies().record("hash table at %#x is not mapped at %#x".formatted(base, address + done));
            int hole = (int) Math.min(length - done, PAGE - (address + done & PAGE - 1));
            Arrays.fill(chunk, done, done + hole, (byte) 0);
            done += hole;
            done += kernel.memory().readSome(address + done, chunk, done, length - done);
        }
    }
}
