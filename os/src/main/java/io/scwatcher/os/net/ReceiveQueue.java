package io.scwatcher.os.net;

import static io.scwatcher.os.net.SocketAbi.MSG_PEEK;
import static io.scwatcher.os.net.SocketAbi.MSG_TRUNC;

import io.scwatcher.os.KernelMemory;
import io.scwatcher.os.abi.Errno;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What has arrived at a socket and nobody has read yet. Guarded by the network's lock. */
public final class ReceiveQueue {
    /** What a message takes beside its bytes. */
    private static final int OVERHEAD = 128;

    private final KernelMemory memory;
    private final ArrayDeque<Message> messages = new ArrayDeque<>(4);
    private long bytes;
    private long charged;

    ReceiveQueue(KernelMemory memory) {
        this.memory = memory;
    }

    private void account() {
        long now = bytes + (long) OVERHEAD * messages.size();
        if (now != charged) {
            memory.charge(now - charged);
            charged = now;
        }
    }

    public boolean isEmpty() {
        return messages.isEmpty();
    }

    public long bytes() {
        return bytes;
    }

    public int size() {
        return messages.size();
    }

    /** The length of the next message; 0 if there is none. */
    public int next() {
        return messages.isEmpty() ? 0 : messages.getFirst().length();
    }

    public void add(Message message) {
        messages.add(message);
        bytes += message.length();
        account();
    }

    /** More bytes of a stream. */
    public void append(Outgoing out, int length) {
        Ancillary ancillary = out.ancillary();
        Message last = messages.peekLast();
        if (last == null || !ancillary.files().isEmpty() || !last.append(out.data(), out.offset(), length, ancillary.sender())) {
            messages.add(new Message(out.data(), out.offset(), length, null, ancillary));
        }
        bytes += length;
        account();
    }

    /** Takes, or with MSG_PEEK looks at, one datagram. @return bytes put into {@code in}, or {@code -EAGAIN} */
    public int readMessage(Incoming in, int flags) {
        Message message = messages.peek();
        if (message == null) {
            return -Errno.EAGAIN;
        }
        in.count = message.copy(in.data, in.offset, in.room);
        in.fullLength = message.length();
        in.from = message.from();
        if (in.count < in.fullLength) {
            in.flags |= MSG_TRUNC;
        }
        if ((flags & MSG_PEEK) != 0) {
            in.ancillary = message.ancillary();
        } else {
            in.ancillary = message.takeAncillary();
            messages.remove();
            bytes -= message.length();
            account();
        }
        return in.count;
    }

    /**
     * Takes, or looks at, bytes of a stream. Stops behind bytes that open files came with, and before those of another sender if somebody wants to know.
     *
     * @param senders whether the reader wants to know who sent (SO_PASSCRED)
     * @return bytes put into {@code in}, or {@code -EAGAIN} if there are none
     */
    public int readStream(Incoming in, int flags, boolean senders) {
        if (messages.isEmpty()) {
            return -Errno.EAGAIN;
        }
        boolean peek = (flags & MSG_PEEK) != 0;
        Iterator<Message> each = messages.iterator();
        while (in.count < in.room && each.hasNext()) {
            Message message = each.next();
            boolean other = in.ancillary != null && message.ancillary() != null && !in.ancillary.sender().equals(message.ancillary().sender());
            if (in.count > 0 && senders && other) {
                break;
            }
            if (message.ancillary() != null && (in.ancillary == null || message.carriesFiles())) {
                in.ancillary = peek ? message.ancillary() : message.takeAncillary();
            }
            int count = message.copy(in.data, in.offset + in.count, in.room - in.count);
            in.count += count;
            if (!peek) {
                message.consume(count);
                bytes -= count;
                if (message.length() == 0) {
                    each.remove();
                }
            }
            if (message.carriesFiles()) {
                break;
            }
        }
        account();
        in.fullLength = in.count;
        return in.count;
    }

    /** Forgets everything. @return what came beside the bytes, for the caller to release without the lock */
    public List<Ancillary> clear() {
        List<Ancillary> left = new ArrayList<>();
        for (Message message : messages) {
            if (message.ancillary() != null) {
                left.add(message.ancillary());
            }
        }
        messages.clear();
        bytes = 0;
        account();
        return left;
    }
}
