package io.scwatcher.enclave.session;

import io.scwatcher.enclave.session.Message.Type;
import io.scwatcher.os.Counters;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The client's end: sends a command, passes its input and output on. */
public final class SessionClient {
    private static final int INPUT_PIECE = 1 << 16;

    private final DataInputStream in;
    private final DataOutputStream out;
    private Counters counters = new Counters(Map.of());
    private byte[] statement;

    public SessionClient(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
        this.out = new DataOutputStream(new BufferedOutputStream(out));
    }

    /** Nobody takes the command's output any more: what a program sees as EPIPE. */
    public static final class OutputClosedException extends IOException {
        OutputClosedException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Runs a command to its end.
     *
     * @param notes takes lines for the person at the terminal
     * @return its exit status
     * @throws ToolRunner.RefusedException one line: why it cannot be run
     * @throws OutputClosedException if {@code output} or {@code errors} fail
     * @throws IOException one line: the enclave is gone, or does not speak as one
     */
    public int run(ToolRequest request, InputStream input, OutputStream output, OutputStream errors, Consumer<String> notes)
            throws IOException, ToolRunner.RefusedException {
        try {
            synchronized (out) {
                request.write(out);
                out.flush();
            }
        } catch (IOException e) {
            throw gone(e);
        }
        for (Message message = next(); ; message = next()) {
            switch (message.type()) {
                case OUTPUT -> pass(message, output);
                case ERROR_OUTPUT -> pass(message, errors);
                case NOTE -> notes.accept(message.text(0));
                case COUNTERS -> counters = counters(message.text(0));
                case WANT_INPUT -> Thread.ofPlatform().daemon().name("input").start(() -> send(input));
                case STATEMENT -> statement = message.body();
                case EXIT -> {
                    return message.number(0);
                }
                case REFUSED -> throw new ToolRunner.RefusedException(message.number(0), message.text(4));
                default -> throw new IOException("an enclave does not send " + message.type());
            }
        }
    }

    private Message next() throws IOException {
        try {
            Message message = Message.read(in);
            if (message != null) {
                return message;
            }
        } catch (EOFException | SocketException e) {
            throw gone(e);
        }
        throw gone(null);
    }

    private static IOException gone(IOException cause) {
        return new IOException("the enclave ended before the command did", cause);
    }

    /** What the run counted, after {@link #run}. */
    public Counters counters() {
        return counters;
    }

    /** What the enclave stated about the run, not verified, after {@link #run}; null if the request asked for none. */
    public byte[] statement() {
        return statement;
    }

    private static Counters counters(String lines) throws IOException {
        Map<String, Long> values = new LinkedHashMap<>();
        for (String line : lines.lines().toList()) {
            int blank = line.indexOf(' ');
            try {
                values.put(line.substring(0, Math.max(blank, 0)), Long.parseLong(line, blank + 1, line.length(), 10));
            } catch (NumberFormatException e) {
                throw new IOException("not a counter: " + line);
            }
        }
        return new Counters(values);
    }

    /** The window in which output is shown has another size now. */
    public void resize(ToolRequest.Size size) throws IOException {
        synchronized (out) {
            new Message(Type.RESIZE, ByteBuffer.allocate(8).putInt(size.rows()).putInt(size.columns()).array()).write(out);
        }
    }

    private static void pass(Message message, OutputStream to) throws IOException {
        try {
            to.write(message.body());
            to.flush();
        } catch (IOException e) {
            throw new OutputClosedException(e);
        }
    }

    private void send(InputStream input) {
        byte[] bytes = new byte[INPUT_PIECE];
        int count;
        try {
            count = input.read(bytes, 0, bytes.length);
        } catch (IOException e) {
            count = -1;
        }
        try {
            synchronized (out) {
                new Message(Type.INPUT, Arrays.copyOf(bytes, Math.max(count, 0))).write(out);
            }
        } catch (IOException e) {
            // The enclave is gone; whoever reads from it says so.
        }
    }
}
