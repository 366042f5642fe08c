package io.scwatcher.channel.page;

import io.scwatcher.memory.ScatterRead;
import java.nio.ByteBuffer;
import io.scwatcher.channel.ChannelException;
import java.util.Arrays;

/** A batch, cut into ranges that fit into requests. */
final class ReadPieces {
    private final ScatterRead batch;
    private int[] entries;
    private int[] offsets;
    private int[] lengths;
    private int count;
    /** By entry: whether a piece of it is missing. */
    private final boolean[] missing;

    ReadPieces(ScatterRead batch) {
        this.batch = batch;
        entries = new int[batch.size()];
        offsets = new int[batch.size()];
        lengths = new int[batch.size()];
        missing = new boolean[batch.size()];
        for (int i = 0; i < batch.size(); i++) {
            cut(i);
        }
    }

    private void cut(int entry) {
        if (batch.address(entry) < 0 || batch.address(entry) + batch.length(entry) < 0) {
            missing[entry] = true;
            return;
        }
        for (int done = 0; done < batch.length(entry);) {
            if (count == entries.length) {
                int capacity = Math.max(8, 2 * count);
                entries = Arrays.copyOf(entries, capacity);
                offsets = Arrays.copyOf(offsets, capacity);
                lengths = Arrays.copyOf(lengths, capacity);
            }
            entries[count] = entry;
            offsets[count] = done;
            lengths[count] = Math.min(batch.length(entry) - done, Frame.MAX_BYTES / 4);
            done += lengths[count++];
        }
    }

    /** Where the pieces of each request end. */
    int[] requestEnds() {
        int[] ends = new int[count];
        int requests = 0;
        int bytes = 0;
        int ranges = 0;
        for (int i = 0; i < count; i++) {
            if (ranges == Frame.MAX_RANGES || bytes + lengths[i] > Frame.MAX_BYTES) {
                ends[requests++] = i;
                bytes = 0;
                ranges = 0;
            }
            bytes += lengths[i];
            ranges++;
        }
        if (ranges > 0) {
            ends[requests++] = count;
        }
        return Arrays.copyOf(ends, requests);
    }

    private long address(int piece) {
        return batch.address(entries[piece]) + offsets[piece];
    }

    void put(ByteBuffer body, int from, int to) {
        for (int i = from; i < to; i++) {
            body.putLong(address(i)).putInt(lengths[i]);
        }
    }

    void take(ByteBuffer body, int from, int to) throws ChannelException {
        for (int i = from; i < to; i++) {
            int entry = entries[i];
            if (!SparseContent.get(body, address(i), batch.destination(entry), batch.offset(entry) + offsets[i], lengths[i])) {
                missing[entry] = true;
            }
        }
    }

    /** Marks what came wholly. */
    void finish() {
        for (int i = 0; i < batch.size(); i++) {
            if (!missing[i]) {
                batch.markRead(i);
            }
        }
    }
}
