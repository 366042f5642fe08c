package io.scwatcher.channel.page;

import io.scwatcher.channel.ChannelException;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;

/** The agent's end of the page protocol: serves one VM's memory to connections that somebody else has admitted. Safe for several threads, one for each connection. */
public final class PageServer {
    private final GuestMemory memory;
    private final VmIdentity identity;
    private final ServerLimits limits;
    private final EpochNumbers numbers;
    private final RateLimit rate;

    /** @param numbers shared by all servers of this agent */
    public PageServer(GuestMemory memory, VmIdentity identity, ServerLimits limits, EpochNumbers numbers) {
        this.memory = memory;
        this.identity = identity;
        this.limits = limits;
        this.numbers = numbers;
        rate = new RateLimit(limits.bytesPerSecond());
    }

    /**
     * Serves until the connection ends; then the VM goes on if this connection had paused it.
     *
     * @throws ChannelException if the client breaks the protocol; it is told
     */
    public void serve(ByteChannel channel) throws IOException {
        try (FrameChannel frames = new FrameChannel(channel); OpenEpochs epochs = new OpenEpochs(memory, limits, numbers)) {
            new Connection(frames, epochs).run();
        }
    }

    private final class Connection {
        private final FrameChannel frames;
        private final OpenEpochs epochs;
        private final ScatterRead batch = new ScatterRead(64);
        private byte[] content = new byte[0];

        Connection(FrameChannel frames, OpenEpochs epochs) {
            this.frames = frames;
            this.epochs = epochs;
        }

        void run() throws IOException {
            for (Frame frame = frames.receive(); frame != null; frame = frames.receive()) {
                try {
                    answer(frame);
                } catch (RefusedException e) {
                    refuse(frame, e.why, e.getMessage());
                } catch (GuestMemoryException e) {
                    refuse(frame, Frame.Refusal.SOURCE_FAILED, e.getMessage());
                } catch (ChannelException e) {
                    refuse(frame, Frame.Refusal.MALFORMED, e.getMessage());
                    throw e;
                }
            }
        }

        private void refuse(Frame frame, Frame.Refusal why, String text) throws IOException {
            ByteBuffer body = frames.body(Frame.MAX_TEXT + 8).put((byte) why.ordinal());
            Frame.putText(body, text);
            frames.send(Frame.Type.REFUSED, frame.request());
        }

        private void answer(Frame frame) throws IOException, RefusedException {
            switch (frame.type()) {
                case DESCRIBE -> describe(frame);
                case OPEN_EPOCH -> open(frame);
                case RENEW_LEASE -> renew(frame);
                case CLOSE_EPOCH -> {
                    epochs.close(FrameChannel.parse(frame, ByteBuffer::getLong));
                    frames.body(0);
                    frames.send(frame.type(), frame.request());
                }
                case READ -> read(frame);
                case POPULATED -> populated(frame);
                case REFUSED -> throw new ChannelException("a refusal is no request");
            }
        }

        private void describe(Frame frame) throws IOException {
            FrameChannel.parse(frame, body -> null);
            List<PhysicalRange> ram = memory.ram();
            if (ram.size() > Frame.MAX_MAP) {
                throw new GuestMemoryException("the VM's memory map has " + ram.size() + " ranges");
            }
            VmDescription description = new VmDescription(identity, memory.description(), ram, epochs.captures(), memory.vmcoreinfo());
            description.put(frames.body(description.capacity()));
            frames.send(frame.type(), frame.request());
        }

        private void open(Frame frame) throws IOException, RefusedException {
            record Wanted(EpochKind kind, long lease) {
            }
            Wanted wanted = FrameChannel.parse(frame, body -> new Wanted(kind(body.get()), body.getLong()));
            long lease = epochs.granted(wanted.lease).toMillis();
            long number = epochs.open(wanted.kind, epochs.granted(wanted.lease));
            ByteBuffer body = frames.body(128).putLong(number).putLong(lease);
            identity.put(body);
            frames.send(frame.type(), frame.request());
        }

        private static EpochKind kind(int code) throws ChannelException {
            if (code < 0 || code >= EpochKind.values().length) {
                throw new ChannelException("an epoch of an unknown kind (" + code + ")");
            }
            return EpochKind.values()[code];
        }

        private void renew(Frame frame) throws IOException, RefusedException {
            record Wanted(long number, long lease) {
            }
            Wanted wanted = FrameChannel.parse(frame, body -> new Wanted(body.getLong(), body.getLong()));
            epochs.renew(wanted.number, epochs.granted(wanted.lease));
            frames.body(8).putLong(epochs.granted(wanted.lease).toMillis());
            frames.send(frame.type(), frame.request());
        }

        private void read(Frame frame) throws IOException, RefusedException {
            batch.clear();
            long number = FrameChannel.parse(frame, this::parseRanges);
            int total = 0;
            int capacity = Long.BYTES;
            for (int i = 0; i < batch.size(); i++) {
                total += batch.length(i);
                capacity += SparseContent.capacity(batch.length(i));
            }
            rate.take(total);
            epochs.during(number, () -> memory.read(batch));
            ByteBuffer body = frames.body(capacity).putLong(number);
            for (int i = 0; i < batch.size(); i++) {
                if (batch.isRead(i)) {
                    SparseContent.put(body, batch.address(i), content, batch.offset(i), batch.length(i));
                } else {
                    SparseContent.putMissing(body);
                }
            }
            frames.send(frame.type(), frame.request());
        }

        private long parseRanges(ByteBuffer body) throws ChannelException {
            long number = body.getLong();
            int count = Frame.count(body, Long.BYTES + Integer.BYTES, Frame.MAX_RANGES);
            int total = 0;
            for (int i = 0; i < count; i++) {
                int length = body.getInt(body.position() + i * (Long.BYTES + Integer.BYTES) + Long.BYTES);
                if (length <= 0 || length > Frame.MAX_BYTES - total) {
                    throw new ChannelException("a read of too many bytes");
                }
                total += length;
            }
            if (content.length < total) {
                content = new byte[total];
            }
            int offset = 0;
            for (int i = 0; i < count; i++) {
                long address = body.getLong();
                int length = body.getInt();
                if (address < 0 || address + length < 0) {
                    throw new ChannelException("a read beyond the end of physical addresses");
                }
                batch.add(address, content, offset, length);
                offset += length;
            }
            return number;
        }

        private void populated(Frame frame) throws IOException {
            PhysicalRange within = FrameChannel.parse(frame, VmDescription::range);
            List<PhysicalRange> ranges = merged(memory.populated(within));
            VmDescription.putRanges(frames.body(Integer.BYTES + 2 * Long.BYTES * ranges.size()), ranges);
            frames.send(frame.type(), frame.request());
        }
    }

    /** At most {@link Frame#MAX_MAP} ranges that hold all of the given ones. */
    private static List<PhysicalRange> merged(List<PhysicalRange> ranges) {
        List<PhysicalRange> fewer = ranges;
        while (fewer.size() > Frame.MAX_MAP) {
            List<PhysicalRange> half = new ArrayList<>(fewer.size() / 2 + 1);
            for (int i = 0; i < fewer.size(); i += 2) {
                PhysicalRange last = fewer.get(Math.min(i + 1, fewer.size() - 1));
                half.add(new PhysicalRange(fewer.get(i).start(), last.end() - fewer.get(i).start()));
            }
            fewer = half;
        }
        return fewer;
    }
}
