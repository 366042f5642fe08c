package io.scwatcher.enclave.session;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What client and enclave tell each other while a command runs: a type, a length, that many bytes.
 *
 * @param type see {@link Type}
 * @param body at most {@value #MAX_BODY} bytes
 */
record Message(Type type, byte[] body) {
    static final int MAX_BODY = 1 << 20;

    enum Type {
        /** Client, once for each {@link #WANT_INPUT}: input for the command; without bytes: its end. */
        INPUT,
        /** Client: the terminal's size as two ints. */
        RESIZE,
        /** Enclave: the command reads. So a command that never does leaves the client's input alone. */
        WANT_INPUT,
        /** Enclave: the command wrote this to its standard output, or to its terminal. */
        OUTPUT,
        /** Enclave: ... to its standard error. */
        ERROR_OUTPUT,
        /** Enclave: a line for the person, in UTF-8. */
        NOTE,
        /** Enclave, before {@link #EXIT}: what the run counted, a name and a number a line. */
        COUNTERS,
        /** Enclave, before {@link #EXIT}, if the request has a nonce: the signed statement, as a file. */
        STATEMENT,
        /** Enclave, last: the exit status as an int. */
        EXIT,
        /** Enclave, last: the command could not be run: an exit code as an int, then a line. */
        REFUSED
    }

    static Message of(Type type, int number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Message(type, ByteBuffer.allocate(4 + bytes.length).putInt(number).put(bytes).array());
    }

    /** The int that the body begins with. @throws IOException if it is too short */
    int number(int index) throws IOException {
        if (body.length < 4 * index + 4) {
            throw new IOException("a message that is too short");
        }
        return ByteBuffer.wrap(body).getInt(4 * index);
    }

    /** The text behind the first {@code skip} bytes. */
    String text(int skip) {
        return new String(body, Math.min(skip, body.length), Math.max(0, body.length - skip), StandardCharsets.UTF_8);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeByte(type.ordinal());
        out.writeInt(body.length);
        out.write(body);
        out.flush();
    }

    /** @return null where the other side is gone */
    static Message read(DataInputStream in) throws IOException {
        int type = in.read();
        if (type < 0) {
            return null;
        }
        int length = in.readInt();
        if (type >= Type.values().length || length < 0 || length > MAX_BODY) {
            throw new IOException("not a message: type " + type + ", " + length + " bytes");
        }
        byte[] body = new byte[length];
        in.readFully(body);
        return new Message(Type.values()[type], body);
    }
}
