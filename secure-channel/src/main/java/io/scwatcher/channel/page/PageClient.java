package io.scwatcher.channel.page;

import io.scwatcher.channel.ChannelException;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.ScatterRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.List;

/** The enclave's end of the page protocol: requests and their answers, one thread at a time. After a failure everything fails. */
final class PageClient implements AutoCloseable {
    private static final int RANGE = Long.BYTES + Integer.BYTES;
    /** Two requests under way: the next is served while the last one's answer travels. */
    private static final int WINDOW = 2;

    private final FrameChannel frames;
    private final AnswerDeadline deadline;
    private VmIdentity identity;
    private long lastEpoch;
    private int nextRequest;
    /** Requests that were sent and not answered yet. */
    private int outstanding;
    private long roundTrips;
    private IOException broken;

    /** @param patience how long an answer may take */
    PageClient(ByteChannel channel, Duration patience) {
        frames = new FrameChannel(channel);
        deadline = new AnswerDeadline(channel, patience);
    }

    /** An epoch that was granted. */
    record Grant(long number, Duration lease) {
    }

    synchronized VmDescription describe() {
        return call(Frame.Type.DESCRIBE, 0, body -> { }, answer -> {
            VmDescription description = VmDescription.parse(answer);
            identity = identity == null ? description.identity() : identity;
            check(description.identity());
            return description;
        });
    }

    synchronized Grant open(EpochKind kind, Duration lease) {
        return call(Frame.Type.OPEN_EPOCH, 16, body -> body.put((byte) kind.ordinal()).putLong(lease.toMillis()), answer -> {
            long number = answer.getLong();
            Duration granted = Duration.ofMillis(answer.getLong());
            check(VmIdentity.parse(answer));
            if (number <= lastEpoch) {
                throw new ChannelException("epoch " + number + " was opened after epoch " + lastEpoch + ": epochs must not go backwards");
            }
            lastEpoch = number;
            return new Grant(number, granted);
        });
    }

    synchronized long lastEpoch() {
        return lastEpoch;
    }

    synchronized Duration renew(long epoch, Duration lease) {
        return call(Frame.Type.RENEW_LEASE, 16, body -> body.putLong(epoch).putLong(lease.toMillis()),
                answer -> Duration.ofMillis(answer.getLong()));
    }

    synchronized void close(long epoch) {
        call(Frame.Type.CLOSE_EPOCH, 8, body -> body.putLong(epoch), answer -> null);
    }

    synchronized List<PhysicalRange> populated(PhysicalRange within) {
        return call(Frame.Type.POPULATED, 16, body -> body.putLong(within.start()).putLong(within.length()), VmDescription::ranges);
    }

    /** Fills the batch, in as many requests as its size needs. */
    synchronized void read(long epoch, ScatterRead batch) {
        ReadPieces pieces = new ReadPieces(batch);
        int[] ends = pieces.requestEnds();
        int first = nextRequest;
        exchange(() -> {
            int sent = 0;
            for (int received = 0; received < ends.length; received++) {
                for (; sent < ends.length && sent < received + WINDOW; sent++) {
                    send(epoch, pieces, sent == 0 ? 0 : ends[sent - 1], ends[sent]);
                }
                int from = received == 0 ? 0 : ends[received - 1];
                int to = ends[received];
                Frame answer = answer(Frame.Type.READ, first + received);
                FrameChannel.parse(answer, body -> {
                    if (body.getLong() != epoch) {
                        throw new ChannelException("an answer of another epoch");
                    }
                    pieces.take(body, from, to);
                    return null;
                });
            }
            return null;
        });
        pieces.finish();
    }

    private void send(long epoch, ReadPieces pieces, int from, int to) throws IOException {
        ByteBuffer body = frames.body(Long.BYTES + Integer.BYTES + RANGE * (to - from)).putLong(epoch).putInt(to - from);
        pieces.put(body, from, to);
        send(Frame.Type.READ);
    }

    private interface Writer {
        void write(ByteBuffer body);
    }

    private <T> T call(Frame.Type type, int capacity, Writer writer, FrameChannel.Parser<T> parser) {
        return exchange(() -> {
            writer.write(frames.body(capacity));
            int request = send(type);
            return FrameChannel.parse(answer(type, request), parser);
        });
    }

    private int send(Frame.Type type) throws IOException {
        int request = nextRequest++;
        frames.send(type, request);
        outstanding++;
        return request;
    }

    private Frame answer(Frame.Type type, int request) throws IOException {
        Frame answer = frames.receive();
        if (answer == null) {
            throw new ChannelException("the agent closed the connection");
        }
        if (answer.request() != request) {
            throw new ChannelException("an answer to request " + answer.request() + " where " + request + " was expected");
        }
        roundTrips++;
        outstanding--;
        deadline.begin();
        if (answer.type() == Frame.Type.REFUSED) {
            throw FrameChannel.parse(answer, body -> {
                Frame.Refusal why = Frame.Refusal.of(body.get());
                return new Refused(why, Frame.text(body));
            });
        }
        if (answer.type() != type) {
            throw new ChannelException("an answer of type " + answer.type() + " where " + type + " was expected");
        }
        return answer;
    }

    /** The agent's refusal, which leaves the connection usable. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final transient Frame.Refusal why;

        Refused(Frame.Refusal why, String message) {
            super(message);
            this.why = why;
        }
    }

    private interface Exchange<T> {
        T run() throws IOException;
    }

    private <T> T exchange(Exchange<T> exchange) {
        check();
        deadline.begin();
        try {
            try {
                return exchange.run();
            } catch (Refused e) {
                for (; outstanding > 0; outstanding--) {
                    frames.receive();
                }
                if (e.why == Frame.Refusal.MALFORMED) {
                    breakOff(e);
                }
                throw new GuestMemoryException("the agent refuses: " + e.getMessage(), e);
            }
        } catch (IOException e) {
            IOException why = deadline.hasPassed() ? new ChannelException("the agent did not answer in time", e) : e;
            breakOff(why);
            throw new GuestMemoryException("the connection to the agent is broken: " + why.getMessage(), why);
        } finally {
            deadline.end();
        }
    }

    /** @throws GuestMemoryException if the connection has failed */
    synchronized void check() {
        if (broken != null) {
            throw new GuestMemoryException("the connection to the agent is broken: " + broken.getMessage(), broken);
        }
    }

    private void check(VmIdentity now) throws ChannelException {
        if (!now.equals(identity)) {
            throw new ChannelException("the agent speaks of another VM now: " + now + ", not " + identity);
        }
    }

    private void breakOff(IOException why) {
        broken = why;
        try {
            frames.close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    synchronized long roundTrips() {
        return roundTrips;
    }

    synchronized long bytesSent() {
        return frames.bytesSent();
    }

    synchronized long bytesReceived() {
        return frames.bytesReceived();
    }

    @Override
    public void close() {
        deadline.close();
        synchronized (this) {
            if (broken == null) {
                breakOff(new ChannelException("it was closed"));
            }
        }
    }
}
