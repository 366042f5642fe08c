package io.scwatcher.enclave.session;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.enclave.json.CanonicalJson;
import io.scwatcher.enclave.session.Message.Type;
import io.scwatcher.enclave.session.ToolRequest.Size;
import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.enclave.session.ToolRunner.Streams;
import io.scwatcher.enclave.session.Witness.Tally;
import io.scwatcher.enclave.statement.Statement;
import io.scwatcher.enclave.statement.StatementKey;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** The enclave's end of one client's connection: runs its command, and kills it when the client is gone. */
public final class SessionServer {
    private static final int EX_DATAERR = 65;
    private static final int EX_UNAVAILABLE = 69;
    private static final int EX_SOFTWARE = 70;
    private static final int EX_TEMPFAIL = 75;
    private static final byte[] END = {};
    /** Of a command, in a statement. */
    private static final int MOST_STATED = Message.MAX_BODY / 2;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final ToolRunner runner;
    private final ToolRequest.Bounds most;
    private final Signer signer;
    /** Input comes when it is asked for; the end may come at any time. */
    private final BlockingQueue<byte[]> input = new ArrayBlockingQueue<>(2);

    /**
     * Who signs what is stated to one tenant.
     *
     * @param tenant as in {@link Statement}
     */
    public record Signer(StatementKey key, Bytes tenant) {}

    /** Without statements. */
    public SessionServer(InputStream in, OutputStream out, ToolRunner runner) {
        this(in, out, runner, ToolRequest.Bounds.NONE, null);
    }

    /**
     * @param most what the command may use, whatever the client asks for
     * @param signer null if this is no enclave that could
     */
    public SessionServer(InputStream in, OutputStream out, ToolRunner runner, ToolRequest.Bounds most, Signer signer) {
        this.most = most;
        this.signer = signer;
        this.in = new DataInputStream(new BufferedInputStream(in));
        this.out = new DataOutputStream(new BufferedOutputStream(out, 1 << 16));
        this.runner = runner;
    }

    /** Returns when the command is over. @throws IOException if the client breaks the protocol or is gone */
    public void serve() throws IOException {
        ToolRequest request = ToolRequest.read(in).within(most);
        Witness witness = request.nonce() == null || signer == null ? null : new Witness(request, signer.tenant);
        RunningTool tool;
        try {
            requireStatable(request);
            tool = runner.start(request, witness == null ? new Streams(new Input(null), new Output(Type.OUTPUT, null), new Output(Type.ERROR_OUTPUT, null))
                    : new Streams(new Input(witness.input), new Output(Type.OUTPUT, witness.output), new Output(Type.ERROR_OUTPUT, witness.errors)), this::note);
        } catch (RefusedException e) {
            send(Message.of(Type.REFUSED, e.exitCode(), e.getMessage()));
            return;
        } catch (RuntimeException | Error e) {
            send(Message.of(Type.REFUSED, EX_SOFTWARE, "internal error in the enclave, told in its log: " + e));
            throw e;
        }
        if (witness != null) {
            witness.started(tool);
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
            if (witness != null) {
                send(new Message(Type.STATEMENT, signer.key.sign(witness.statement(tool, status)).encode()));
            }
            send(Message.of(Type.EXIT, status, ""));
        } catch (AttestationException e) {
            send(Message.of(Type.REFUSED, EX_UNAVAILABLE, "the command ran, but no statement about it can be had: " + e.getMessage()));
        } catch (InterruptedException e) {
            tool.kill();
            Thread.currentThread().interrupt();
        } finally {
            listener.interrupt();
        }
    }

    private void requireStatable(ToolRequest request) throws RefusedException {
        if (request.nonce() == null) {
            return;
        }
        if (signer == null) {
            throw new RefusedException(EX_UNAVAILABLE, "this is no enclave that signs statements");
        }
        if (CanonicalJson.encode(List.of(request.command(), request.environment(), request.directory())).length > MOST_STATED) {
            throw new RefusedException(EX_DATAERR, "the command is too long for a statement about it");
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

    private void send(Message message) throws IOException {
        send(message, null);
    }

    /** Counts in the order of sending. */
    private synchronized void send(Message message, Tally tally) throws IOException {
        if (tally != null) {
            tally.add(message.body(), 0, message.body().length);
        }
        message.write(out);
    }

    /** Asks the client for input when somebody reads. */
    private final class Input extends InputStream {
        private final Tally tally;

        /** @param tally null if nobody counts */
        Input(Tally tally) {
            this.tally = tally;
        }

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
            if (tally != null) {
                tally.add(bytes, 0, bytes.length);
            }
            return bytes.length == 0 ? -1 : bytes.length;
        }
    }

    private final class Output extends OutputStream {
        private final Type type;
        private final Tally tally;

        /** @param tally null if nobody counts */
        Output(Type type, Tally tally) {
            this.type = type;
            this.tally = tally;
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
                send(new Message(type, body), tally);
                done += piece;
            }
        }
    }
}
