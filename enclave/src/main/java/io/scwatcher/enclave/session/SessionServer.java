package io.scwatcher.enclave.session;

import io.scwatcher.enclave.session.Message.Type;
import io.scwatcher.enclave.session.ToolRequest.Size;
import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.enclave.session.ToolRunner.Streams;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** The enclave's end of one client's connection: runs its command, and kills it when the client is gone. */
public final class SessionServer {
    private static final int EX_SOFTWARE = 70;
    private static final int EX_TEMPFAIL = 75;
    private static final byte[] END = {};

    private final DataInputStream in;
    private final DataOutputStream out;
    private final ToolRunner runner;
    private final ToolRequest.Bounds most;
    /** Input comes when it is asked for; the end may come at any time. */
    private final BlockingQueue<byte[]> input = new ArrayBlockingQueue<>(2);

    public SessionServer(InputStream in, OutputStream out, ToolRunner runner) {
        this(in, out, runner, ToolRequest.Bounds.NONE);
    }

    /** @param most what the command may use, whatever the client asks for */
    public SessionServer(InputStream in, OutputStream out, ToolRunner runner, ToolRequest.Bounds most) {
        this.most = most;
        this.in = new DataInputStream(new BufferedInputStream(in));
        this.out = new DataOutputStream(new BufferedOutputStream(out, 1 << 16));
        this.runner = runner;
    }

    /** Returns when the command is over. @throws IOException if the client breaks the protocol or is gone */
    public void serve() throws IOException {
        ToolRequest request = ToolRequest.read(in).within(most);
        RunningTool tool;
        try {
            tool = runner.start(request, new Streams(new Input(), new Output(Type.OUTPUT), new Output(Type.ERROR_OUTPUT)), this::note);
        } catch (RefusedException e) {
            send(Message.of(Type.REFUSED, e.exitCode(), e.getMessage()));
            return;
        } catch (RuntimeException | Error e) {
            send(Message.of(Type.REFUSED, EX_SOFTWARE, "internal error in the enclave, told in its log: " + e));
            throw e;
        }
        Thread listener = Thread.ofVirtual().start(() -> listen(tool));
        try {
            int status = tool.waitForExit();
            if (tool.verdict() != null) {
                note(tool.verdict());
            }
            StringBuilder counters = new StringBuilder();
            tool.counters().values().forEach((name, value) -> counters.append(name).append(' ').append(value).append('\n'));
            send(new Message(Type.COUNTERS, counters.toString().getBytes(StandardCharsets.UTF_8)));
            send(Message.of(Type.EXIT, status, ""));
        } catch (InterruptedException e) {
            tool.kill();
            Thread.currentThread().interrupt();
        } finally {
            listener.interrupt();
        }
    }

    /** Tells the client that nothing will be run. */
    public void refuse(String why) throws IOException {
        ToolRequest.read(in);
        send(Message.of(Type.REFUSED, EX_TEMPFAIL, why));
    }

    private void listen(RunningTool tool) {
        try {
            for (Message message; (message = Message.read(in)) != null; ) {
                switch (message.type()) {
                    case INPUT -> {
                        if (!input.offer(message.body())) {
                            throw new IOException("input that nobody asked for");
                        }
                    }
                    case RESIZE -> tool.resize(new Size(message.number(0), message.number(1)));
                    default -> throw new IOException("a client does not send " + message.type());
                }
            }
        } catch (IOException e) {
            // As good as a client that is gone.
        }
        input.offer(END);
        tool.kill();
    }

    private void note(String line) {
        try {
            send(new Message(Type.NOTE, line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            // Whoever should read it is gone; the listener notices.
        }
    }

    private synchronized void send(Message message) throws IOException {
        message.write(out);
    }

    /** Asks the client for input when somebody reads. */
    private final class Input extends InputStream {
        @Override
        public int read() {
            throw new UnsupportedOperationException("read blocks");
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            send(new Message(Type.WANT_INPUT, END));
            byte[] bytes;
            try {
                bytes = input.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
            if (bytes.length > length) {
                throw new IOException("more input than was asked for");
            }
            System.arraycopy(bytes, 0, to, offset, bytes.length);
            return bytes.length == 0 ? -1 : bytes.length;
        }
    }

    private final class Output extends OutputStream {
        private final Type type;

        Output(Type type) {
            this.type = type;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                int piece = Math.min(length - done, Message.MAX_BODY);
                byte[] body = java.util.Arrays.copyOfRange(from, offset + done, offset + done + piece);
                send(new Message(type, body));
                done += piece;
            }
        }
    }
}
