package io.scwatcher.host.fuse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The kernel's side of the protocol, as far as the tests need it: builds requests and takes replies apart. */
final class Kernel {
    private final Operations operations;
    private final Reply reply = new Reply();
    private long lastUnique;

    Kernel(Operations operations) {
        this.operations = operations;
    }

    /** A reply's error (positive) and body. */
    record Answer(int errno, ByteBuffer body) {
        String text() {
            byte[] bytes = new byte[body.remaining()];
            body.get(body.position(), bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /** Sends a request; null if it takes no reply. */
    Answer ask(int opcode, long nodeId, byte[] body) {
        byte[] bytes = new byte[Protocol.IN_HEADER + body.length];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(bytes.length).putInt(opcode).putLong(++lastUnique)
                .putLong(nodeId).putInt(1000).putInt(100).putInt(4711).putInt(0).put(body);
        operations.handle(new Request(ByteBuffer.wrap(bytes)), reply);
        if (!reply.isWanted()) {
            return null;
        }
        ByteBuffer sent = reply.finish();
        if (sent.getInt(0) != sent.limit() || sent.getLong(8) != lastUnique) {
            throw new AssertionError("reply header");
        }
        ByteBuffer copy = ByteBuffer.allocate(sent.limit() - Protocol.OUT_HEADER).order(ByteOrder.nativeOrder());
        copy.put(sent.slice(Protocol.OUT_HEADER, copy.capacity())).flip();
        return new Answer(-sent.getInt(4), copy);
    }

    Answer lookup(long parent, String name) {
        return ask(Protocol.LOOKUP, parent, (name + '\0').getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The id of a path, each component looked up once. */
    long id(String path) {
        long id = Protocol.ROOT_ID;
        for (String name : path.split("/")) {
            Answer answer = lookup(id, name);
            if (answer.errno != 0) {
                throw new AssertionError(path + ": " + answer.errno);
            }
            id = answer.body.getLong(0);
        }
        return id;
    }

    Answer open(long id) {
        return ask(Protocol.OPEN, id, new byte[8]);
    }

    Answer read(long id, long handle, long offset, int size) {
        return ask(Protocol.READ, id, longs(handle, offset, size & 0xffffffffL, 0, 0));
    }

    /** Reads a file to its end in pieces. */
    byte[] readAll(long id, int piece) {
        long handle = open(id).body.getLong(0);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Answer answer;
        while ((answer = read(id, handle, all.size(), piece)).body.hasRemaining()) {
            all.writeBytes(answer.text().getBytes(StandardCharsets.ISO_8859_1));
        }
        ask(Protocol.RELEASE, id, longs(handle, 0, 0));
        return all.toByteArray();
    }

    static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.nativeOrder());
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }
}
