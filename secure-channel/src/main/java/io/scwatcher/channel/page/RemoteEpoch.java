package io.scwatcher.channel.page;

import io.scwatcher.memory.ForwardingMemory;
import io.scwatcher.memory.ScatterRead;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A remote VM's memory in one epoch: aligned pieces are fetched once. A view: closing it does nothing. */
final class RemoteEpoch extends ForwardingMemory {
    private static final int DELIVERED = -1;

    private final RemoteMemory memory;
    private final long number;
    private final ReadAhead readAhead;
    private final long capacity;
    private final ConcurrentHashMap<Long, Piece> cache = new ConcurrentHashMap<>();
    private final AtomicLong cached = new AtomicLong();

    private static final class Piece {
        /** Null where there is no RAM. */
        private final byte[] bytes;
        private volatile boolean used;

        Piece(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    RemoteEpoch(RemoteMemory memory, long number, ReadAhead readAhead, long capacity) {
        super(memory);
        this.memory = memory;
        this.number = number;
        this.readAhead = readAhead;
        this.capacity = capacity;
    }

    @Override
    public void read(ScatterRead batch) {
        Fetch fetch = null;
        for (int i = 0; i < batch.size(); i++) {
            long key = PieceKey.of(batch.address(i), batch.length(i));
            Piece piece = key == PieceKey.NONE ? null : cache.get(key);
            if (piece != null) {
                deliver(piece, key, batch, i);
            } else {
                fetch = fetch == null ? new Fetch(batch) : fetch;
                fetch.want(i, key);
            }
        }
        if (fetch != null) {
            fetch.run();
        }
    }

    /** What of a batch isn't in the cache, and what is read ahead with it. */
    private final class Fetch {
        private final ScatterRead batch;
        private final ScatterRead request = new ScatterRead(64);
        private final Map<Long, Integer> asked = new HashMap<>();
        /** By entry of the batch: its place in the request. */
        private final int[] places;

        Fetch(ScatterRead batch) {
            this.batch = batch;
            places = new int[batch.size()];
            Arrays.fill(places, DELIVERED);
        }

        void want(int entry, long key) {
            if (key == PieceKey.NONE) {
                places[entry] = request.size();
                request.add(batch.address(entry), batch.destination(entry), batch.offset(entry), batch.length(entry));
            } else {
                ask(key);
                places[entry] = asked.get(key);
                readAhead.after(key, this::ask);
            }
        }

        private boolean ask(long key) {
            if (asked.containsKey(key) || cache.containsKey(key)) {
                return false;
            }
            asked.put(key, request.size());
            int length = PieceKey.length(key);
            request.add(PieceKey.address(key), new byte[length], 0, length);
            return true;
        }

        void run() {
            memory.fetch(number, request);
            asked.forEach((key, place) -> keep(key, new Piece(request.isRead(place) ? request.destination(place) : null)));
            for (int i = 0; i < places.length; i++) {
                if (places[i] != DELIVERED) {
                    finish(i, places[i]);
                }
            }
        }

        private void finish(int entry, int place) {
            long key = PieceKey.of(batch.address(entry), batch.length(entry));
            if (key != PieceKey.NONE) {
                Piece piece = cache.get(key);
                deliver(piece != null ? piece : new Piece(request.isRead(place) ? request.destination(place) : null), key, batch, entry);
            } else if (request.isRead(place)) {
                batch.markRead(entry);
            }
        }
    }

    private void deliver(Piece piece, long key, ScatterRead batch, int entry) {
        if (!piece.used) {
            piece.used = true;
            readAhead.used(key);
            memory.countUse();
        }
        if (piece.bytes != null) {
            System.arraycopy(piece.bytes, 0, batch.destination(entry), batch.offset(entry), piece.bytes.length);
            batch.markRead(entry);
        }
    }

    private void keep(long key, Piece piece) {
        if (cached.addAndGet(PieceKey.length(key)) > capacity) {
            cache.clear();
            cached.set(PieceKey.length(key));
        }
        cache.putIfAbsent(key, piece);
    }

    @Override
    public void close() {
        // Its memory is closed by whoever opened that.
    }
}
